import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorCode } from '@wenshu/schema/errors.ts';
import { inChinese } from '@wenshu/schema/messages-zh.ts';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { BulkReading } from '../execution/bulk-reading.ts';
import type { Executor } from '../execution/execution.ts';
import type { DataText } from '../lib/data-text.ts';
import type { Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import { type Column, createLineWriter } from './columns.ts';
import { pageVariables, type Table, type TablePage } from './table.ts';

/** Rows of a table as they are sent. */
export type Page = {
  /** One JSON object a line. */
  readonly lines: Buffer;
  readonly rows: number;
  /** Cursor of the next page. */
  readonly cursor: string | null;
  /** Number of errors in its rows, by code. */
  readonly errors: Readonly<Record<string, number>>;
};

/** Reason why an export ends before its last row. Before its first row it refuses the export. */
export class Interrupted extends Refusal {}

/** How an export requests rows without the executor. */
type ForRows = Pick<BulkReading, 'askForRows'>;

export type Reading = {
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly variables: Json;
  readonly executor: Executor;
  /** Opens the context of one page, with its own deadline. */
  openContext(): GatewayContext;
  /** How all pages are read. */
  readonly bulk: BulkReading;
  /** Converts an error to the form that callers may see. */
  mask(error: GraphQLError): GraphQLFormattedError;
  readonly signal: AbortSignal;
};

export type Answered = {
  readonly page: TablePage | undefined;
  readonly errors: readonly GraphQLError[];
  /** Undefined when the whole query was refused. */
  readonly data: DataText | undefined;
  readonly context: GatewayContext;
};

/** Requests one page through the executor, like any other query. */
async function askForPage(
  { table, variables, executor, openContext, bulk, signal }: Reading,
  page: Json,
  forRows: ForRows = {},
): Promise<Answered> {
  const { document, documentKey, operation } = table;
  const context = openContext();
  const { data, errors = [] } = await executor.execute({
    document,
    documentKey,
    operationName: operation.name?.value,
    variables: { ...variables, ...page },
    context,
    bulk: { ...bulk, ...forRows },
  });
  // A cancelled page is not an answer.
  signal.throwIfAborted();
  return {
    page: table.pageOf(data?.toJSON()),
    errors,
    data,
    context,
  };
}

/**
 * Requests an empty page with the number of rows; without the number when too many related rows would have to be
 * counted.
 */
export async function askForTotal(reading: Reading, after: string | null): Promise<Answered> {
  const counted = await askForPage(reading, pageVariables(0, after, true));
  const isCountable = counted.errors.every(({ extensions }) => extensions.code !== 'TOO_MANY_RELATED');
  return isCountable ? counted : askForPage(reading, pageVariables(0, after, false));
}

/** Rows of the smallest page. Its cost must fit into the limit of one operation. */
export const leastRows = 50;

/**
 * Target size of a page in bytes: large enough that the work is in the rows, small enough to hold a few pages in
 * memory.
 */
const targetBytes = 2 * 1024 * 1024;
const sizes = { first: 500, least: leastRows, most: { rows: 2_000, lines: 20_000 } } as const;

/**
 * Yields the pages of a table after `after`. With `mayBeWritten`, it asks the database for rows as NDJSON lines; they
 * are the same, and when the database cannot write them, rows come through the executor.
 */
export async function* readPages(
  reading: Reading,
  after: string | null,
  mayBeWritten: boolean,
): AsyncGenerator<Page> {
  const ask = createAsk(reading, mayBeWritten);
  let size: number = sizes.first;
  let cursor = after;
  for (;;) {
    reading.signal.throwIfAborted();
    const { hasNextPage, isWritten, ...page } = await ask(size, cursor);
    if (page.rows > 0) yield page;
    if (!hasNextPage) return;
    cursor = page.cursor;
    const most = isWritten ? sizes.most.lines : sizes.most.rows;
    size = Math.round(clamp((page.rows * targetBytes) / page.lines.length, sizes.least, most));
  }
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

type AskedPage = Page & { readonly hasNextPage: boolean; readonly isWritten: boolean };

/** Creates the function that requests pages. It rejects with `Interrupted` when a page fails. */
function createAsk(reading: Reading, mayBeWritten: boolean) {
  const write = createLineWriter(reading.columns);
  let isWritten = mayBeWritten;
  /** Cleared when a retry did not help, so that an unavailable agency is not asked twice for each page. */
  let mayRetry = true;

  return async (size: number, cursor: string | null): Promise<AskedPage> => {
    const lines = new LinesAsked(reading.columns);
    let answered = await askForPage(reading, pageVariables(size, cursor), isWritten ? lines : {});
    if (lines.rows) return pageOfLines(lines.rows, size, reading, answered.context);
    isWritten = false;
    if (mayRetry && size > sizes.least && answered.errors.some(mayPass)) {
      // The page may have been too large for a subgraph, or the failure temporary.
      await wait(retryMs, undefined, { signal: reading.signal });
      answered = await askForPage(reading, pageVariables(sizes.least, cursor));
      mayRetry = !answered.errors.some(mayPass);
    }
    const { page } = answered;
    const errors = answered.errors.map(reading.mask);
    if (!page && errors[0]) throw interruptedBy(errors[0]);
    const { rows = [], endCursor = null, hasNextPage = false } = page ?? {};
    return {
      lines: Buffer.from(write(rows)),
      rows: rows.length,
      cursor: endCursor,
      errors: countByCode(errors),
      hasNextPage,
      isWritten,
    };
  };
}

const retryMs = 500;

const mayPass = ({ extensions }: GraphQLError) =>
  extensions?.code === 'SUBGRAPH_UNAVAILABLE' || extensions?.code === 'SUBGRAPH_TIMEOUT';

export const interruptedBy = ({
  message,
  extensions = {},
}: Pick<GraphQLFormattedError, 'message' | 'extensions'>) =>
  new Interrupted((extensions.code ?? 'INTERNAL_SERVER_ERROR') as ErrorCode, message, {
    messageZh: inChinese(message, extensions),
  });

const rowsQuery =
  'query ($query: String!, $variables: _Variables) { _rows(query: $query, variables: $variables) { lines rows endCursor keys } }';

type Rows = {
  /** A text over HTTP; in this process, the bytes that Postgres sent. */
  readonly lines: string | { readonly bytes: Buffer };
  readonly rows: number;
  readonly endCursor: string | null;
  readonly keys: readonly string[];
};

/**
 * Asks the database for a page as lines, instead of the executor's next call. Authorization and arguments are decided
 * before that.
 */
class LinesAsked implements ForRows {
  readonly #names: string;
  /** Undefined when the database could not write them. */
  rows: Rows | undefined;

  constructor(columns: readonly Column[]) {
    this.#names = columns.map(({ name }) => name).join();
  }

  askForRows: NonNullable<BulkReading['askForRows']> = async ({ query, variables, signal }, ask) => {
    const answer = await ask({ kind: 'query', query: rowsQuery, variables: { query, variables }, signal });
    const rows = answer.data?._rows as Rows | null | undefined;
    if (rows?.keys.join() !== this.#names) return undefined;
    this.rows = rows;
    return { data: undefined, errors: [] };
  };
}

function pageOfLines(
  { lines, rows, endCursor }: Rows,
  size: number,
  { table }: Reading,
  { record }: GatewayContext,
): AskedPage {
  if (record?.options.countsRows) record.addFindings({ rows: new Map([[table.rowType.name, rows]]) });
  const bytes = typeof lines === 'string' ? Buffer.from(lines) : lines.bytes;
  return { lines: bytes, rows, cursor: endCursor, errors: {}, hasNextPage: rows === size, isWritten: true };
}

function countByCode(errors: readonly GraphQLFormattedError[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { extensions } of errors) {
    const code = String(extensions?.code ?? 'INTERNAL_SERVER_ERROR');
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}
