import type { Words } from '@wenshu/schema/errors.ts';
import type { Chunk } from '../../http/reply.ts';
import type { Column } from '../columns.ts';

export const formatNames = ['ndjson', 'csv', 'parquet', 'xlsx'] as const;
export type FormatName = (typeof formatNames)[number];

/** Format of a table. */
export type Format = {
  readonly contentType: string;
  /** Returns why a table has too many rows for the format; undefined otherwise. */
  refuseRows?(rows: number): Words | undefined;
  /** Writes chunks of NDJSON lines as they arrive, and holds only a few of them in memory. */
  write(columns: readonly Column[], pages: AsyncIterable<Buffer>): AsyncIterable<Chunk>;
};

/** Values of a row, as in its line of NDJSON. */
export type Row = Readonly<Record<string, unknown>>;

/** Bytes of lines parsed at a time: objects take many times the memory of their lines. */
const bytesAtATime = 256 * 1024;

/** Yields the rows of complete lines, some at a time. */
export function* rowsOf(lines: Buffer): Generator<Row[]> {
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf('\n', Math.min(start + bytesAtATime, lines.length - 1)) + 1;
    yield JSON.parse(`[${lines.toString('utf8', start, end - 1).replaceAll('\n', ',')}]`);
    start = end;
  }
}
