import type { Context } from '@wenshu/kit/context.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { termDays } from '@wenshu/kit/workflow/terms.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { eq, inArray } from 'drizzle-orm';
import type {
  AssignServiceRequestInput,
  RequestCoHandlingInput,
  ResolveServiceRequestInput,
  RevisitServiceRequestInput,
} from '../schema-types.ts';
import { agencies, serviceRequestCoHandlers } from '../tables.ts';
import { mustExist } from './must-exist.ts';
import { serviceRequestWorkflow } from './service-requests.ts';

/** Assigns a request to the agency in charge. A leader may set a later day than the usual one. */
export function assignServiceRequest(context: Context, input: AssignServiceRequestInput): Promise<Carried> {
  const { agencyId, dueOn = null } = input;
  return carryOut(
    context,
    serviceRequestWorkflow,
    { ...input, action: 'ASSIGN', input },
    async (row, { workingDays }, db) => {
      const problems = new Problems(context);
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
        set: {
          responsibleId: agencyId,
          extensionAskedOn: null,
          isReopened: row.isReopened || row.stage === 'REVISITED',
        },
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
    const problems = new Problems(context);
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
      if (!known.some((agency) => agency.id === id)) problems.addUnknown(`agencyIds.${at}`, id);
    }
    const days = await termDays(db, serviceRequestWorkflow, context, 'opinion', row.regionCode);
    const opinionDueOn = addWorkingDays(today(), days, context.calendar);
    const asked = await db
      .select({ seq: serviceRequestCoHandlers.seq, agencyId: serviceRequestCoHandlers.agencyId })
      .from(serviceRequestCoHandlers)
      .where(eq(serviceRequestCoHandlers.requestId, row.id));
    checkAsked(problems, agencyIds, [row.responsibleId, ...asked.map(({ agencyId }) => agencyId)]);
    problems.throwIfAny();
    const next = Math.max(-1, ...asked.map(({ seq }) => seq)) + 1;
    await db.insert(serviceRequestCoHandlers).values(
      agencyIds.map((agencyId, at) => ({
        requestId: row.id,
        seq: next + at,
        agencyId,
        dueOn: opinionDueOn,
      })),
    );
    return { noteZh, details: { agencies: agencyIds, opinionDueOn } };
  });
}

/** An agency is asked for one opinion, and not for one on what it handles itself. */
function checkAsked(
  problems: Problems,
  agencyIds: readonly string[],
  before: readonly (string | null)[],
): void {
  for (const [at, id] of agencyIds.entries()) {
    if (!before.includes(id) && agencyIds.indexOf(id) === at) continue;
    problems.add(
      `agencyIds.${at}`,
      'DUPLICATE',
      `“${id}”已被请求会办,或为承办单位。`,
      `"${id}" is asked already, or handles the request itself.`,
    );
  }
}

/** Answers a request. Without all opinions that were asked for, the note says why. */
export function resolveServiceRequest(context: Context, input: ResolveServiceRequestInput): Promise<Carried> {
  const { resolution, reviewOn = null } = input;
  return carryOut(
    context,
    serviceRequestWorkflow,
    { ...input, action: 'RESOLVE', input },
    async (row, _transition, db) => {
      const problems = new Problems(context);
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
    const problems = new Problems(context);
    const noteZh = isSatisfied
      ? problems.optionalText('remarkZh', input.remarkZh)
      : problems.text('remarkZh', input.remarkZh);
    problems.throwIfAny();
    return { set: { isSatisfied, ...(!isSatisfied && { isReopened: true }) }, noteZh };
  });
}
