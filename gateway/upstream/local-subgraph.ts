import type { Asker } from '@wenshu/schema/signature.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import { unreachable } from '../request/errors.ts';
import type {
  StreamedEvent,
  StreamRequest,
  Subgraph,
  SubgraphRequest,
  SubgraphResponse,
} from './subgraph.ts';

/** A subgraph in this process. */
type Local = {
  readonly name: string;
  execute(request: SubgraphRequest, asker: Asker): Promise<SubgraphResponse>;
  openStream(request: StreamRequest, asker: Asker): AsyncIterable<StreamedEvent>;
  /** Undefined for a subgraph whose rows are not exported in one state. */
  readonly openSnapshot?: ((signal: AbortSignal) => Promise<HeldSnapshot>) | undefined;
};

/** Creates a subgraph that is called in this process, where no caller needs to be proved. */
export function createLocalSubgraph(subgraph: Local): Subgraph {
  const { openSnapshot } = subgraph;
  return Object.assign<Subgraph, Partial<Subgraph>>(
    (request, context) => subgraph.execute(request, context),
    {
      async *openStream(request, context) {
        try {
          yield* subgraph.openStream(request, context);
        } catch (cause) {
          throw unreachable(subgraph.name, cause);
        }
      },
      ...(openSnapshot && { openSnapshot: (_context, signal) => openSnapshot(signal) }),
    },
  );
}
