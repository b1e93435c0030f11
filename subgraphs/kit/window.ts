import { sql } from 'drizzle-orm';
import type { Context } from './context.ts';
import { whereOf } from './filter.ts';
import { readPage } from './linked-page.ts';
import type { List } from './list.ts';
import { cursorOf, type OrderInput, rangesFrom, sortKeys, sourceOf } from './order.ts';
import { sortValuesOf } from './page-query.ts';
import { rowsOf } from './statement.ts';
import { ofOneKind } from './synthetic.ts';

export interface WindowArgs {
  filter?: Readonly<Record<string, unknown>> | null;
  orderBy?: readonly OrderInput[] | null;
  /** Cursor in this order: the window starts after it, or, if `backward`, ends before it. */
  cursor?: string | null;
  backward: boolean;
  first: number;
}

/** The ids of rows in order, and the cursor of the last one. */
export interface Window {
  keys: string[];
  endCursor: string | null;
}

/** Returns a page of ids only, of any size. */
export async function windowOf(
  context: Context,
  list: List,
  { orderBy, cursor, backward, first, ...asked }: WindowArgs,
): Promise<Window> {
  const { filter } = ofOneKind(list, { filter: asked.filter ?? null }, context);
  const keys = sortKeys(list, orderBy);
  const where = whereOf(list, filter);
  const query = {
    keys,
    select: sql`${list.id} as id`,
    ...sourceOf(list, keys, where),
    where,
    ranges: rangesFrom(cursor, orderBy, keys, backward),
    backward,
    limit: first,
  };
  const rows = await rowsOf<Record<string, unknown> & { id: string }>(
    context.db,
    readPage(list, filter, query, list.shown),
  );
  const last = rows.at(-1);
  return {
    keys: rows.map(({ id }) => id),
    endCursor: last ? cursorOf(orderBy, sortValuesOf(last, keys)) : null,
  };
}
