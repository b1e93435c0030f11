import type { Database } from '@wenshu/kit/database.ts';
import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { eq } from 'drizzle-orm';
import { enterprises } from '../tables.ts';

/** What a new record takes from its enterprise. */
export type OfEnterprise = { readonly regionCode: string | null; readonly synthetic: boolean };

/** Returns the region and the kind of an enterprise; a problem if there is none with this id. */
export async function enterpriseOfRecord(
  db: Database,
  problems: Problems,
  id: string,
): Promise<OfEnterprise> {
  const [found] = await db
    .select({ regionCode: enterprises.regionCode, synthetic: enterprises.synthetic })
    .from(enterprises)
    .where(eq(enterprises.id, id));
  if (!found) problems.addUnknown('enterpriseId', id);
  return found ?? { regionCode: null, synthetic: false };
}

/** Locks an enterprise until the transaction ends, so that decisions that rest on its other records come one by one. */
export const lockEnterprise = (db: Database, id: string) =>
  db.select({ id: enterprises.id }).from(enterprises).where(eq(enterprises.id, id)).for('update');
