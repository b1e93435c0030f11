import { randomUUID } from 'node:crypto';
import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, count, eq, inArray } from 'drizzle-orm';
import type {
  AdvanceServiceRequestInput,
  AssignServiceRequestInput,
  RequestCoHandlingInput,
  ResolveServiceRequestInput,
  RevisitServiceRequestInput,
  ServiceRequestEscalation,
  SubmitServiceRequestInput,
} from '../schema-types.ts';
import {
  agencies,
  policies,
  regions,
  type ServiceRequestRow,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  serviceRequests,
} from '../tables.ts';
import { doesNotExist, mustExist } from './must-exist.ts';
import type { RequestAction } from './service-request-table.ts';
import { serviceRequestWorkflow } from './service-requests.ts';

type RequestEffect = Effect<typeof serviceRequests>;

/** Hands in a request for an enterprise. */
export async function submitServiceRequest(
  context: Context,
  input: SubmitServiceRequestInput,
): Promise<Carried> {
  const { caller } = context;
  const problems = new Problems();
  const titleZh = problems.text('titleZh', input.titleZh);
  const textZh = problems.text('textZh', input.textZh);
  await Promise.all([
    mustExist(context.db, problems, 'regionCode', input.regionCode, regions.code),
    input.policyId ? mustExist(context.db, problems, 'policyId', input.policyId, policies.id) : undefined,
  ]);
  problems.throwIfAny();
  const { regionCode, enterpriseId } = input;
  const request = { action: 'SUBMIT' as const, key: input.key, input };
  const intended = { regionCode, enterpriseId };
  return carryOutFirst(context, serviceRequestWorkflow, request, intended, async (db, { stage, dueOn }) => {
    const id = `req-${randomUUID()}`;
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
      submittedById: agencyOf(caller) ?? null,
      // A test key writes what test keys read.
      synthetic: caller?.kind === 'partner' && caller.isTest,
    });
    return { id };
  });
}

/** Assigns a request to the agency in charge. A leader may set a later day than the usual one. */
export function assignServiceRequest(context: Context, input: AssignServiceRequestInput): Promise<Carried> {
  const { agencyId, dueOn = null } = input;
  return carryOut(
    context,
    serviceRequestWorkflow,
    { ...input, action: 'ASSIGN', input },
    async (row, { workingDays }, db) => {
      const problems = new Problems();
      const noteZh = problems.optionalText('noteZh', input.noteZh);
      await mustExist(db, problems, 'agencyId', agencyId, agencies.id);
      if (dueOn !== null && dueOn < today()) {
        problems.add('dueOn', 'DATE', '期限不得早于今天。', 'The due day must not be before today.');
      }
      const usual = addWorkingDays(today(), workingDays ?? 0, context.calendar);
      const isLeader = context.caller?.kind === 'department' && context.caller.role === 'leader';
      if (dueOn !== null && dueOn > usual && !isLeader) {
        problems.add(
          'dueOn',
          'DATE',
          `晚于规定期限 ${usual},须由分管领导确定。`,
          `A day after ${usual}, the usual due day, needs a leader.`,
        );
      }
      problems.throwIfAny();
      return {
        set: { responsibleId: agencyId, isReopened: row.isReopened || row.stage === 'REVISITED' },
        noteZh,
        dueOn,
        details: { responsible: agencyId },
      };
    },
  );
}

const mostCoHandlers = 5;

/** Asks other agencies for their opinion. */
export function requestCoHandling(context: Context, input: RequestCoHandlingInput): Promise<Carried> {
  const { agencyIds } = input;
  const request = { ...input, action: 'REQUEST_CO_HANDLING' as const, input };
  return carryOut(context, serviceRequestWorkflow, request, async (row, _transition, db) => {
    const problems = new Problems();
    const noteZh = problems.text('questionZh', input.questionZh);
    if (agencyIds.length === 0 || agencyIds.length > mostCoHandlers) {
      problems.add(
        'agencyIds',
        'LENGTH',
        `会办单位须有一至${mostCoHandlers}个。`,
        `Name 1 to ${mostCoHandlers} agencies.`,
      );
    }
    const known = await db.select({ id: agencies.id }).from(agencies).where(inArray(agencies.id, agencyIds));
    for (const [at, id] of agencyIds.entries()) {
      if (!known.some((agency) => agency.id === id))
        problems.add(`agencyIds.${at}`, 'UNKNOWN', ...doesNotExist(id));
    }
    problems.throwIfAny();
    const [{ held } = { held: 0 }] = await db
      .select({ held: count() })
      .from(serviceRequestCoHandlers)
      .where(eq(serviceRequestCoHandlers.requestId, row.id));
    await db
      .insert(serviceRequestCoHandlers)
      .values(agencyIds.map((agencyId, at) => ({ requestId: row.id, seq: held + at, agencyId })))
      .onConflictDoNothing();
    return { noteZh, details: { agencies: agencyIds } };
  });
}

/** Answers a request. Without all opinions that were asked for, the note says why. */
export function resolveServiceRequest(context: Context, input: ResolveServiceRequestInput): Promise<Carried> {
  const { resolution, reviewOn = null } = input;
  return carryOut(
    context,
    serviceRequestWorkflow,
    { ...input, action: 'RESOLVE', input },
    async (row, _transition, db) => {
      const problems = new Problems();
      const answerZh = problems.text('answerZh', input.answerZh);
      const noteZh = problems.optionalText('noteZh', input.noteZh);
      if (resolution === 'LONG_TERM' && (reviewOn === null || reviewOn <= today())) {
        problems.add(
          'reviewOn',
          'MISSING',
          '长期事项须定今后的回看日期。',
          'A long-term matter needs a later day on which it is looked at again.',
        );
      }
      const silent = await db
        .select({ opinionZh: serviceRequestCoHandlers.opinionZh })
        .from(serviceRequestCoHandlers)
        .where(eq(serviceRequestCoHandlers.requestId, row.id));
      if (noteZh === null && silent.some(({ opinionZh }) => opinionZh === null)) {
        problems.add(
          'noteZh',
          'MISSING',
          '会办意见未齐,须说明理由。',
          'Opinions that were asked for are missing. Say why.',
        );
      }
      problems.throwIfAny();
      return { set: { answerZh, resolution, reviewOn }, noteZh, details: { resolution } };
    },
  );
}

/** Notes whether the enterprise is satisfied. If it is not, the request is handled again. */
export function revisitServiceRequest(context: Context, input: RevisitServiceRequestInput): Promise<Carried> {
  const { isSatisfied } = input;
  const action = isSatisfied ? 'REVISIT' : 'SEND_BACK';
  return carryOut(context, serviceRequestWorkflow, { ...input, action, input }, () => {
    const problems = new Problems();
    const noteZh = isSatisfied
      ? problems.optionalText('remarkZh', input.remarkZh)
      : problems.text('remarkZh', input.remarkZh);
    problems.throwIfAny();
    return { set: { isSatisfied, ...(!isSatisfied && { isReopened: true }) }, noteZh };
  });
}

type Advance = (
  row: ServiceRequestRow,
  input: AdvanceServiceRequestInput,
  problems: Problems,
  context: Context,
  db: Database,
) => Promise<RequestEffect> | RequestEffect;

/** What each further action changes. Those that need a reason demand the note. */
const advances: Partial<Record<RequestAction, Advance>> = {
  DECLINE: withReason(() => ({})),
  WITHDRAW: withReason(() => ({})),
  RETURN: withReason(async ({ id }, _input, _problems, _context, db) => {
    const { objectId, action } = serviceRequestSteps;
    const returned = await db.$count(serviceRequestSteps, and(eq(objectId, id), eq(action, 'RETURN')));
    return { set: { responsibleId: null, ...(returned > 0 && { escalation: 'MEETING' }) } };
  }),
  GIVE_OPINION: withReason(({ id }, { noteZh }, _problems, { caller }) => ({
    also: (db) => {
      const { requestId, agencyId } = serviceRequestCoHandlers;
      return db
        .update(serviceRequestCoHandlers)
        .set({ opinionZh: noteZh?.trim() ?? '' })
        .where(and(eq(requestId, id), eq(agencyId, agencyOf(caller) ?? '')));
    },
  })),
  ASK_EXTENSION: withReason(() => ({})),
  GRANT_EXTENSION: ({ dueOn }, { noteZh }, problems, { calendar }) => ({
    noteZh: problems.optionalText('noteZh', noteZh),
    dueOn: addWorkingDays(dueOn ?? today(), extensionDays, calendar),
  }),
  STRIKE_OFF: (_row, { noteZh }, problems) => ({ noteZh: problems.optionalText('noteZh', noteZh) }),
  REOPEN: withReason(() => ({ set: { isReopened: true } })),
  ESCALATE: withReason((_row, { escalation }, problems) => {
    if (!escalation) {
      problems.add(
        'escalation',
        'MISSING',
        '须说明上报至哪一级会议。',
        'Say which meeting it is put before.',
      );
    }
    return { set: { escalation: escalation ?? null }, details: { escalation } };
  }),
};

const extensionDays = 10;

/** Carries out one of the further actions. */
export function advanceServiceRequest(
  context: Context,
  input: AdvanceServiceRequestInput & { readonly escalation?: ServiceRequestEscalation | null },
): Promise<Carried> {
  const { action } = input;
  const advance = advances[action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${action} has a mutation of its own. Use that one.`, {
      messageZh: `${action} 有专门的变更,请用该变更。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, serviceRequestWorkflow, { ...input, input }, async (row, _transition, db) => {
    const problems = new Problems();
    const effect = await advance(row, input, problems, context, db);
    problems.throwIfAny();
    return effect;
  });
}

/** Demands a note, and writes it into the step. */
function withReason(advance: Advance): Advance {
  return async (row, input, problems, context, db) => {
    const noteZh = problems.text('noteZh', input.noteZh);
    return { ...(await advance(row, input, problems, context, db)), noteZh };
  };
}
