import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { and, asc, count, eq, isNotNull, ne } from 'drizzle-orm';
import type { AdvanceInspectionCampaignInput, PlanInspectionCampaignInput } from '../schema-types.ts';
import {
  type CampaignRow,
  campaignAgencies,
  eventHosts,
  events,
  inspectionCampaigns,
  regions,
} from '../tables.ts';
import type { CampaignAction } from './campaign-table.ts';
import { campaignWorkflow } from './campaigns.ts';

type CampaignEffect = Effect<typeof inspectionCampaigns>;

/** Plans a campaign. The caller's agency leads it. */
export async function planInspectionCampaign(
  context: Context,
  input: PlanInspectionCampaignInput,
): Promise<Carried> {
  const { regionCode, startsOn, endsOn, agencyIds } = input;
  const problems = new Problems(context);
  const nameZh = problems.text('nameZh', input.nameZh);
  const nameEn = problems.text('nameEn', input.nameEn);
  const purposeZh = problems.text('purposeZh', input.purposeZh);
  if ((await context.db.$count(regions, eq(regions.code, regionCode))) === 0)
    problems.addUnknown('regionCode', regionCode);
  if (startsOn < today()) problems.add('startsOn', 'DATE', '不得早于今天。', 'It must not be before today.');
  if (endsOn < startsOn)
    problems.add('endsOn', 'DATE', '不得早于开始之日。', 'It must not be before the first day.');
  problems.throwIfAny();
  const leadId = agencyOf(context.caller);
  const intended = { regionCode, relations: leadId === undefined ? [] : ['lead'] };
  const request = { action: 'PLAN' as const, key: input.key, input };
  return carryOutFirst(context, campaignWorkflow, request, intended, async (db, { stage }) => {
    // A campaign and the event that it becomes have one id: inspections name it.
    const id = newId('evt', false);
    const names = { nameZh, nameEn, purposeZh };
    await db
      .insert(inspectionCampaigns)
      .values({ id, ...names, regionCode, leadId: leadId ?? '', startsOn, endsOn, stage, dueOn: startsOn });
    await db.insert(campaignAgencies).values({ campaignId: id, agencyId: leadId ?? '', joinedOn: today() });
    await invite(db, id, agencyIds);
    return { id, dueOn: startsOn, details: { invited: agencyIds } };
  });
}

async function invite(db: Database, campaignId: string, agencyIds: readonly string[]) {
  if (agencyIds.length === 0) return;
  await db
    .insert(campaignAgencies)
    .values(agencyIds.map((agencyId) => ({ campaignId, agencyId })))
    .onConflictDoNothing();
}

type Advance = (
  row: CampaignRow,
  input: AdvanceInspectionCampaignInput,
  problems: Problems,
  context: Context,
) => CampaignEffect;

const withReason =
  (advance: Advance): Advance =>
  (row, input, problems, context) => ({
    ...advance(row, input, problems, context),
    noteZh: problems.text('noteZh', input.noteZh),
  });

const ofAgency = (campaignId: string, { caller }: Context) =>
  and(eq(campaignAgencies.campaignId, campaignId), eq(campaignAgencies.agencyId, agencyOf(caller) ?? ''));

/** What each action changes. */
const advances: Partial<Record<CampaignAction, Advance>> = {
  INVITE: ({ id }, { agencyIds }, problems) => {
    if (!agencyIds || agencyIds.length === 0)
      problems.add('agencyIds', 'MISSING', '须有受邀机构。', 'Name the agencies to invite.');
    return { also: (db) => invite(db, id, agencyIds ?? []), details: { invited: agencyIds ?? [] } };
  },
  JOIN: ({ id, stage }, _input, _problems, context) => ({
    also: async (db) => {
      await db.update(campaignAgencies).set({ joinedOn: today() }).where(ofAgency(id, context));
      if (stage === 'RUNNING') await addHost(db, id, agencyOf(context.caller) ?? '');
    },
  }),
  DECLINE: withReason(({ id }, _input, _problems, context) => ({
    also: (db) => db.delete(campaignAgencies).where(ofAgency(id, context)),
  })),
  START: (row) => ({ dueOn: row.endsOn, set: { startedOn: today() }, also: (db) => addEvent(db, row) }),
  FINISH: ({ id }) => ({
    set: { finishedOn: today() },
    also: (db) => db.update(events).set({ endDate: today() }).where(eq(events.id, id)),
  }),
  // The event, which only the agencies in charge saw until now, is held for everybody.
  PUBLISH: ({ id }) => ({
    also: (db) => db.update(events).set({ status: 'HELD' }).where(eq(events.id, id)),
  }),
  CANCEL: withReason(() => ({})),
};

/** Makes the event of a campaign. As long as it is SCHEDULED, a row rule hides it from others. */
async function addEvent(db: Database, { id, nameZh, nameEn, regionCode, synthetic, leadId }: CampaignRow) {
  await db.insert(events).values({
    id,
    nameZh,
    nameEn,
    kind: 'INSPECTION_CAMPAIGN',
    status: 'SCHEDULED',
    startDate: today(),
    year: Number(today().slice(0, 4)),
    regionCode,
    synthetic,
  });
  const joined = await db
    .select({ agencyId: campaignAgencies.agencyId })
    .from(campaignAgencies)
    .where(
      and(
        eq(campaignAgencies.campaignId, id),
        ne(campaignAgencies.agencyId, leadId),
        isNotNull(campaignAgencies.joinedOn),
      ),
    )
    .orderBy(asc(campaignAgencies.agencyId));
  const hosts = [{ agencyId: leadId, role: 'HOST' }, ...joined.map((each) => ({ ...each, role: 'CO_HOST' }))];
  await db.insert(eventHosts).values(
    hosts.map(({ agencyId, role }, seq) => ({
      eventId: id,
      seq,
      role,
      targetType: 'Agency',
      targetId: agencyId,
    })),
  );
}

async function addHost(db: Database, eventId: string, targetId: string) {
  const [{ held } = { held: 0 }] = await db
    .select({ held: count() })
    .from(eventHosts)
    .where(eq(eventHosts.eventId, eventId));
  await db.insert(eventHosts).values({ eventId, seq: held, role: 'CO_HOST', targetType: 'Agency', targetId });
}

/** Carries out an action on a campaign. */
export function advanceInspectionCampaign(
  context: Context,
  input: AdvanceInspectionCampaignInput,
): Promise<Carried> {
  const advance = advances[input.action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${input.action} is not for this mutation.`, {
      messageZh: `${input.action} 不由该变更办理。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, campaignWorkflow, { ...input, input }, (row) => {
    const problems = new Problems(context);
    const noteZh = problems.optionalText('noteZh', input.noteZh);
    const effect = { noteZh, ...advance(row, input, problems, context) };
    problems.throwIfAny();
    return effect;
  });
}
