import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { whereOf } from './filter.ts';
import type { List } from './list.ts';
import { beyond, cursorOf, type OrderInput, orderSql, positionOf, sortKeys, sourceOf } from './order.ts';
import { all } from './page.ts';
import { rowsOf } from './statement.ts';

export interface WindowArgs {
  filter?: Readonly<Record<string, unknown>> | null;
  orderBy?: readonly OrderInput[] | null;
  /** Of a page in this order: the window is what comes after it, or, `backward`, before it. */
  cursor?: string | null;
  backward: boolean;
  first: number;
}

/** The ids of rows in the order in which they were read, and a cursor at the last one. */
export interface Window {
  keys: string[];
  endCursor: string | null;
}

/** A page of nothing but ids, of any size. */
export async function windowOf(
  db: Database,
  list: List,
  { filter, orderBy, cursor, backward, first }: WindowArgs,
): Promise<Window> {
  const keys = sortKeys(list, orderBy);
  const argument = backward ? 'before' : 'after';
  const position = cursor
    ? beyond(keys, positionOf(cursor, orderBy, keys.length, argument), backward)
    : undefined;
  const sorts = keys.map(({ expression }, i) => sql`(${expression})::text as ${sql.identifier(`sort${i}`)}`);
  const source = sourceOf(list, keys);
  const rows = await rowsOf<Record<string, string | null> & { id: string }>(
    db,
    sql`${source.with}select ${list.id} as id, ${sql.join(sorts, sql`, `)} from ${source.from}
      where ${all(list.shown, whereOf(list, filter), position)}
      order by ${orderSql(keys, backward)} limit ${first}`,
  );
  const last = rows.at(-1);
  const values = keys.map((_, i) => last?.[`sort${i}`] ?? null);
  return { keys: rows.map(({ id }) => id), endCursor: last ? cursorOf(orderBy, values) : null };
}
