import type { Context } from '@wenshu/kit/context.ts';
import { today } from '@wenshu/kit/today.ts';
import { evidenceOf } from '@wenshu/kit/workflow/evidence.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { situationBefore } from '@wenshu/kit/workflow/situations.ts';
import { HubError, notFound } from '@wenshu/schema/errors.ts';
import { eq } from 'drizzle-orm';
import type { NameCommissionerInput } from '../schema-types.ts';
import { agencies, agencyTables, enterpriseCommissioners } from '../tables.ts';
import { mustExist } from './must-exist.ts';

/** Names the agency that looks after an enterprise, or ends it. The same naming again changes nothing. */
export async function nameCommissioner(
  context: Context,
  { enterpriseId, agencyId = null }: NameCommissionerInput,
) {
  const { db } = context;
  const { enterpriseId: named } = enterpriseCommissioners;
  await mustBeInRegion(context, enterpriseId);
  if (agencyId === null) {
    await db.delete(enterpriseCommissioners).where(eq(named, enterpriseId));
    return { enterpriseId, agencyId };
  }
  const problems = new Problems();
  await mustExist(db, problems, 'agencyId', agencyId, agencies.id);
  problems.throwIfAny();
  await db
    .insert(enterpriseCommissioners)
    .values({ enterpriseId, agencyId, since: today() })
    .onConflictDoUpdate({ target: named, set: { agencyId, since: today() } });
  return { enterpriseId, agencyId };
}

/** The answer to the evidence of `nameCommissioner`. */
type Asked = { readonly enterprise: { readonly region: { readonly code: string } | null } | null };

/** Refuses an enterprise that is not there, or not in the region that the caller is limited to. */
async function mustBeInRegion(context: Context, id: string): Promise<void> {
  const { enterprise } = evidenceOf(context, ['Enterprise.region']).data as Asked;
  if (!enterprise) throw notFound('Enterprise', '企业', id);
  const regionCode = enterprise.region?.code ?? null;
  const workflow = { agency: agencyTables };
  const { isInRegion } = await situationBefore(context.db, workflow, context.caller, { regionCode });
  if (isInRegion) return;
  throw new HubError('FORBIDDEN', 'The enterprise is not in your region.', {
    messageZh: '该企业不在您的地区之内。',
  });
}
