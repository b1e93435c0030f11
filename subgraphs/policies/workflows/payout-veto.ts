import type { Database } from '@wenshu/kit/database.ts';
import type { Effect } from '@wenshu/kit/workflow/workflow.ts';
import { eq, sql } from 'drizzle-orm';
import { barredEnterprises, type PayoutRow, paymentRules, type payouts } from '../tables.ts';

export const blacklistedZh = '企业列入黑名单。';

/** Returns what a veto changes. What was approved before it is free in the budget again. */
export const vetoed = (row: PayoutRow, noteZh: string, basisZh: string | null): Effect<typeof payouts> => ({
  set: { basisZh },
  noteZh,
  details: { basis: basisZh },
  also: async (db) => {
    if (row.stage === 'PAYABLE') await release(db, row);
  },
});

const release = (db: Database, { ruleId, amount }: PayoutRow) =>
  db
    .update(paymentRules)
    .set({ committed: sql`${paymentRules.committed} - ${amount}::numeric` })
    .where(eq(paymentRules.id, ruleId ?? ''));

/** Returns what the veto of a blacklisted enterprise changes, which rests on its entry. */
export async function vetoedAsBlacklisted(row: PayoutRow, db: Database): Promise<Effect<typeof payouts>> {
  const [barred] = await db
    .select({ basisZh: barredEnterprises.basisZh })
    .from(barredEnterprises)
    .where(eq(barredEnterprises.enterpriseId, row.enterpriseId));
  return vetoed(row, blacklistedZh, barred?.basisZh ?? null);
}
