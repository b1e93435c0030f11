import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { GatewayContext } from '../request/context.ts';
import { fragmentsOf } from '../request/fragments.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type CostWeights, readCostWeights } from './cost-weights.ts';
import type { ListShare } from './costliest-list.ts';
import { type CostOf, type CostOptions, compileCost, findCostliestList } from './query-cost.ts';
import { type QueryLimits, refuseCost } from './query-limits.ts';
import type { RateLimit } from './rate-limit.ts';

/** A validated operation with its document and schema. */
export type ValidOperation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
};

/**
 * Returns the cost of a valid operation with these variables; undefined for a schema without a supergraph. Throws a
 * Refusal.
 */
export type CostOfOperation = (operation: ValidOperation, variables: Json) => number | undefined;

/** Finds the list that makes the largest part of the cost of a valid operation with these variables. */
export type FindCostliest = (operation: ValidOperation, variables: Json) => ListShare | undefined;

export type Pricing = { readonly costOf: CostOfOperation; readonly findCostliest: FindCostliest };

/** What an operation costs. */
export type Price = {
  readonly cost: number;
  /** Cost that the caller is charged, if it is another. */
  readonly charged?: number;
  readonly findCostliest: () => ListShare | undefined;
};

/**
 * Creates the functions that compute costs. `onSupergraph` calls back with the current supergraph, and with each new
 * one before it is used.
 */
export function createPricing(
  limits: Pick<CostOptions, 'listSize' | 'maxConditions'>,
  onSupergraph: (listener: (supergraph: Supergraph) => void) => void,
): Pricing {
  const weightsOf = new WeakMap<GraphQLSchema, CostWeights>();
  onSupergraph(({ publicSchema, document }) => weightsOf.set(publicSchema, readCostWeights(document)));
  /** Compiled costs. Apollo Server keeps a parsed document for as long as its schema is used. */
  const compiled = new WeakMap<OperationDefinitionNode, CostOf>();

  return {
    costOf({ schema, document, operation }, variables) {
      const weights = weightsOf.get(schema);
      if (!weights) return undefined;
      let cost = compiled.get(operation);
      if (!cost) {
        cost = compileCost(operation, fragmentsOf(document.definitions), { schema, weights, ...limits });
        compiled.set(operation, cost);
      }
      return cost(variables);
    },
    findCostliest({ schema, document, operation }, variables) {
      const weights = weightsOf.get(schema);
      if (!weights) return undefined;
      const options = { schema, weights, ...limits };
      return findCostliestList(operation, fragmentsOf(document.definitions), options, variables);
    },
  };
}

/**
 * Charges the caller for a valid operation. Puts the cost on record, also when it is
 * refused. Returns the rate limit headers. Throws or rejects with a Refusal when the operation is too expensive, or
 * exceeds what the caller has left.
 */
export type CheckCost = (
  price: Price,
  context: GatewayContext,
) => MaybePromise<Readonly<Record<string, string>> | undefined>;

export const createCheckCost =
  (limits: QueryLimits, rateLimit: RateLimit): CheckCost =>
  ({ cost, charged = cost, findCostliest }, { caller, record }) => {
    record?.noteCost(cost);
    refuseCost(cost, limits, findCostliest);
    return caller && rateLimit(caller, charged);
  };

/** Creates the step that charges the caller for a valid operation. Returns the rate limit headers. */
export const chargeOperation =
  ({ pricing, checkCost }: { readonly pricing: Pricing; readonly checkCost: CheckCost }) =>
  (operation: ValidOperation, variables: Json, context: GatewayContext) => {
    const cost = pricing.costOf(operation, variables);
    if (cost === undefined) return undefined;
    return checkCost({ cost, findCostliest: () => pricing.findCostliest(operation, variables) }, context);
  };
