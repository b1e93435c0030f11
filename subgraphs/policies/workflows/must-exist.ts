import type { Database } from '@wenshu/kit/database.ts';
import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { eq } from 'drizzle-orm';
import type { agencies, policies, regions } from '../tables.ts';

/** Notes a problem if there is no such row. */
export async function mustExist(
  db: Database,
  problems: Problems,
  path: string,
  id: string,
  table: typeof agencies | typeof policies | typeof regions,
  column: typeof agencies.id | typeof policies.id | typeof regions.code,
): Promise<void> {
  const [found] = await db.select({ id: column }).from(table).where(eq(column, id));
  if (!found) problems.add(path, ...doesNotExist(id));
}

/** What is said of an id that does not exist. */
export const doesNotExist = (id: string) =>
  ['UNKNOWN', `“${id}”不存在。`, `"${id}" does not exist.`] as const;
