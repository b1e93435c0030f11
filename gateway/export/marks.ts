import type { Pause } from './charge.ts';
import type { Column } from './columns.ts';
import type { AsOf } from './held-snapshots.ts';
import { Interrupted, type Page } from './read-pages.ts';

/*
 * NDJSON that can be gone on with after a break: before the rows of each page stands a line that begins with "#" and
 * says, in JSON, how many bytes they are and where the next page begins. No row begins so. Whoever reads passes over a
 * kind of mark that it does not know.
 */

/** Before everything else. */
export type Opening = {
  readonly columns: readonly Column[];
  /** Rows in all, where the list counts them; also those before the place to go on from. */
  readonly total: number | undefined;
  /** Of the hub. */
  readonly version: string;
};

/** Before the rows of a page. */
export type PageMark = Omit<Page, 'lines'> & { readonly bytes: number; readonly asOf: AsOf };

/** After all rows, or in place of those that do not come. */
export type Closing = { readonly asOf: AsOf; readonly failure?: { code: string; message: string } };

export type Mark =
  | { readonly kind: 'opening'; readonly opening: Opening }
  | { readonly kind: 'page'; readonly page: PageMark }
  /** Before a wait for the rate limit of the caller; there may be several before one page. */
  | ({ readonly kind: 'pause' } & Pause)
  | { readonly kind: 'closing'; readonly closing: Closing };

const lineOf = (mark: Mark) => `#${JSON.stringify(mark)}\n`;

/** Pages and waits, with marks; a page that fails is told of at the end, as nothing else can be then. */
export async function* withMarks(
  opening: Opening,
  pages: AsyncIterable<Page | Pause>,
  asOf: () => AsOf,
): AsyncGenerator<string | Uint8Array> {
  yield lineOf({ kind: 'opening', opening });
  try {
    for await (const next of pages) {
      if (!('lines' in next)) {
        yield lineOf({ kind: 'pause', ...next });
        continue;
      }
      const { lines, ...page } = next;
      yield lineOf({ kind: 'page', page: { ...page, bytes: lines.length, asOf: asOf() } });
      yield lines;
    }
  } catch (cause) {
    if (!(cause instanceof Interrupted)) throw cause;
    const { code, message } = cause;
    yield lineOf({ kind: 'closing', closing: { asOf: asOf(), failure: { code, message } } });
    return;
  }
  yield lineOf({ kind: 'closing', closing: { asOf: asOf() } });
}

/** What a reader of marks gets, in this order: an opening, pages with the bytes of their rows and pauses between them, a closing. */
export type Marked = Exclude<Mark, { kind: 'page' }> | { kind: 'page'; page: PageMark; rows: Buffer };

/** Reads what `withMarks` wrote. It ends without a closing where the connection broke. */
export async function* readMarks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Marked> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let page: PageMark | undefined;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    if (page && size < page.bytes) continue;
    let rest = Buffer.concat(waiting, size);
    for (;;) {
      if (page) {
        if (rest.length < page.bytes) break;
        yield { kind: 'page', page, rows: rest.subarray(0, page.bytes) };
        rest = rest.subarray(page.bytes);
        page = undefined;
        continue;
      }
      const end = rest.indexOf(10);
      if (end < 0) break;
      const mark: Mark = JSON.parse(rest.toString('utf8', 1, end));
      rest = rest.subarray(end + 1);
      if (mark.kind === 'page') page = mark.page;
      else yield mark;
    }
    waiting = rest.length > 0 ? [rest] : [];
    size = rest.length;
  }
}
