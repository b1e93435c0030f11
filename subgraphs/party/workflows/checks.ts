import type { Database } from '@wenshu/kit/database.ts';
import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { eq } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';

/** The park or the enterprise of an input. */
export function oneSubject(
  problems: Problems,
  { parkId, enterpriseId }: { readonly parkId?: string | null; readonly enterpriseId?: string | null },
): { readonly type: 'Park' | 'Enterprise'; readonly id: string } {
  if (Boolean(parkId) === Boolean(enterpriseId)) {
    problems.add(
      'parkId',
      'MISSING',
      '园区与企业须给其一,且只给其一。',
      'Name either a park or an enterprise, and not both.',
    );
  }
  return parkId ? { type: 'Park', id: parkId } : { type: 'Enterprise', id: enterpriseId ?? '' };
}

/** Adds a problem if no row of a table has this value. */
export async function checkExists(
  db: Database,
  problems: Problems,
  path: string,
  id: string,
  table: PgTable,
  column: AnyPgColumn,
): Promise<void> {
  const [found] = await db.select({ id: column }).from(table).where(eq(column, id));
  if (!found) problems.addUnknown(path, id);
}
