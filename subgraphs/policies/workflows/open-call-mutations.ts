import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { sameAuthorsAs } from '@wenshu/kit/workflow/decide.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { termDays } from '@wenshu/kit/workflow/terms.ts';
import { HubError, notFound } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, eq, inArray } from 'drizzle-orm';
import { openCallList } from '../queries.ts';
import type {
  AdvanceOpenCallInput,
  ClaimOpenCallInput,
  PublishOpenCallInput,
  SelectClaimInput,
  WithdrawClaimInput,
} from '../schema-types.ts';
import {
  agencies,
  type OpenCallRow,
  openCallClaimSteps,
  openCallClaims,
  openCalls,
  policies,
  regions,
} from '../tables.ts';
import { mustExist } from './must-exist.ts';
import type { OpenCallAction } from './open-call-table.ts';
import { claimWorkflow, openCallWorkflow } from './open-calls.ts';

/** Publishes an open call for the agency of the caller. */
export async function publishOpenCall(context: Context, input: PublishOpenCallInput): Promise<Carried> {
  const problems = new Problems(context);
  const titleZh = problems.text('titleZh', input.titleZh);
  const textZh = problems.text('textZh', input.textZh);
  checkDays(problems, input);
  await mustExist(context.db, problems, 'regionCode', input.regionCode, regions.code);
  if (input.policyId) await mustExist(context.db, problems, 'policyId', input.policyId, policies.id);
  const publisherId = agencyOf(context.caller);
  const synthetic = publisherId === undefined ? false : await isSyntheticAgency(context.db, publisherId);
  problems.throwIfAny();
  const { regionCode, claimsUntil, deadline } = input;
  const request = { action: 'PUBLISH' as const, key: input.key, input };
  const intended = { regionCode, relations: publisherId === undefined ? [] : ['publisher'] };
  const days = await termDays(context.db, openCallWorkflow, context, 'selection', regionCode);
  const dueOn = addWorkingDays(claimsUntil, days, context.calendar);
  return carryOutFirst(context, openCallWorkflow, request, intended, async (db, { stage }) => {
    const id = newId('call', synthetic);
    await db.insert(openCalls).values({
      id,
      titleZh,
      textZh,
      regionCode,
      claimsUntil,
      deadline,
      dueOn,
      stage,
      synthetic,
      publishedOn: today(),
      publisherId: publisherId ?? null,
      policyId: input.policyId ?? null,
      reward: input.reward ?? null,
    });
    return { id, dueOn };
  });
}

function checkDays(problems: Problems, { claimsUntil, deadline, reward }: PublishOpenCallInput): void {
  if (claimsUntil < today()) {
    problems.add(
      'claimsUntil',
      'DATE',
      '揭榜截止日不得早于今天。',
      'The last day for claims must not be before today.',
    );
  }
  if (deadline <= claimsUntil) {
    problems.add(
      'deadline',
      'DATE',
      '完成期限须晚于揭榜截止日。',
      'The deadline must be after the last day for claims.',
    );
  }
  if (reward && Number(reward) < 0) {
    problems.add('reward', 'UNKNOWN', '赏金不得为负。', 'The reward must not be negative.');
  }
}

/** Synthetic agencies publish synthetic calls. */
async function isSyntheticAgency(db: Database, id: string): Promise<boolean> {
  const [agency] = await db
    .select({ synthetic: agencies.synthetic })
    .from(agencies)
    .where(eq(agencies.id, id));
  return agency?.synthetic ?? false;
}

/** Claims an open call for an enterprise. */
export async function claimOpenCall(context: Context, input: ClaimOpenCallInput): Promise<Carried> {
  const { caller } = context;
  const problems = new Problems(context);
  const planZh = problems.text('planZh', input.planZh);
  problems.throwIfAny();
  const { openCallId, enterpriseId } = input;
  const call = await claimable(context, context.db, openCallId);
  const submittedById = agencyOf(caller) ?? null;
  const request = { action: 'CLAIM' as const, key: input.key, input };
  const intended = {
    regionCode: call.regionCode,
    enterpriseId,
    relations: submittedById === null ? [] : ['submitter'],
  };
  return carryOutFirst(context, claimWorkflow, request, intended, async (db, { stage }) => {
    // Locked, so that the call is not decided meanwhile.
    const { publisherId, regionCode, synthetic } = await stillClaimable(context, db, openCallId);
    const id = newId('claim', synthetic);
    const made = await db
      .insert(openCallClaims)
      .values({
        id,
        openCallId,
        enterpriseId,
        publisherId,
        regionCode,
        synthetic,
        submittedById,
        planZh,
        stage,
        submittedOn: today(),
      })
      .onConflictDoNothing()
      .returning({ id: openCallClaims.id });
    // A claim of the enterprise may have come at the same time.
    if (made.length === 0) refuseSecondClaim();
    return { id };
  });
}

const shownCall = (context: Context, id: string) =>
  and(eq(openCalls.id, id), shownOnly(context, openCallList));

/** Returns a call that the caller may see. Throws NOT_FOUND; a key of the other kind of rows sees none. */
async function claimable(context: Context, db: Database, id: string): Promise<OpenCallRow> {
  const { caller } = context;
  const [call] = await db.select().from(openCalls).where(shownCall(context, id)).for('share');
  if (!call || (caller?.kind === 'partner' && caller.isTest !== call.synthetic)) {
    throw notFound('OpenCall', '揭榜任务', id);
  }
  return call;
}

async function stillClaimable(context: Context, db: Database, id: string): Promise<OpenCallRow> {
  const call = await claimable(context, db, id);
  if (call.stage === 'PUBLISHED' && call.claimsUntil !== null && call.claimsUntil >= today()) return call;
  throw new HubError('WRONG_STAGE', 'This open call takes no claims any more.', {
    messageZh: '该揭榜任务已不再接受揭榜。',
    stage: call.stage,
    allowed: [],
  });
}

function refuseSecondClaim(): void {
  const problems = new Problems();
  problems.add(
    'openCallId',
    'UNKNOWN',
    '该企业已揭此榜。',
    'The enterprise has already claimed this open call.',
  );
  problems.throwIfAny();
}

/** Withdraws a claim. */
export function withdrawClaim(context: Context, input: WithdrawClaimInput): Promise<Carried> {
  return carryOut(context, claimWorkflow, { ...input, action: 'WITHDRAW', input }, () => {
    const problems = new Problems(context);
    const noteZh = problems.text('noteZh', input.noteZh);
    problems.throwIfAny();
    return { noteZh };
  });
}

/** Selects a claim. What becomes of the claims follows from it: the hub notes it in each. */
export function selectClaim(context: Context, input: SelectClaimInput): Promise<Carried> {
  const { claimId } = input;
  return carryOut(
    context,
    openCallWorkflow,
    { ...input, action: 'SELECT', input },
    async ({ id }, _transition, db) => {
      const problems = new Problems(context);
      const noteZh = problems.text('noteZh', input.noteZh);
      const [claim] = await db
        .select()
        .from(openCallClaims)
        .where(and(eq(openCallClaims.id, claimId), eq(openCallClaims.openCallId, id)))
        .for('update');
      if (claim?.stage !== 'SUBMITTED') {
        problems.add(
          'claimId',
          'UNKNOWN',
          `“${claimId}”不是此榜的有效揭榜。`,
          `"${claimId}" is no claim on this call.`,
        );
      }
      problems.throwIfAny();
      await mustBeByAnother(context, db, claimId);
      return { set: { claimantId: claim?.enterpriseId ?? null, selectedClaimId: claimId }, noteZh };
    },
  );
}

/** Who handed in a claim for an enterprise is not who selects it. */
async function mustBeByAnother({ caller }: Context, db: Database, claimId: string): Promise<void> {
  const { objectId, action, author } = openCallClaimSteps;
  const isOwn = and(eq(objectId, claimId), eq(action, 'CLAIM'), inArray(author, [...sameAuthorsAs(caller)]));
  if ((await db.$count(openCallClaimSteps, isOwn)) === 0) return;
  throw new HubError(
    'SECOND_PERSON',
    'You handed in this claim, so somebody else must select it, or another one.',
    { messageZh: '该揭榜由您代为提交,须由他人评选。', action: 'SELECT', earlier: 'CLAIM' },
  );
}

type Advance = (
  row: OpenCallRow,
  input: AdvanceOpenCallInput,
  problems: Problems,
) => Effect<typeof openCalls>;

const withReason: Advance = (_row, { noteZh }, problems) => ({ noteZh: problems.text('noteZh', noteZh) });

/** What each further action changes. */
const advances: Partial<Record<OpenCallAction, Advance>> = {
  REJECT_ALL: withReason,
  FAIL: withReason,
  START: (row, { noteZh, projectId }, problems) => ({
    noteZh: problems.optionalText('noteZh', noteZh),
    set: { projectId: projectId ?? row.projectId },
    dueOn: row.deadline,
  }),
  ACCEPT: (_row, { noteZh }, problems) => ({ noteZh: problems.optionalText('noteZh', noteZh) }),
  PAY_REWARD: (_row, { noteZh, paidOn }, problems) => {
    if (!paidOn || paidOn > today()) {
      problems.add(
        'paidOn',
        'DATE',
        '须写明付款日期,不得晚于今天。',
        'Give the day of the payment, today or earlier.',
      );
    }
    return { noteZh: problems.optionalText('noteZh', noteZh), set: { rewardPaidOn: paidOn ?? null } };
  },
};

/** Carries out one of the further actions. */
export function advanceOpenCall(context: Context, input: AdvanceOpenCallInput): Promise<Carried> {
  const { action } = input;
  const advance = advances[action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${action} has a mutation of its own, or is the hub's.`, {
      messageZh: `${action} 有专门的变更,或由平台自动办理。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, openCallWorkflow, { ...input, input }, (row) => {
    const problems = new Problems(context);
    const effect = advance(row, input, problems);
    problems.throwIfAny();
    return effect;
  });
}
