import type { Context } from '@wenshu/kit/context.ts';
import { today } from '@wenshu/kit/today.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { eq } from 'drizzle-orm';
import type { NameCommissionerInput } from '../schema-types.ts';
import { agencies, enterpriseCommissioners } from '../tables.ts';

/** Names the agency that looks after an enterprise, or ends it. The same naming again changes nothing. */
export async function nameCommissioner(
  { db }: Context,
  { enterpriseId, agencyId = null }: NameCommissionerInput,
) {
  const { enterpriseId: named } = enterpriseCommissioners;
  if (agencyId === null) {
    await db.delete(enterpriseCommissioners).where(eq(named, enterpriseId));
    return { enterpriseId, agencyId };
  }
  const [found] = await db.select({ id: agencies.id }).from(agencies).where(eq(agencies.id, agencyId));
  const problems = new Problems();
  if (!found) problems.add('agencyId', 'UNKNOWN', `“${agencyId}”不存在。`, `"${agencyId}" does not exist.`);
  problems.throwIfAny();
  await db
    .insert(enterpriseCommissioners)
    .values({ enterpriseId, agencyId, since: today() })
    .onConflictDoUpdate({ target: named, set: { agencyId, since: today() } });
  return { enterpriseId, agencyId };
}
