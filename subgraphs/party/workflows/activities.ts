import type { Context } from '@wenshu/kit/context.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { and, eq } from 'drizzle-orm';
import type { RecordPartyActivityInput, WithdrawPartyActivityInput } from '../schema-types.ts';
import { partyActivities, partyUnits } from '../tables.ts';
import { activityWorkflow } from './workflows.ts';

/** Records a meeting of a Party organisation. Throws BAD_USER_INPUT with all problems, and what the engine throws. */
export async function recordPartyActivity(
  context: Context,
  input: RecordPartyActivityInput,
): Promise<Carried> {
  const { db, caller } = context;
  const { unitId, meeting, on, key } = input;
  const problems = new Problems(context);
  const topicZh = problems.text('topicZh', input.topicZh);
  if (on > today()) problems.add('on', 'DATE', '日期不得晚于今天。', 'The day must not be after today.');
  const [unit] = await db.select().from(partyUnits).where(eq(partyUnits.id, unitId));
  if (!unit) problems.addUnknown('unitId', unitId);
  problems.throwIfAny();
  const { regionCode = null, hostId = null, synthetic = false } = unit ?? {};
  const isHost = hostId !== null && hostId === agencyOf(caller);
  const intended = { regionCode, relations: isHost ? ['host'] : [] };
  const request = { action: 'RECORD' as const, key, input };
  return carryOutFirst(context, activityWorkflow, request, intended, async (tx, { stage }) => {
    await refuseSecond(tx, input);
    const id = newId('act', synthetic);
    await tx
      .insert(partyActivities)
      .values({ id, unitId, hostId, meeting, on, topicZh, regionCode, stage, synthetic });
    return { id };
  });
}

async function refuseSecond(
  db: Context['db'],
  { unitId, meeting, on }: Pick<RecordPartyActivityInput, 'unitId' | 'meeting' | 'on'>,
): Promise<void> {
  // Two records of one meeting at the same time wait for each other here.
  await db.select({ id: partyUnits.id }).from(partyUnits).where(eq(partyUnits.id, unitId)).for('update');
  const recorded = await db.$count(
    partyActivities,
    and(
      eq(partyActivities.unitId, unitId),
      eq(partyActivities.meeting, meeting),
      eq(partyActivities.on, on),
      eq(partyActivities.stage, 'RECORDED'),
    ),
  );
  if (recorded === 0) return;
  const problems = new Problems();
  problems.add('on', 'DATE', '该次组织生活已有记录。', 'This meeting is on record already.');
  problems.throwIfAny();
}

/** Withdraws the record of a meeting that was made in error. */
export function withdrawPartyActivity(context: Context, input: WithdrawPartyActivityInput): Promise<Carried> {
  return carryOut(context, activityWorkflow, { ...input, action: 'WITHDRAW', input }, () => {
    const problems = new Problems(context);
    const noteZh = problems.text('noteZh', input.noteZh);
    problems.throwIfAny();
    return { noteZh };
  });
}
