import type { RelationsOfGraph } from '../supergraph/relations.ts';
import type { KeyCalls } from './key-calls.ts';

export type Resolving = {
  readonly relations: RelationsOfGraph;
  readonly calls: KeyCalls;
  /** Maximum number of relations that a condition or an order leads through. */
  readonly maxDepth: number;
  /** Whether the result serves all pages of a list. */
  readonly readsWholeLists: boolean;
};
