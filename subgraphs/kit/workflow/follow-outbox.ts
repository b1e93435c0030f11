import { setTimeout as wait } from 'node:timers/promises';
import { badInput } from '@wenshu/schema/errors.ts';
import { sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Positioned } from '../positioned.ts';
import { rowsOf } from '../statement.ts';
import { expired } from './feed.ts';
import {
  type Change,
  cursorOf,
  isBefore,
  mostEvents,
  type Position,
  positionIn,
  readPage,
} from './outbox.ts';
import type { WorkflowTables } from './tables.ts';

/** Waits for a transaction that is still under way: the first, and the longest. In milliseconds. */
const firstWaitMs = 5;
const longestWaitMs = 50;

/** Anybody in the database can notify. After so many notifications in a row without a change, each costs a pause, in milliseconds. */
const mostFalseAlarms = 5;
const pauseMs = 20;

/** State of the outbox at one moment. */
type Ends = {
  /** All transactions before this one have ended. */
  readonly end: string;
  /** Where the last event of these transactions stands; null if there is none. */
  readonly last: string | null;
  /** True if events were committed by transactions that did not end before `end`. */
  readonly isUnsettled: boolean;
  /** Where the last event stands that was deleted; null if none was. */
  readonly deleted: string | null;
};

/**
 * Follows the outbox: events of these types (of all, by default), in the order of their transactions, each after all that stand before it
 * are known. It looks when it is woken, and every two seconds in any case. It holds no connection while it waits. Throws when events
 * after its position were deleted.
 */
export async function* followOutbox(
  outbox: Pick<WorkflowTables, 'changes' | 'sweeps'>,
  types: readonly string[] | undefined,
  { db, after, signal, waker }: Context,
): AsyncGenerator<Positioned<Change>> {
  if (!waker) throw new Error('Only a subgraph in service follows its outbox.');
  let position = after === undefined ? undefined : knownPosition(after);
  let waitMs = firstWaitMs;
  let isExpected = true;
  let falseAlarms = 0;
  while (!signal?.aborted) {
    const { count } = waker;
    const { end, last, isUnsettled, deleted } = await readEnds(outbox, db);
    if (!position) {
      position = { transaction: end, seq: '0' };
      yield { position: cursorOf(position) };
    }
    if (deleted && isBefore(position, knownPosition(deleted))) throw expired();
    const newest = last === null ? undefined : knownPosition(last);
    if (newest && isBefore(position, newest)) {
      if (!isExpected) waker.distrust();
      const page = await readPage(outbox.changes, db, { types, after: position, end, first: mostEvents });
      for (const { cursor, ...event } of page) {
        yield { position: cursor, value: { cursor, ...event } };
      }
      const lastRead = page.length === mostEvents ? page.at(-1)?.cursor : undefined;
      position = lastRead === undefined ? newest : knownPosition(lastRead);
      // Events of other types stand behind the last that was told.
      if (page.at(-1)?.cursor !== cursorOf(position)) yield { position: cursorOf(position) };
      if (lastRead !== undefined) continue;
      waitMs = firstWaitMs;
      falseAlarms = 0;
    } else if (falseAlarms > mostFalseAlarms) await pause(pauseMs, signal);
    // A transaction that ends without an event wakes nobody.
    const isWoken = await waker.wait(count, signal, isUnsettled ? waitMs : undefined);
    isExpected = isWoken || isUnsettled;
    falseAlarms += Number(isWoken);
    waitMs = Math.min(2 * waitMs, longestWaitMs);
  }
}

const pause = (ms: number, signal: AbortSignal | undefined) =>
  wait(ms, undefined, signal && { signal }).catch(() => {});

async function readEnds(
  { changes, sweeps }: Pick<WorkflowTables, 'changes' | 'sweeps'>,
  db: Context['db'],
): Promise<Ends> {
  const { transaction, seq } = changes;
  const settled = sql`pg_snapshot_xmin(pg_current_snapshot())`;
  const [ends] = await rowsOf<Ends>(
    db,
    sql`select ${settled}::text as end,
      (select ${transaction}::text || '-' || ${seq}::text from ${changes} where ${transaction} < ${settled}
        order by ${transaction} desc, ${seq} desc limit 1) as last,
      exists (select from ${changes} where ${transaction} >= ${settled}) as "isUnsettled",
      (select deleted_transaction::text || '-' || deleted_seq::text from ${sweeps}) as deleted`,
  );
  if (!ends) throw new Error('The outbox has no state.');
  return ends;
}

function knownPosition(cursor: string): Position {
  const position = positionIn(cursor);
  if (position) return position;
  throw badInput('after', '"after" is not a position of this outbox.', '“after”不是该发件箱的位置。');
}
