import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOutFirst } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { eq, lt, sql } from 'drizzle-orm';
import type { NoteProjectProblemInput, SubmitServiceRequestInput } from '../schema-types.ts';
import {
  agencies,
  enterpriseCommissioners,
  enterpriseSubmissions,
  policies,
  regions,
  serviceRequests,
} from '../tables.ts';
import { mustExist } from './must-exist.ts';
import { serviceRequestWorkflow } from './service-requests.ts';

/** Hands in a request for an enterprise. */
export async function submitServiceRequest(
  context: Context,
  input: SubmitServiceRequestInput,
): Promise<Carried> {
  const { caller } = context;
  const problems = new Problems(context);
  const titleZh = problems.text('titleZh', input.titleZh);
  const textZh = problems.text('textZh', input.textZh);
  await Promise.all([
    mustExist(context.db, problems, 'regionCode', input.regionCode, regions.code),
    input.policyId ? mustExist(context.db, problems, 'policyId', input.policyId, policies.id) : undefined,
  ]);
  problems.throwIfAny();
  const { regionCode, enterpriseId } = input;
  const request = { action: 'SUBMIT' as const, key: input.key, input };
  const agency = agencyOf(caller);
  const commissionerId = await commissionerOf(context.db, enterpriseId);
  const isCommissioner = agency !== undefined && agency === commissionerId;
  const relations = isCommissioner ? ['commissioner'] : [];
  const intended = { regionCode, enterpriseId, kind: input.kind, relations };
  return carryOutFirst(context, serviceRequestWorkflow, request, intended, async (db, { stage, dueOn }) => {
    // A test key writes what test keys read, and a trial hub what it shows.
    const synthetic = caller?.kind === 'partner' ? caller.isTest : context.isTrial;
    if (caller?.kind === 'partner') await countSubmission(db, enterpriseId, caller);
    const id = newId('req', synthetic);
    await db.insert(serviceRequests).values({
      id,
      enterpriseId,
      regionCode,
      kind: input.kind,
      titleZh,
      textZh,
      stage,
      submittedOn: today(),
      dueOn,
      policyId: input.policyId ?? null,
      submittedById: agency ?? null,
      commissionerId: commissionerId ?? null,
      synthetic,
    });
    return { id };
  });
}

/**
 * Hands in the request that follows from a problem of a key project, for the agency that reported it. The problem was
 * checked when it was reported. An agency that this subgraph does not know is left out: the request matters more.
 */
export async function noteProjectProblem(context: Context, input: NoteProjectProblemInput): Promise<Carried> {
  const { key, reportedById, regionCode = null, ...request } = input;
  const { enterpriseId, kind } = request;
  const [[reporter], commissionerId] = await Promise.all([
    context.db.select({ id: agencies.id }).from(agencies).where(eq(agencies.id, reportedById)),
    commissionerOf(context.db, enterpriseId),
  ]);
  return carryOutFirst(
    context,
    serviceRequestWorkflow,
    { action: 'SUBMIT', key, input },
    { regionCode, enterpriseId, kind },
    async (db, { stage, dueOn }) => {
      const id = newId('req', request.synthetic);
      await db.insert(serviceRequests).values({
        ...request,
        id,
        regionCode,
        stage,
        submittedOn: today(),
        dueOn,
        submittedById: reporter?.id ?? null,
        commissionerId: commissionerId ?? null,
      });
      return { id, noteZh: '重点项目月度进度所报的问题。', details: { projectId: request.projectId } };
    },
  );
}

/** Returns the agency that is the commissioner of an enterprise. */
async function commissionerOf(db: Database, id: string): Promise<string | undefined> {
  const { enterpriseId, agencyId } = enterpriseCommissioners;
  const [found] = await db.select({ agencyId }).from(enterpriseCommissioners).where(eq(enterpriseId, id));
  return found?.agencyId;
}

const submissionsOfDay = 10;

/** Counts a request that an enterprise hands in itself. Throws RATE_LIMITED when it is one too many for the day. */
async function countSubmission(
  db: Database,
  enterpriseId: string,
  { isTest }: Pick<PartnerCaller, 'isTest'>,
): Promise<void> {
  const { enterpriseId: whose, day, isTest: ofTests, count: times } = enterpriseSubmissions;
  const counted = await db
    .insert(enterpriseSubmissions)
    .values({ enterpriseId, isTest, day: today(), count: 1 })
    .onConflictDoUpdate({
      target: [whose, day, ofTests],
      set: { count: sql`${times} + 1` },
      setWhere: lt(times, submissionsOfDay),
    })
    .returning({ times });
  if (counted.length > 0) return;
  throw new HubError(
    'RATE_LIMITED',
    `An enterprise hands in at most ${submissionsOfDay} requests a day. Hand it in tomorrow, or ask the agency that looks after you.`,
    {
      messageZh: `每家企业每日至多提交 ${submissionsOfDay} 件诉求。请明日再提交,或联系服务专员单位。`,
      limit: submissionsOfDay,
    },
  );
}
