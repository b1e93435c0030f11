import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOutFirst } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { enforcementRules } from '@wenshu/schema/enforcement-rules.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import type { RecordCampaignInspectionInput, RecordInspectionInput } from '../schema-types.ts';
import { inspectionAgencies, inspections } from '../tables.ts';
import { type CampaignFacts, campaignFacts } from './campaign-evidence.ts';
import { inspectionWorkflow } from './enforcement.ts';
import { enterpriseOfRecord, type OfEnterprise } from './enterprise-of-record.ts';

type Inspected = RecordInspectionInput & Partial<Pick<RecordCampaignInspectionInput, 'campaignId'>>;

/** Records an inspection that took place outside of campaigns. The caller's agency takes part in it. */
export const recordInspection = (context: Context, input: RecordInspectionInput): Promise<Carried> =>
  record(context, input, undefined);

/** Records an inspection of a campaign, which the caller's agency must have joined. Throws EVIDENCE_MISSING. */
export const recordCampaignInspection = (
  context: Context,
  input: RecordCampaignInspectionInput,
): Promise<Carried> => record(context, input, campaignFacts(context, input.campaignId));

async function record(
  context: Context,
  input: Inspected,
  campaign: CampaignFacts | undefined,
): Promise<Carried> {
  const { enterpriseId, campaignId } = input;
  const problems = new Problems(context);
  const noteZh = problems.optionalText('noteZh', input.noteZh);
  const of = await enterpriseOfRecord(context.db, problems, enterpriseId);
  listProblems(problems, input, campaign);
  problems.throwIfAny();
  const own = agencyOf(context.caller);
  const mayInspect = own !== undefined && (campaign?.joinedIds.includes(own) ?? true);
  const intended = {
    regionCode: of.regionCode,
    enterpriseId,
    relations: mayInspect ? ['inspecting'] : [],
  };
  const request = { action: 'RECORD' as const, key: input.key, input };
  return carryOutFirst(context, inspectionWorkflow, request, intended, async (db, { stage }) => {
    const id = newId('ins', of.synthetic);
    await insert(db, context, { id, stage, own, input, of });
    return { id, noteZh, details: campaign ? { campaign: campaignId, joined: campaign.joinedIds } : {} };
  });
}

/** Lists what is wrong with an inspection, all at once. */
function listProblems(
  problems: Problems,
  { inspectedOn, officers, agencyIds, campaignId }: Inspected,
  campaign: CampaignFacts | undefined,
): void {
  if (inspectedOn > today())
    problems.add('inspectedOn', 'DATE', '检查日期不得晚于今天。', 'The day must not be after today.');
  const { leastOfficers } = enforcementRules;
  if (officers < leastOfficers)
    problems.add(
      'officers',
      'LENGTH',
      `执法人员不得少于${leastOfficers}名。`,
      `At least ${leastOfficers} officers must inspect.`,
    );
  if (!campaign) return;
  if (campaign.stage !== 'RUNNING' && campaign.stage !== 'DONE')
    problems.add('campaignId', 'UNKNOWN', `“${campaignId}”未在进行。`, `"${campaignId}" is not under way.`);
  for (const [at, id] of (agencyIds ?? []).entries()) {
    if (!campaign.joinedIds.includes(id))
      problems.add(`agencyIds.${at}`, 'UNKNOWN', `“${id}”未参加该行动。`, `"${id}" has not joined it.`);
  }
}

type New = {
  readonly id: string;
  readonly stage: string;
  readonly own: string | undefined;
  readonly input: Inspected;
  readonly of: OfEnterprise;
};

async function insert(db: Database, { calendar }: Context, { id, stage, own, input, of }: New) {
  const { enterpriseId, inspectedOn, officers, method } = input;
  await db.insert(inspections).values({
    id,
    enterpriseId,
    campaignId: input.campaignId ?? null,
    method,
    inspectedOn,
    officers,
    result: input.result,
    recordedOn: today(),
    recordDueOn: addWorkingDays(inspectedOn, enforcementRules.recordWorkingDays, calendar),
    regionCode: of.regionCode,
    stage,
    synthetic: of.synthetic,
  });
  const agencyIds = new Set([...(own === undefined ? [] : [own]), ...(input.agencyIds ?? [])]);
  await db
    .insert(inspectionAgencies)
    .values([...agencyIds].map((agencyId) => ({ inspectionId: id, agencyId })));
}
