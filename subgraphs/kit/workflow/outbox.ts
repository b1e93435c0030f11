import { and, asc, inArray, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import type { WorkflowTables } from './tables.ts';

/** Maximum number of events that are read at once. */
export const mostEvents = 500;

/** The place of an event in the outbox: its transaction, and its number. */
export type Position = { readonly transaction: string; readonly seq: string };

/** An event of the outbox. */
export type Change = {
  /** Its position, as text. */
  readonly cursor: string;
  readonly type: string;
  readonly id: string;
  readonly action: string;
  readonly stage: string;
  readonly version: number;
  readonly regionCode: string | null;
  readonly at: string;
};

export const cursorOf = ({ transaction, seq }: Position): string => `${transaction}-${seq}`;

/** Reads a position; undefined if the text is none. */
export function positionIn(cursor: string): Position | undefined {
  const [, transaction, seq] = /^(\d{1,20})-(\d{1,19})$/.exec(cursor) ?? [];
  return transaction === undefined || seq === undefined ? undefined : { transaction, seq };
}

export const isBefore = (a: Position, b: Position): boolean =>
  BigInt(a.transaction) < BigInt(b.transaction) ||
  (a.transaction === b.transaction && BigInt(a.seq) < BigInt(b.seq));

/** Reads events in their order: those of transactions before `end`, by default before the oldest that still runs. */
export async function readPage(
  changes: WorkflowTables['changes'],
  db: Database,
  {
    types,
    after,
    end,
    first,
  }: {
    readonly types: readonly string[] | undefined;
    readonly after: Position | undefined;
    readonly end?: string;
    readonly first: number;
  },
): Promise<Change[]> {
  const { transaction, seq } = changes;
  const rows = await db
    .select({
      transaction,
      seq,
      type: changes.type,
      id: changes.objectId,
      action: changes.action,
      stage: changes.stage,
      version: changes.version,
      regionCode: changes.regionCode,
      at: changes.at,
    })
    .from(changes)
    .where(
      and(
        types && inArray(changes.type, [...types]),
        after && sql`(${transaction}, ${seq}) > (${after.transaction}::xid8, ${after.seq}::bigint)`,
        sql`${transaction} < ${end === undefined ? sql`pg_snapshot_xmin(pg_current_snapshot())` : sql`${end}::xid8`}`,
      ),
    )
    .orderBy(asc(transaction), asc(seq))
    .limit(Math.min(first, mostEvents));
  return rows.map(({ transaction, seq, ...event }) => ({
    ...event,
    cursor: cursorOf({ transaction, seq: String(seq) }),
  }));
}
