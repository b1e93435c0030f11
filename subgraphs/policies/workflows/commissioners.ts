import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { once } from '@wenshu/kit/workflow/mutation-keys.ts';
import { eq } from 'drizzle-orm';
import type { NameCommissionerInput } from '../schema-types.ts';
import { agencies, agencyTables, enterpriseCommissioners } from '../tables.ts';
import { mustExist } from './must-exist.ts';

/** Names the agency that looks after an enterprise, or ends it. */
export async function nameCommissioner(context: Context, input: NameCommissionerInput) {
  const { key, enterpriseId, agencyId = null } = input;
  const request = { key, input };
  const { isReplay } = await once(context, agencyTables, request, async ({ db }) => {
    const problems = new Problems(context);
    if (agencyId !== null) await mustExist(db, problems, 'agencyId', agencyId, agencies.id);
    problems.throwIfAny();
    await keep(db, enterpriseId, agencyId);
    return { id: enterpriseId };
  });
  return { enterpriseId, agencyId, isReplay };
}

async function keep(db: Database, enterpriseId: string, agencyId: string | null): Promise<void> {
  const { enterpriseId: named } = enterpriseCommissioners;
  if (agencyId === null) {
    await db.delete(enterpriseCommissioners).where(eq(named, enterpriseId));
    return;
  }
  await db
    .insert(enterpriseCommissioners)
    .values({ enterpriseId, agencyId, since: today() })
    .onConflictDoUpdate({ target: named, set: { agencyId, since: today() } });
}
