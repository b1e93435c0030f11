import type { RelationsOfGraph } from '../supergraph/relations.ts';
import type { KeyCalls } from './key-calls.ts';

export type Resolving = {
  readonly relations: RelationsOfGraph;
  readonly calls: KeyCalls;
  /** How many relations a condition or an order may lead over. */
  readonly maxDepth: number;
  /** Whether what is resolved serves all pages of a list, one after the other. */
  readonly readsWholeLists: boolean;
};
