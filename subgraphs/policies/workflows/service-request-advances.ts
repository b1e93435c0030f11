import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import type { Transition } from '@wenshu/kit/workflow/table.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, eq } from 'drizzle-orm';
import { serviceRequestList } from '../queries.ts';
import type { AdvanceServiceRequestInput, ServiceRequestEscalation } from '../schema-types.ts';
import {
  agencies,
  type ServiceRequestRow,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  serviceRequests,
} from '../tables.ts';
import { mustExist } from './must-exist.ts';
import type { RequestAction } from './service-request-table.ts';
import { serviceRequestWorkflow } from './service-requests.ts';

type Advance = (
  row: ServiceRequestRow,
  input: AdvanceServiceRequestInput,
  problems: Problems,
  context: Context,
  db: Database,
  transition: Transition,
) => Promise<Effect<typeof serviceRequests>> | Effect<typeof serviceRequests>;

/** What each further action changes. Those that need a reason demand the note. */
const advances: Partial<Record<RequestAction, Advance>> = {
  DECLINE: withReason(async ({ id }, { declineReason = null, targetId = null }, problems, context, db) => {
    if (declineReason === null) {
      problems.add('declineReason', 'MISSING', '须说明不予受理的情形。', 'Say why it is declined.');
    }
    const isDuplicate = declineReason === 'DUPLICATE';
    if (isDuplicate) await mustNameAnother(context, db, problems, id, targetId);
    const duplicateOfId = isDuplicate ? targetId : null;
    return { set: { declineReason, duplicateOfId }, details: { declineReason, duplicateOfId } };
  }),
  OBJECT: withReason(() => ({ set: { declineReason: null, duplicateOfId: null } })),
  WITHDRAW: withReason(() => ({})),
  RETURN: withReason(async ({ id }, { targetId = null }, problems, _context, db) => {
    if (targetId === null) {
      problems.add(
        'targetId',
        'MISSING',
        '须说明应由哪个单位承办。',
        'Name the agency that should handle it.',
      );
    } else {
      await mustExist(db, problems, 'targetId', targetId, agencies.id);
    }
    const isSecond = (await timesOf(db, id, 'RETURN')) > 0;
    return {
      set: { responsibleId: null, suggestedId: targetId, ...(isSecond && { escalation: 'MEETING' }) },
      details: { suggested: targetId },
    };
  }),
  GIVE_OPINION: withReason(({ id }, { noteZh }, _problems, { caller }) => ({
    also: (db) => {
      const { requestId, agencyId } = serviceRequestCoHandlers;
      return db
        .update(serviceRequestCoHandlers)
        .set({ opinionZh: noteZh ?? '' })
        .where(and(eq(requestId, id), eq(agencyId, agencyOf(caller) ?? '')));
    },
  })),
  ASK_EXTENSION: withReason(() => ({ set: { extensionAskedOn: today() } })),
  // The new days count from the due day, not from today.
  GRANT_EXTENSION: ({ dueOn }, { noteZh }, problems, { calendar }, _db, { workingDays }) => ({
    noteZh: problems.optionalText('noteZh', noteZh),
    dueOn: addWorkingDays(dueOn ?? today(), workingDays ?? 0, calendar),
    set: { extensionAskedOn: null },
  }),
  STRIKE_OFF: async ({ id }, { noteZh }, problems, _context, db) => {
    const needsReason = (await timesOf(db, id, 'SEND_BACK')) >= 2;
    return {
      noteZh: needsReason ? problems.text('noteZh', noteZh) : problems.optionalText('noteZh', noteZh),
    };
  },
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

/** Returns how often an action was carried out on a request. */
const timesOf = (db: Database, id: string, action: RequestAction) =>
  db.$count(
    serviceRequestSteps,
    and(eq(serviceRequestSteps.objectId, id), eq(serviceRequestSteps.action, action)),
  );

/** Demands the id of another request that the caller sees, of which this one is a duplicate. */
async function mustNameAnother(
  context: Context,
  db: Database,
  problems: Problems,
  id: string,
  other: string | null,
): Promise<void> {
  const { id: idOf } = serviceRequests;
  const [found] =
    other === null || other === id
      ? []
      : await db
          .select({ id: idOf })
          .from(serviceRequests)
          .where(and(eq(idOf, other), shownOnly(context, serviceRequestList)));
  if (!found)
    problems.add(
      'targetId',
      'UNKNOWN',
      '须指明与哪一诉求重复。',
      'Name the request of which it is a duplicate.',
    );
}

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
  return carryOut(context, serviceRequestWorkflow, { ...input, input }, async (row, transition, db) => {
    const problems = new Problems(context);
    const effect = await advance(row, input, problems, context, db, transition);
    problems.throwIfAny();
    return effect;
  });
}

/** Demands a note, and writes it into the step. */
function withReason(advance: Advance): Advance {
  return async (row, input, problems, ...rest) => {
    const noteZh = problems.text('noteZh', input.noteZh);
    return { ...(await advance(row, { ...input, noteZh }, problems, ...rest)), noteZh };
  };
}
