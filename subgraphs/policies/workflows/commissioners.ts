import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { evidenceOf } from '@wenshu/kit/workflow/evidence.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { once } from '@wenshu/kit/workflow/mutation-keys.ts';
import { situationBefore } from '@wenshu/kit/workflow/situations.ts';
import { HubError, notFound } from '@wenshu/schema/errors.ts';
import { eq } from 'drizzle-orm';
import type { NameCommissionerInput } from '../schema-types.ts';
import { agencies, agencyTables, enterpriseCommissioners } from '../tables.ts';
import { mustExist } from './must-exist.ts';

/** Names the agency that looks after an enterprise, or ends it. */
export async function nameCommissioner(context: Context, input: NameCommissionerInput) {
  const { key, enterpriseId, agencyId = null } = input;
  const { isReplay } = await once(context, agencyTables, { key, input }, async (inside) => {
    const problems = new Problems(context);
    if (agencyId !== null) await mustExist(inside.db, problems, 'agencyId', agencyId, agencies.id);
    problems.throwIfAny();
    await requireOwnRegion(inside, enterpriseId);
    await keep(inside.db, enterpriseId, agencyId);
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

/** The answer to the evidence of `nameCommissioner`. */
type Asked = { readonly enterprise: { readonly region: { readonly code: string } | null } | null };

/** Throws FORBIDDEN unless the enterprise is in the region that the caller is limited to, as the register says. */
async function requireOwnRegion(context: Context, id: string): Promise<void> {
  const { enterprise } = evidenceOf(context, ['Enterprise.region']).data as Asked;
  if (!enterprise) throw notFound('Enterprise', '企业', id);
  const { db, caller } = context;
  const regionCode = enterprise.region?.code ?? null;
  const { isInRegion } = await situationBefore(db, { agency: agencyTables }, caller, { regionCode });
  if (isInRegion) return;
  throw new HubError('FORBIDDEN', `Enterprise "${id}" is not in your region.`, {
    messageZh: `企业“${id}”不在您所属的地区。`,
  });
}
