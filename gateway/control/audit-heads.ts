import type { Database } from '@wenshu/kit/database.ts';
import { eq, lt, sql } from 'drizzle-orm';
import type { HeadStore } from '../audit/kept-head.ts';
import { auditHeads } from './tables.ts';

/** Stores the head of each gateway's audit log in the control database. */
export const headsIn = (db: Database): HeadStore => ({
  async find(gateway) {
    const [kept] = await db
      .select({ sequence: auditHeads.sequence, hash: auditHeads.hash })
      .from(auditHeads)
      .where(eq(auditHeads.gateway, gateway));
    return kept;
  },
  async keep(gateway, { sequence, hash }) {
    await db
      .insert(auditHeads)
      .values({ gateway, sequence, hash })
      .onConflictDoUpdate({
        target: auditHeads.gateway,
        set: { sequence, hash, keptAt: sql`now()` },
        setWhere: lt(auditHeads.sequence, sequence),
      });
  },
  async replace(gateway, { sequence, hash }) {
    await db
      .insert(auditHeads)
      .values({ gateway, sequence, hash })
      .onConflictDoUpdate({ target: auditHeads.gateway, set: { sequence, hash, keptAt: sql`now()` } });
  },
});
