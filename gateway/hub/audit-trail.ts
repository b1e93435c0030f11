import type { Load } from '@wenshu/kit/context.ts';
import { extentOf } from '@wenshu/kit/page.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { Line } from '../audit/line.ts';
import { type NewestFirst, type Place, readNewestFirst } from '../audit/newest-first.ts';
import { callerOf, isPast, matcherOf, mayRead, type RecordFilter } from '../audit/read.ts';
import type { AnswerEvent, AuditRecord, Link } from '../audit/record.ts';

export type TrailArgs = { readonly first?: number | null; readonly after?: string | null };

/** A page of the audit log. Where more may follow, `endCursor` says where to go on, on an empty page too. */
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

/** A record that says of which enterprises it tells. */
export type EnterpriseAccess = Link & AnswerEvent;

/** What can be read in the folder of the audit log: pages, newest first; null where there is no log. */
export type AuditTrail = {
  /** What a caller may read of it that matches. */
  records(caller: Caller, filter: RecordFilter, args: TrailArgs): Promise<TrailPage<Line> | null>;
  /** For each of these enterprises, the records that tell of it or may, as far as a caller may read them; read once for all. */
  accesses(caller: Caller, args: TrailArgs): Load<string, TrailPage<EnterpriseAccess> | null>;
};

/** `maxBytes`: how much of the log one question reads at most. */
export function openTrail(folder: string, maxBytes = 8 * 1024 ** 2): AuditTrail {
  const readFrom = ({ after }: TrailArgs) => readNewestFirst(folder, placeIn(after), maxBytes);

  return {
    async records(caller, filter, args) {
      const { size } = extentOf(args);
      const reading = await readFrom(args);
      if (!reading) return null;
      const matches = matcherOf(filter);
      const page = startPage<Line>(reading, args);
      while (page.length < size) {
        const line = await reading.next();
        if (!line) break;
        if (isPast(line.record.time, filter, 'newest first')) return page.end(true);
        if (mayRead(caller, line.record) && matches(line.record)) page.add(line);
      }
      return page.end();
    },

    accesses: (caller, args) => async (ids) => {
      const { size } = extentOf(args);
      const reading = await readFrom(args);
      if (!reading) return ids.map(() => null);
      const pages = new Map(ids.map((id) => [id, startPage<EnterpriseAccess>(reading, args)]));
      const ended = new Map<string, TrailPage<EnterpriseAccess>>();
      const endFull = () => {
        for (const [id, page] of pages) if (!ended.has(id) && page.length >= size) ended.set(id, page.end());
      };
      endFull();
      while (ended.size < pages.size) {
        const line = await reading.next();
        if (!line) break;
        const { record } = line;
        if (!tellsOfEnterprises(record) || !mayReadAccess(caller, record)) continue;
        for (const id of record.enterprises ?? pages.keys()) if (!ended.has(id)) pages.get(id)?.add(record);
        endFull();
      }
      return ids.map((id) => ended.get(id) ?? pages.get(id)?.end() ?? null);
    },
  };
}

function startPage<Node>(reading: NewestFirst, { after }: TrailArgs) {
  const edges: { cursor: string; node: Node }[] = [];
  return {
    get length() {
      return edges.length;
    },
    add: (node: Node) => edges.push({ cursor: cursorOf(reading.place), node }),
    /** As far as was read by now; `isWhole` where nothing older can match. */
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

const tellsOfEnterprises = (record: AuditRecord): record is EnterpriseAccess =>
  'enterprises' in record && record.enterprises !== undefined;

/**
 * A department reads what the log is open to it for. A partner reads of its own enterprise all, but for what other
 * partners read in bulk: each of them sees nothing but its own.
 */
function mayReadAccess(caller: Caller, record: EnterpriseAccess): boolean {
  if (caller.kind !== 'partner') return mayRead(caller, record);
  const by = callerOf(record);
  return record.enterprises !== null || !by || !('keyId' in by) || by.keyId === caller.keyId;
}

const cursorOf = (place: Place) => Buffer.from(JSON.stringify(Object.entries(place))).toString('base64url');

function placeIn(cursor: string | null | undefined): Place | undefined {
  if (cursor == null) return undefined;
  try {
    const entries = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isPlace = (entry: unknown) => {
      const [name, at] = entry as [unknown, readonly unknown[]];
      return typeof name === 'string' && at.length === 2 && at.every(isOffset);
    };
    if (entries.every(isPlace)) return Object.fromEntries(entries);
  } catch {
    // As any other text that is none.
  }
  throw badInput('after', 'The cursor in "after" is not one of this list. Ask for the first page again.');
}

const isOffset = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
