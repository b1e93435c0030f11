import type { Asker } from '@wenshu/schema/signature.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { Subgraph, SubgraphRequest, SubgraphResponse } from './subgraph.ts';

/** A subgraph in this process. */
type Local = {
  execute(request: SubgraphRequest, asker: Asker): Promise<SubgraphResponse>;
  openSnapshot(signal: AbortSignal): Promise<HeldSnapshot>;
};

/** Creates a subgraph that is called in this process, where no caller needs to be proved. */
export const createLocalSubgraph = (subgraph: Local): Subgraph =>
  Object.assign<Subgraph, Partial<Subgraph>>((request, context) => subgraph.execute(request, context), {
    openSnapshot: (_context, signal) => subgraph.openSnapshot(signal),
  });
