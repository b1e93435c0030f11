import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import type { List } from '@wenshu/kit/list.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { and, eq } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/** Notes a problem of an input field that names a row, if there is no such row. */
export async function mustExist(
  db: Database,
  problems: Problems,
  path: string,
  id: string,
  column: AnyPgColumn,
): Promise<void> {
  const [found] = await db.select({ id: column }).from(column.table).where(eq(column, id));
  if (!found) problems.add(path, 'UNKNOWN', ...doesNotExist(id));
}

/** Notes a problem of an input field that names a row, if the caller sees no such row. */
export async function mustBeShown(
  context: Context,
  problems: Problems,
  path: string,
  id: string,
  list: List,
): Promise<void> {
  const isIt = and(eq(list.id, id), shownOnly(context, list));
  const [found] = await context.db.select({ id: list.id }).from(list.table).where(isIt);
  if (!found) problems.add(path, 'UNKNOWN', ...doesNotExist(id));
}

export const doesNotExist = (id: string) => [`“${id}”不存在。`, `"${id}" does not exist.`] as const;
