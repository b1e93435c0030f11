import type { Words } from '@wenshu/schema/errors.ts';
import { inChinese } from '@wenshu/schema/messages-zh.ts';
import type { Pause } from './charge.ts';
import type { Column } from './columns.ts';
import type { AsOf } from './held-snapshots.ts';
import { Interrupted, type Page } from './read-pages.ts';

/*
 * NDJSON that can be resumed after an interruption. A line that begins with "#" stands before the rows of each page. It
 * says in JSON how many bytes the rows have, and the cursor of the next page. No row begins with "#". A reader skips
 * kinds of marks that it does not know.
 */

/** Mark before everything else. */
export type Opening = {
  readonly columns: readonly Column[];
  /** Number of rows, if the list counts them, including those before the start of a resumed export. */
  readonly total: number | undefined;
  /** Version of the hub. */
  readonly version: string;
};

/** Mark before the rows of a page. */
export type PageMark = Omit<Page, 'lines'> & { readonly bytes: number; readonly asOf: AsOf };

/** Mark after all rows, or in place of missing ones. */
export type Closing = { readonly asOf: AsOf; readonly failure?: { code: string } & Words };

export type Mark =
  | { readonly kind: 'opening'; readonly opening: Opening }
  | { readonly kind: 'page'; readonly page: PageMark }
  /** Mark before a wait for the caller's rate limit. Several may precede one page. */
  | ({ readonly kind: 'pause' } & Pause)
  | { readonly kind: 'closing'; readonly closing: Closing };

const lineOf = (mark: Mark) => `#${JSON.stringify(mark)}\n`;

/** Writes pages and waits with marks. The failure of a page is reported in the closing mark. */
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
    const { code, message, extensions } = cause;
    const failure = { code, message, messageZh: inChinese(message, extensions) };
    yield lineOf({ kind: 'closing', closing: { asOf: asOf(), failure } });
    return;
  }
  yield lineOf({ kind: 'closing', closing: { asOf: asOf() } });
}

/**
 * Items that a reader of marks gets, in this order: an opening, pages with their bytes and pauses between them, a
 * closing.
 */
export type Marked = Exclude<Mark, { kind: 'page' }> | { kind: 'page'; page: PageMark; rows: Buffer };

/** Reads the output of `withMarks`. It ends without a closing when the connection broke. */
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
