import type { Load } from '@wenshu/kit/context.ts';
import { extentOf } from '@wenshu/kit/page-args.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { type NewestFirst, type Place, readNewestFirst } from '../audit/newest-first.ts';
import { isPast, matcherOf, type RecordFilter } from '../audit/read.ts';
import { type SeenRecord, seenBy } from '../audit/seen.ts';
import { accessesIn, type EnterpriseAccess } from './enterprise-access.ts';
import type { CursorSeal } from './sealed-cursor.ts';

export type TrailArgs = { readonly first?: number | null; readonly after?: string | null };

/** A page of the audit log. When more records may follow, `endCursor` says where to continue, even on an empty page. */
export type TrailPage<Node> = {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string;
  };
};

/** The visible part of a record, and the record's hash if all of it is visible. */
export type SeenLine = { readonly record: SeenRecord; readonly hash: string | undefined };

/** Reads the folder of the audit log in pages, newest first; null without a log. */
export type AuditTrail = {
  /** Returns the matching records that a caller may read. */
  records(caller: Caller, filter: RecordFilter, args: TrailArgs): Promise<TrailPage<SeenLine> | null>;
  /**
   * Returns, for each of these enterprises, the records that disclose or may disclose it, as far as the caller may read
   * them. The log is read once for all enterprises.
   */
  accesses(caller: Caller, args: TrailArgs): Load<string, TrailPage<EnterpriseAccess> | null>;
};

/** Opens the audit trail. `maxBytes` is the maximum that one query reads of the log. */
export function openTrail(folder: string, cursors: CursorSeal, maxBytes = 8 * 1024 ** 2): AuditTrail {
  const readFrom = ({ after }: TrailArgs) => readNewestFirst(folder, placeIn(after, cursors), maxBytes);

  return {
    async records(caller, filter, args) {
      const { size } = extentOf(args);
      const reading = await readFrom(args);
      if (!reading) return null;
      const matches = matcherOf(filter);
      const page = startPage<SeenLine>(reading, args, cursors);
      while (page.length < size) {
        const line = await reading.next();
        if (!line) break;
        if (isPast(line.record.time, filter, 'newest first')) return page.end(true);
        // The filter applies to the visible part: a filter by hidden values finds nothing.
        const record = seenBy(caller, line.record);
        if (!record || !matches(record)) continue;
        page.add({ record, hash: record === line.record ? line.hash : undefined });
      }
      return page.end();
    },

    accesses: (caller, args) => async (ids) => {
      const { size } = extentOf(args);
      const reading = await readFrom(args);
      if (!reading) return ids.map(() => null);
      const pages = new Map(ids.map((id) => [id, startPage<EnterpriseAccess>(reading, args, cursors)]));
      const ended = new Map<string, TrailPage<EnterpriseAccess>>();
      const endFull = () => {
        for (const [id, page] of pages) if (!ended.has(id) && page.length >= size) ended.set(id, page.end());
      };
      endFull();
      while (ended.size < pages.size) {
        const line = await reading.next();
        if (!line) break;
        for (const [id, access] of accessesIn(line.record, caller, pages)) {
          if (!ended.has(id)) pages.get(id)?.add(access);
        }
        endFull();
      }
      return ids.map((id) => ended.get(id) ?? pages.get(id)?.end() ?? null);
    },
  };
}

function startPage<Node>(reading: NewestFirst, { after }: TrailArgs, cursors: CursorSeal) {
  const cursorOf = (place: Place) => cursors.seal(Object.entries(place));
  const edges: { cursor: string; node: Node }[] = [];
  return {
    get length() {
      return edges.length;
    },
    add: (node: Node) => edges.push({ cursor: cursorOf(reading.place), node }),
    /** Ends the page at the current position. `isWhole` says that no older record can match. */
    end: (isWhole = reading.isOver): TrailPage<Node> => ({
      edges,
      nodes: edges.map(({ node }) => node),
      pageInfo: {
        hasNextPage: !isWhole,
        hasPreviousPage: after != null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: cursorOf(reading.place),
      },
    }),
  };
}

function placeIn(cursor: string | null | undefined, cursors: CursorSeal): Place | undefined {
  if (cursor == null) return undefined;
  const entries = cursors.open(cursor);
  if (Array.isArray(entries)) return Object.fromEntries(entries);
  throw badInput(
    'after',
    'The cursor in "after" does not belong to this list. Ask for the first page again.',
    '“after”中的游标不属于该列表。请重新查询第一页。',
  );
}
