import type { KeyMemo } from '../semijoin/key-calls.ts';
import type { Answer, GuardedSubgraph, SubgraphRequest } from '../upstream/subgraph.ts';

/** How the calls of an export differ from those of a request. */
export type BulkReading = {
  /** The keys of what is related, found out for one page and the same for all. */
  readonly keys: KeyMemo;
  /** The id of the snapshot that all calls to a subgraph read; undefined for one that keeps none. Rejects where it cannot be held. */
  snapshotOf(name: string, subgraph: GuardedSubgraph): Promise<string | undefined>;
  /** Asks in a way of its own, with `ask`; undefined where the call is to be made as it is. */
  askForRows?(
    request: SubgraphRequest,
    ask: (request: SubgraphRequest) => Promise<Answer>,
  ): Promise<Answer | undefined>;
};
