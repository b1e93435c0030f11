import type { Json } from '../lib/json.ts';
import type { LiftedArgument } from '../planning/lift-arguments.ts';
import type { RelationsOfGraph } from '../supergraph/relations.ts';
import { createKeyCalls, type KeyCallOptions } from './key-calls.ts';
import { type RelationLimits, standardRelationLimits } from './relation-limits.ts';
import { type ResolvedArguments, resolveArguments } from './resolve-arguments.ts';

/** How the arguments of one request are resolved. */
export type SemijoinRequest = Pick<KeyCallOptions, 'ask' | 'signal' | 'memo' | 'authorization'> & {
  /** Whether what is resolved serves all pages of a list, one after the other. */
  readonly readsWholeLists: boolean;
};

/** Resolves conditions and orders on something related to keys, which it asks other subgraphs for. */
export type Semijoin = (
  lifted: readonly LiftedArgument[],
  variables: Json,
  request: SemijoinRequest,
) => Promise<ResolvedArguments>;

/** What is not named of the limits is as in `standardRelationLimits`. */
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
