import type { Database } from '@wenshu/kit/database.ts';
import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { eq } from 'drizzle-orm';
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
  if (!found) problems.addUnknown(path, id);
}
