import type { Chunk } from '../../http/reply.ts';
import type { Column } from '../columns.ts';

export const formatNames = ['ndjson', 'csv', 'parquet', 'xlsx'] as const;
export type FormatName = (typeof formatNames)[number];

/** How a table is written. */
export type Format = {
  readonly contentType: string;
  /** More rows have no place in it. */
  readonly maxRows?: number;
  /** Writes lines of NDJSON, many at a time, as they come; holds no more than a few of them. */
  write(columns: readonly Column[], pages: AsyncIterable<Buffer>): AsyncIterable<Chunk>;
};

/** Why so many rows are too many for a format; undefined where they are not. */
export const refuseRows = (
  { maxRows = Number.POSITIVE_INFINITY }: Format,
  rows: number,
): string | undefined =>
  rows > maxRows
    ? `A sheet of Excel holds ${maxRows} rows, and there are more: export them as csv or parquet, or filter them.`
    : undefined;

/** The values of a row, as its line of NDJSON has them. */
export type Row = Readonly<Record<string, unknown>>;

/** What is made objects of at a time: they take many times the room of their lines. */
const bytesAtATime = 256 * 1024;

/** The rows of lines that each have their end, some at a time. */
export function* rowsOf(lines: Buffer): Generator<Row[]> {
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf('\n', Math.min(start + bytesAtATime, lines.length - 1)) + 1;
    yield JSON.parse(`[${lines.toString('utf8', start, end - 1).replaceAll('\n', ',')}]`);
    start = end;
  }
}
