import type { Json } from '../lib/json.ts';
import type { LiftedArgument } from '../planning/lift-arguments.ts';
import type { RelationsOfGraph } from '../supergraph/relations.ts';
import { createKeyCalls, type KeyCallOptions } from './key-calls.ts';
import { type RelationLimits, standardRelationLimits } from './relation-limits.ts';
import { type ResolvedArguments, resolveArguments } from './resolve-arguments.ts';

/** Input for resolving the arguments of one request. */
export type SemijoinRequest = Pick<KeyCallOptions, 'ask' | 'signal' | 'memo' | 'authorization'> & {
  /** Whether the result serves all pages of a list. */
  readonly readsWholeLists: boolean;
};

/** Resolves conditions and orders on related data to keys, which it requests from other subgraphs. */
export type Semijoin = (
  lifted: readonly LiftedArgument[],
  variables: Json,
  request: SemijoinRequest,
) => Promise<ResolvedArguments>;

/** Creates the semi-join. Default limits: `standardRelationLimits`. */
export function createSemijoin(relations: RelationsOfGraph, limits: Partial<RelationLimits> = {}): Semijoin {
  const { maxKeys: limit, fewKeys: few, maxDepth } = { ...standardRelationLimits, ...limits };
  return (lifted, variables, { readsWholeLists, ...request }) =>
    resolveArguments(lifted, variables, {
      relations,
      calls: createKeyCalls({ ...request, limit, few }),
      maxDepth,
      readsWholeLists,
    });
}
