import { type ErrorCode, statusOf } from '@wenshu/schema/errors.ts';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { payerOfRequest } from '../admission/payer.ts';
import type { RequestLimits } from '../admission/request-limits.ts';
import { replyTo } from '../http/answer-refused.ts';
import { json, type Reply } from '../http/reply.ts';
import type { Handler, Incoming } from '../http/server.ts';
import type { Log } from '../lib/log.ts';
import { version } from '../lib/version.ts';
import type { GatewayContext } from '../request/context.ts';
import type { RequestRecord } from '../request/record.ts';
import { Refusal } from '../request/refusal.ts';
import { maskError } from '../response/mask-errors.ts';
import type { Pipeline } from '../response/pipeline.ts';
import { explain } from '../telemetry/explain.ts';
import { charge, type Pause } from './charge.ts';
import { columnsOf } from './columns.ts';
import { ahead, type ExportLimits, type ExportRun, startRun } from './export-run.ts';
import { createExportSlots, type ExportSlots, type Slot } from './export-slots.ts';
import { refuseRows } from './formats/format.ts';
import { openFormat } from './formats/open-format.ts';
import { type HeldSnapshots, holdSnapshots } from './held-snapshots.ts';
import { withMarks } from './marks.ts';
import { leastRows, type Prepared, type PrepareOptions, prepareExport } from './prepare-export.ts';
import { type Answered, askForPage, Interrupted, type Page, type Reading, readPages } from './read-pages.ts';
import { pageVariables } from './table.ts';

export type ExportOptions = PrepareOptions & {
  readonly exportLimits: ExportLimits;
  readonly charge: RequestLimits['chargeExport'];
  /** Timeout of one page, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly mayExplain: (context: GatewayContext) => boolean;
  /** Rejects with a Refusal when the caller would no longer be admitted. */
  readonly admitAgain: (incoming: Incoming) => Promise<unknown>;
  /** Answers a query that is not a table. */
  readonly answer: Handler;
  readonly log: Log;
};

/** An open export with the resources that it holds until its end. */
type Opened = {
  readonly run: ExportRun;
  readonly slot: Slot;
  readonly snapshots: HeldSnapshots;
  readonly reading: Reading;
};

/**
 * Creates the handler of `POST /export`, which streams the whole table whose first page the query asks for. The query
 * passes the same pipeline as any other; then page follows page.
 */
export function createExportHandler(options: ExportOptions): Handler {
  const { exportLimits, mayExplain, pipeline } = options;
  const slots = createExportSlots(exportLimits);

  async function handle(incoming: Incoming): Promise<Reply> {
    if (incoming.request.method !== 'POST') return onlyPost;
    const prepared = await prepareExport(options, incoming);
    if (!('table' in prepared)) {
      incoming.text = JSON.stringify(prepared);
      return options.answer(incoming);
    }
    const opened = open(prepared, incoming.signal, slots, options);
    try {
      return await start(prepared, opened, incoming);
    } catch (cause) {
      opened.run.end();
      throw cause;
    }
  }

  /** Requests the first page, which shows errors of the whole query, and starts to read. */
  async function start(prepared: Prepared, opened: Opened, incoming: Incoming): Promise<Reply> {
    const { asked, context, costOf } = prepared;
    const { run, reading, snapshots } = opened;
    const first = await askForTotal(reading, asked.after);
    const errors = respondTo(first, prepared, pipeline);
    if (!first.page && errors[0]) throw refusalOf(errors[0]);
    const total = first.page?.total;
    const format = await openFormat(asked.format);
    const problem = refuseRows(format, total ?? 0);
    if (problem) throw new Refusal('EXPORT_REFUSED', problem);
    const { record } = context;
    const mayBeWritten = record !== undefined && isOneFetch(record) && !record.hasDenials;
    const { columns } = reading;
    if (asked.explain) {
      if (!mayExplain(context)) throw new Refusal('FORBIDDEN', 'Your role may not ask for explanations.');
      run.end();
      const cost = costOf(total ?? leastRows);
      return json(200, { columns, total, cost, writtenByDatabase: mayBeWritten, ...planOf(record) });
    }
    const pages = charged(readPages(reading, asked.after, mayBeWritten), prepared, opened, {
      charge: options.charge,
      admitAgain: () => options.admitAgain(incoming),
    });
    const counted = ahead(pages);
    return {
      status: 200,
      headers: { 'content-type': format.contentType },
      body: run.toReader(
        asked.marks
          ? withMarks({ columns, total, version }, counted, () => snapshots.asOf)
          : format.write(columns, linesOf(counted)),
      ),
    };
  }

  return async (incoming) => {
    try {
      return await handle(incoming);
    } catch (cause) {
      const refusal = cause instanceof Interrupted ? new Refusal(cause.code, cause.message) : cause;
      if (refusal instanceof Refusal) return { ...replyTo(refusal), status: statusOfWhole(refusal.code) };
      throw cause;
    }
  };
}

/** Takes a slot and opens the reader of pages. */
function open(
  { asked, context, graph, query, table }: Prepared,
  caller: AbortSignal,
  slots: ExportSlots,
  { graphs, exportLimits, requestTimeoutMs, log }: ExportOptions,
): Opened {
  const slot = slots.take(payerOfRequest(context), (reason) => run.end(reason));
  const over = Promise.withResolvers<void>();
  void graphs.serve(() => over.promise);
  const run = startRun(exportLimits, caller, () => {
    slot.end();
    over.resolve();
  });
  const snapshots = holdSnapshots(context, run.signal, (subgraph) => run.end(lostOf(subgraph)));
  const { variables } = asked;
  const reading: Reading = {
    table,
    columns: columnsOf(table, query.schema, variables),
    variables,
    executor: graph.executor,
    openContext: () => ({
      ...context,
      deadline: performance.now() + requestTimeoutMs,
      signal: run.signal,
    }),
    bulk: { keys: new Map(), snapshotOf: snapshots.idOf },
    mask: (error) => maskError(error.toJSON(), error, context.requestId, log),
    signal: run.signal,
  };
  return { run, slot, snapshots, reading };
}

/** Passes the first page through the response steps. Returns its errors as callers may read them. */
function respondTo(
  first: Answered,
  { query, table }: Prepared,
  pipeline: Pipeline,
): readonly GraphQLFormattedError[] {
  const { errors } = first;
  // Without a first page nothing leaves, so the record must not say that anything was read.
  const hasPage = first.page !== undefined;
  const data = hasPage ? first.data : undefined;
  const asked = hasPage ? query : { schema: query.schema };
  // The data is already text, which stands for its values.
  const result: unknown = {
    data,
    ...(errors.length > 0 && { errors: errors.map((error) => error.toJSON()) }),
  };
  const singleResult = result as FormattedExecutionResult;
  const response = { body: { kind: 'single' as const, singleResult } };
  pipeline.respond({
    ...asked,
    queryHash: table.documentKey,
    errors,
    response,
    contextValue: first.context,
  });
  return singleResult.errors ?? [];
}

/** Yields pages after the waits for their cost, and records their errors. */
async function* charged(
  pages: AsyncIterable<Page>,
  { context: { caller, record }, costOf }: Prepared,
  { run, slot }: Opened,
  payment: {
    readonly charge: ExportOptions['charge'];
    readonly admitAgain: () => Promise<unknown>;
  },
): AsyncGenerator<Page | Pause> {
  // A key may be revoked during the export. A token is valid for the request that it came with.
  const stillAdmitted = async () => {
    if (caller?.kind === 'partner') await payment.admitAgain().catch(interrupt);
  };
  const codes = new Set<string>();
  for await (const page of pages) {
    for (const code of Object.keys(page.errors)) codes.add(code);
    if (record) record.errorCodes = [...codes];
    if (caller) {
      await stillAdmitted();
      let hasWaited = false;
      for await (const pause of charge(payment.charge, caller, costOf(page.rows), slot, run.signal)) {
        hasWaited = true;
        yield pause;
      }
      if (hasWaited) await stillAdmitted();
    }
    yield page;
  }
}

const onlyPost: Reply = {
  ...replyTo(new Refusal('BAD_REQUEST', 'Send an export request by POST.', {}, { allow: 'POST' })),
  status: 405,
};

function interrupt(cause: unknown): never {
  throw cause instanceof Refusal ? new Interrupted(cause.code, cause.message) : cause;
}

/**
 * Requests an empty page with the number of rows; without the number when too many related rows would have to be
 * counted.
 */
async function askForTotal(reading: Reading, after: string | null): Promise<Answered> {
  const counted = await askForPage(reading, pageVariables(0, after, true));
  const isCountable = counted.errors.every(({ extensions }) => extensions.code !== 'TOO_MANY_RELATED');
  return isCountable ? counted : askForPage(reading, pageVariables(0, after, false));
}

/** Returns the HTTP status of a refused export. A code that fails only a field elsewhere has its own status here. */
function statusOfWhole(code: ErrorCode): number {
  if (code === 'NOT_SHARED' || code === 'UNAUTHORIZED_FIELD_OR_TYPE') return 403;
  if (code === 'SUBGRAPH_UNAVAILABLE' || code === 'SUBGRAPH_TIMEOUT') return 503;
  return statusOf[code] === 200 ? 400 : statusOf[code];
}

const lostOf = (subgraph: string) =>
  new Interrupted(
    'EXPORT_INTERRUPTED',
    `Subgraph "${subgraph}" no longer holds its snapshot. Resume the export.`,
  );

/** Returns the refusal of a query without a first page. Its status says whether the caller or the hub is at fault. */
function refusalOf({ message, extensions }: GraphQLFormattedError): Refusal {
  const { code: given, ...details } = extensions ?? {};
  const code = (
    typeof given === 'string' && given in statusOf ? given : 'INTERNAL_SERVER_ERROR'
  ) as ErrorCode;
  return new Refusal(code, message, details);
}

/** Whether one fetch answers the whole query. */
const isOneFetch = ({ planning }: RequestRecord) => planning?.plan?.node?.kind === 'Fetch';

async function* linesOf(pages: AsyncIterable<Page | Pause>): AsyncGenerator<Buffer> {
  for await (const next of pages) if ('lines' in next) yield next.lines;
}

/** Returns the plan and its fetches, as with `x-wenshu-explain`. */
function planOf(record: RequestRecord | undefined) {
  if (!record) return {};
  const { plan, fetches } = explain(record);
  return { plan, fetches };
}
