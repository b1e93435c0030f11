import type { KeyMemo } from '../semijoin/key-calls.ts';
import type { Answer, GuardedSubgraph, SubgraphRequest } from '../upstream/subgraph.ts';

/** Settings of an export's calls that differ from those of a request. */
export type BulkReading = {
  /** Resolved keys of related data. The first page computes them for all pages. */
  readonly keys: KeyMemo;
  /**
   * Returns the id of the snapshot that all calls to a subgraph read; undefined when the subgraph keeps none. Rejects
   * when it cannot be held.
   */
  snapshotOf(name: string, subgraph: GuardedSubgraph): Promise<string | undefined>;
  /** Makes a call in the export's own way; returns undefined when the normal call must be made. */
  askForRows?(
    request: SubgraphRequest,
    ask: (request: SubgraphRequest) => Promise<Answer>,
  ): Promise<Answer | undefined>;
};
