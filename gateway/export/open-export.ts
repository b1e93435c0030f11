import { ownerOfRequest } from '../admission/payer.ts';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { Log } from '../lib/log.ts';
import type { GatewayContext } from '../request/context.ts';
import { maskError } from '../response/mask-errors.ts';
import { columnsOf } from './columns.ts';
import { type ExportLimits, type ExportRun, startRun } from './export-run.ts';
import type { ExportSlots, Slot } from './export-slots.ts';
import { type HeldSnapshots, holdSnapshots } from './held-snapshots.ts';
import { Interrupted, type Reading } from './read-pages.ts';
import type { TableQuery } from './table-query.ts';

/** An open export with the resources that it holds until its run ends. */
export type OpenedExport = {
  readonly run: ExportRun;
  readonly slot: Slot;
  readonly snapshots: HeldSnapshots;
  readonly reading: Reading;
};

/** Takes a slot and opens the reader of pages. Throws a Refusal. */
export type OpenExport = (query: TableQuery, context: GatewayContext) => OpenedExport;

type OpenOptions = {
  readonly graphs: GraphManager;
  readonly slots: ExportSlots;
  readonly exportLimits: ExportLimits;
  /** Timeout of one page, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly log: Log;
};

export const createOpenExport =
  ({ graphs, slots, exportLimits, requestTimeoutMs, log }: OpenOptions): OpenExport =>
  ({ operation: { schema }, table, variables, coerced }, context) => {
    const columns = columnsOf(table, schema, coerced);
    const slot = slots.take(ownerOfRequest(context), (reason) => run.end(reason));
    const graph = graphs.ofSchema(schema);
    // The step `keepGraph` holds the graph until the first page is answered, and the run until the last one.
    const release = graphs.hold(graph);
    const run = startRun(exportLimits, context.signal, () => {
      slot.end();
      release();
    });
    const { signal } = run;
    const snapshots = holdSnapshots(context, signal, (subgraph) => run.end(lostOf(subgraph)));
    const reading: Reading = {
      table,
      columns,
      variables,
      executor: graph.executor,
      openContext: () => ({ ...context, deadline: performance.now() + requestTimeoutMs, signal }),
      bulk: { keys: new Map(), snapshotOf: snapshots.idOf },
      mask: (error) => maskError(error.toJSON(), error, context.requestId, log),
      signal,
    };
    return { run, slot, snapshots, reading };
  };

const lostOf = (subgraph: string) =>
  new Interrupted(
    'EXPORT_INTERRUPTED',
    `Subgraph "${subgraph}" no longer holds its snapshot. Resume the export.`,
    { messageZh: `子图“${subgraph}”已不再保留其数据快照。请续传。` },
  );
