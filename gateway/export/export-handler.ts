import { type ErrorCode, statusOf } from '@wenshu/schema/errors.ts';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { CostOfOperation } from '../admission/check-cost.ts';
import { payerOfRequest } from '../admission/payer.ts';
import { checkCost } from '../admission/query-limits.ts';
import type { RequestLimits } from '../admission/request-limits.ts';
import type { Succession } from '../graph/graph-manager.ts';
import { replyTo } from '../http/answer-refused.ts';
import { json, type Reply } from '../http/reply.ts';
import type { Incoming } from '../http/server.ts';
import { isObject, type Json } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import { version } from '../lib/version.ts';
import type { GatewayContext } from '../request/context.ts';
import type { RequestRecord } from '../request/record.ts';
import { Refusal } from '../request/refusal.ts';
import { accessOf, type Touches } from '../response/audit-answers.ts';
import { withoutSuggestions } from '../response/hide-suggestions.ts';
import { maskError } from '../response/mask-errors.ts';
import type { NoteKeyUse } from '../response/note-key-use.ts';
import type { KeyMemo } from '../semijoin/key-calls.ts';
import { explain } from '../telemetry/explain.ts';
import { charge, type Pause } from './charge.ts';
import { columnsOf } from './columns.ts';
import { readExportRequest } from './export-request.ts';
import { ahead, type ExportLimits, startRun } from './export-run.ts';
import { createExportSlots } from './export-slots.ts';
import { refuseRows } from './formats/format.ts';
import { openFormat } from './formats/open-format.ts';
import { holdSnapshots } from './held-snapshots.ts';
import { withMarks } from './marks.ts';
import { type Answered, askForPage, Interrupted, type Page, type Reading, readPages } from './read-pages.ts';
import { findTable, pageVariables, type Table } from './table.ts';
import { validated } from './validated.ts';

export type ExportOptions = {
  readonly graphs: Succession;
  readonly limits: RequestLimits;
  readonly exportLimits: ExportLimits;
  readonly maxValidationErrors: number;
  /** How long one page may take. */
  readonly requestTimeoutMs: number;
  readonly touches: Touches;
  /** Where it is noted what partners use their keys for. */
  readonly noteKeyUse?: NoteKeyUse | undefined;
  readonly mayExplain: (context: GatewayContext) => boolean;
  /** Rejects with a Refusal where who asks would not be let in any more. */
  readonly admitAgain: (incoming: Incoming) => Promise<unknown>;
  /** Answers a question of which no table can be made. */
  readonly answer: (incoming: Incoming, record: RequestRecord, text: string) => Promise<Reply>;
  readonly log: Log;
};

/** Rows of the smallest page: what it costs is what the limit of one operation is held against. */
const leastRows = 50;

/**
 * Answers `POST /export`: the whole table that a query is the first page of, as it is read. The way of a request is that
 * of any other, then page follows page.
 */
export function createExportHandler(options: ExportOptions) {
  const { graphs, limits, exportLimits, requestTimeoutMs, touches, mayExplain, log } = options;
  const slots = createExportSlots(exportLimits);

  async function handle(incoming: Incoming, record: RequestRecord, text: string): Promise<Reply> {
    // admission
    if (incoming.request.method !== 'POST') return onlyPost;
    const { headers, search, requestId, signal, admitted } = incoming;
    const context: GatewayContext = {
      requestId,
      headers,
      clientAddress: incoming.clientAddress,
      ...admitted,
      record,
    };
    const body = readJson(text, context.headers.get('content-type'));
    const asked = readExportRequest(body);
    const examined = limits.examine({ method: 'POST', search, body }, context).body;
    const source = isObject(examined) && typeof examined.query === 'string' ? examined.query : '';
    const { supergraph, executor } = graphs.current;
    const schema = supergraph.publicSchema;
    const fit = limits.mayIntrospect(context) ? String : withoutSuggestions;
    const query = validated(source, asked.operationName, schema, options.maxValidationErrors, fit);

    // table
    const { variables } = asked;
    const table = findTable({ schema, ...query, variables });
    if (!table) {
      const { operationName } = asked;
      return options.answer(incoming, record, JSON.stringify({ query: source, operationName, variables }));
    }
    const columns = columnsOf(table, schema, variables);
    record.operation = { name: query.operation.name?.value, hash: table.documentKey };
    const costOf = costOfRows(limits.costOf, schema, table, variables);
    record.cost = costOf(leastRows);
    checkCost(record.cost, limits.queryLimits);
    const { caller } = context;
    if (caller) await limits.chargeExport(caller, costOf(1));

    // run
    const slot = slots.take(payerOfRequest(context), (reason) => run.end(reason));
    const over = Promise.withResolvers<void>();
    void graphs.serve(() => over.promise);
    const run = startRun(exportLimits, signal, () => {
      slot.end();
      over.resolve();
    });
    const snapshots = holdSnapshots(context, run.signal, (subgraph) => run.end(lostOf(subgraph)));
    const keys: KeyMemo = new Map();
    const reading: Reading = {
      table,
      columns,
      variables,
      executor,
      openContext: () => ({
        ...context,
        deadline: performance.now() + requestTimeoutMs,
        signal: run.signal,
      }),
      bulk: { keys, snapshotOf: snapshots.idOf },
      mask: (error) => maskError(error.toJSON(), error, requestId, log),
      signal: run.signal,
    };
    try {
      // What is wrong with the query as a whole is known before the first row.
      const first = await askForTotal(reading, asked.after);
      const { errors, page } = first;
      if (!page && errors[0]) throw refusalOf(errors[0]);
      record.hasData = true;
      options.noteKeyUse?.(caller, { ...query, schema });
      const fields = touches({ document: query.document, context: first.context });
      record.access = accessOf(first.context, fields, errors, supergraph);
      const total = page?.total;
      const format = await openFormat(asked.format);
      const problem = refuseRows(format, total ?? 0);
      if (problem) throw new Refusal('EXPORT_REFUSED', problem);
      const mayBeWritten = isOneFetch(record) && !record.isRestricted;
      if (asked.explain) {
        if (!mayExplain(context)) throw new Refusal('FORBIDDEN', 'Explanations are not for your role.');
        run.end();
        const cost = costOf(total ?? leastRows);
        return json(200, { columns, total, cost, writtenByDatabase: mayBeWritten, ...planOf(record) });
      }
      const pages = readPages(reading, asked.after, mayBeWritten);
      // A key may be revoked while it reads. A token is good for the request that it came with.
      const stillAdmitted = async () => {
        if (caller?.kind === 'partner') await options.admitAgain(incoming).catch(interrupt);
      };
      const counted = ahead(
        counting(pages, record, async function* (rows) {
          if (!caller) return;
          await stillAdmitted();
          let hasWaited = false;
          for await (const pause of charge(limits.chargeExport, caller, costOf(rows), slot, run.signal)) {
            hasWaited = true;
            yield pause;
          }
          if (hasWaited) await stillAdmitted();
        }),
      );
      return {
        status: 200,
        headers: { 'content-type': format.contentType },
        body: run.toReader(
          asked.marks
            ? withMarks({ columns, total, version }, counted, () => snapshots.asOf)
            : format.write(columns, linesOf(counted)),
        ),
      };
    } catch (cause) {
      run.end();
      throw cause;
    }
  }

  return async (incoming: Incoming, record: RequestRecord, text: string): Promise<Reply> => {
    try {
      return await handle(incoming, record, text);
    } catch (cause) {
      const refusal = cause instanceof Interrupted ? new Refusal(cause.code, cause.message) : cause;
      if (refusal instanceof Refusal) return { ...replyTo(refusal), status: statusOfWhole(refusal.code) };
      throw cause;
    }
  };
}

const onlyPost: Reply = {
  ...replyTo(new Refusal('BAD_REQUEST', 'An export is asked for by POST.', {}, { allow: 'POST' })),
  status: 405,
};

function interrupt(cause: unknown): never {
  throw cause instanceof Refusal ? new Interrupted(cause.code, cause.message) : cause;
}

/** An empty page with the number of rows; without it, where too much is related to them to be counted. */
async function askForTotal(reading: Reading, after: string | null): Promise<Answered> {
  const counted = await askForPage(reading, pageVariables(0, after, true));
  const isCountable = counted.errors.every(({ extensions }) => extensions?.code !== 'TOO_MANY_RELATED');
  return isCountable ? counted : askForPage(reading, pageVariables(0, after, false));
}

/** Where nothing at all is answered, also what fails a field otherwise has a status of its own. */
function statusOfWhole(code: ErrorCode): number {
  if (code === 'NOT_SHARED' || code === 'UNAUTHORIZED_FIELD_OR_TYPE') return 403;
  if (code === 'SUBGRAPH_UNAVAILABLE' || code === 'SUBGRAPH_TIMEOUT') return 503;
  return statusOf[code] === 200 ? 400 : statusOf[code];
}

function readJson(text: string, contentType = ''): unknown {
  if (!/^application\/json\b/i.test(contentType)) {
    throw new Refusal('BAD_REQUEST', 'An export is asked for in JSON: send content-type: application/json.');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('BAD_REQUEST', 'The request body is not valid JSON.');
  }
}

/** What so many rows of a table cost. */
const costOfRows =
  (costOf: CostOfOperation, schema: GraphQLSchema, table: Table, variables: Json) =>
  (rows: number): number =>
    costOf({ schema, ...table }, { ...variables, ...pageVariables(rows, null) }) ?? rows;

const lostOf = (subgraph: string) =>
  new Interrupted(
    'EXPORT_INTERRUPTED',
    `Subgraph "${subgraph}" holds its snapshot no more. Resume the export.`,
  );

/** Of a query that has no first page: the status says whose fault it is. */
function refusalOf({ message, extensions }: GraphQLFormattedError): Refusal {
  const { code: given, ...details } = extensions ?? {};
  const code = (
    typeof given === 'string' && given in statusOf ? given : 'INTERNAL_SERVER_ERROR'
  ) as ErrorCode;
  return new Refusal(code, message, details);
}

/** Whether one subgraph answers all of it. */
const isOneFetch = ({ planning }: RequestRecord) => planning?.plan?.node?.kind === 'Fetch';

/** Pages as they come, each after the waits for its cost, with what is wrong with them noted down. */
async function* counting(
  pages: AsyncIterable<Page>,
  record: RequestRecord,
  charge: (rows: number) => AsyncGenerator<Pause>,
): AsyncGenerator<Page | Pause> {
  const codes = new Set<string>();
  for await (const page of pages) {
    for (const code of Object.keys(page.errors)) codes.add(code);
    record.errorCodes = [...codes];
    yield* charge(page.rows);
    yield page;
  }
}

async function* linesOf(pages: AsyncIterable<Page | Pause>): AsyncGenerator<Buffer> {
  for await (const next of pages) if ('lines' in next) yield next.lines;
}

/** The plan and its fetches, as with `x-wenshu-explain`. */
const planOf = (record: RequestRecord) => {
  const { plan, fetches } = explain(record);
  return { plan, fetches };
};
