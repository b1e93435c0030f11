import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { GatewayContext } from '../request/context.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type CostWeights, readCostWeights } from './cost-weights.ts';
import { type CostOf, type CostOptions, compileCost } from './query-cost.ts';
import { type QueryLimits, refuseCost } from './query-limits.ts';
import type { RateLimit } from './rate-limit.ts';

/** An operation of a document that is valid for a schema. */
export type ValidOperation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
};

/** What a valid operation costs with these variables; undefined where the schema is of no supergraph. Throws a Refusal. */
export type CostOfOperation = (operation: ValidOperation, variables: Json) => number | undefined;

/**
 * `onSupergraph` calls back with the supergraph of the day, and
 * with each that succeeds it before it is in use.
 */
export function createCostOf(
  limits: Pick<CostOptions, 'listSize' | 'maxConditions'>,
  onSupergraph: (listener: (supergraph: Supergraph) => void) => void,
): CostOfOperation {
  const weightsOf = new WeakMap<GraphQLSchema, CostWeights>();
  onSupergraph(({ publicSchema, document }) => weightsOf.set(publicSchema, readCostWeights(document)));
  /** Apollo Server keeps a document parsed for as long as its schema is in use. */
  const compiled = new WeakMap<OperationDefinitionNode, CostOf>();

  return ({ schema, document, operation }, variables) => {
    const weights = weightsOf.get(schema);
    if (!weights) return undefined;
    let cost = compiled.get(operation);
    if (!cost) {
      cost = compileCost(operation, fragmentsOf(document), { schema, weights, ...limits });
      compiled.set(operation, cost);
    }
    return cost(variables);
  };
}

/**
 * Takes the cost of a valid operation from what its caller has left, and gives the headers that say so; takes `charged`
 * instead, if given. Throws or rejects with a Refusal where it costs too much by itself, or more than is left.
 */
export type CheckCost = (
  cost: number | undefined,
  context: GatewayContext,
  charged?: number,
) => MaybePromise<Readonly<Record<string, string>> | undefined>;

export const createCheckCost =
  (limits: QueryLimits, rateLimit: RateLimit): CheckCost =>
  (cost, { caller, record }, charged = cost) => {
    if (cost === undefined || charged === undefined) return undefined;
    if (record) record.cost = cost;
    refuseCost(cost, limits);
    return caller && rateLimit(caller, charged);
  };

const fragmentsOf = ({ definitions }: DocumentNode) =>
  new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
