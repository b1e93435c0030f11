import { today } from '@wenshu/kit/today.ts';
import { and, eq, isNotNull, lte, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { serviceRequests } from './tables.ts';
import { serviceRequestTable } from './workflows/service-request-table.ts';

const { stage, dueOn, escalation, resolution, reviewOn } = serviceRequests;
const closed: readonly string[] = serviceRequestTable.closed;

/** Returns true for an open request that was due before today; null while it is open without a due day. */
export function isOverdue(request: { stage: string; dueOn: string | null }): boolean | null {
  if (closed.includes(request.stage)) return false;
  return request.dueOn === null ? null : request.dueOn < today();
}

const isOpen = notInArray(stage, [...closed]);

export const overdueSql = (): SQL => sql`(${isOpen} and ${dueOn} < ${today()}::date)`;

/** The order of an agenda. */
export const byDueDay = [{ field: 'DUE_ON', direction: 'ASC' }] as const;

/** Returns the condition that a request is on the agenda of a meeting on a day. Only the monthly one takes up what nobody put before it. */
export function isOnAgenda(meeting: 'MEETING' | 'QUARTERLY', on: string | null = today()): SQL | undefined {
  const day = on ?? today();
  const isPut = and(isOpen, eq(escalation, meeting));
  if (meeting === 'QUARTERLY') return isPut;
  const isLate = and(isOpen, sql`${dueOn} < ${day}::date`);
  const isToReview = and(eq(resolution, 'LONG_TERM'), isNotNull(reviewOn), lte(reviewOn, day));
  return or(isPut, isLate, isToReview);
}
