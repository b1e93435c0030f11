import type { Asker } from '@wenshu/schema/signature.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { Subgraph, SubgraphRequest, SubgraphResponse } from './subgraph.ts';

/** A subgraph in this process, as it offers itself. */
type Local = {
  execute(request: SubgraphRequest, asker: Asker): Promise<SubgraphResponse>;
  openSnapshot(signal: AbortSignal): Promise<HeldSnapshot>;
};

/** Asks a subgraph in this process, where nobody needs to prove for whom he asks. */
export const createLocalSubgraph = (subgraph: Local): Subgraph =>
  Object.assign<Subgraph, Partial<Subgraph>>((request, context) => subgraph.execute(request, context), {
    openSnapshot: (_context, signal) => subgraph.openSnapshot(signal),
  });
