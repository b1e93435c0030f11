import type { GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type CostWeights, readCostWeights } from './cost-weights.ts';
import { type CostOf, type CostOptions, compileCost } from './query-cost.ts';
import { checkCost, type QueryLimits } from './query-limits.ts';
import type { RateLimit } from './rate-limit.ts';

export type BeforePlanningOptions = {
  readonly limits: QueryLimits;
  readonly costOf: CostOfOperation;
  readonly rateLimit: RateLimit;
};

type ValidOperation = {
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

/** Rejects where a valid operation is refused. */
export type BeforePlanning = (
  resolved: GraphQLRequestContextDidResolveOperation<GatewayContext>,
) => Promise<void>;

/** Refuses a valid operation that costs too much: by itself, or more than its caller has left. */
export const beforePlanning =
  ({ limits, costOf, rateLimit }: BeforePlanningOptions): BeforePlanning =>
  async (resolved) => {
    const { schema, document, operation, request } = resolved;
    const cost = operation && costOf({ schema, document, operation }, request.variables ?? {});
    if (cost === undefined) return;
    const { caller, record } = resolved.contextValue;
    if (record) record.cost = cost;
    checkCost(cost, limits);
    if (!caller) return;
    const limited = rateLimit(caller, cost);
    const headers = limited instanceof Promise ? await limited : limited;
    for (const name in headers) resolved.response.http.headers.set(name, headers[name] ?? '');
  };

const fragmentsOf = ({ definitions }: DocumentNode) =>
  new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
