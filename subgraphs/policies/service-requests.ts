import { today } from '@wenshu/kit/today.ts';
import { notInArray, type SQL, sql } from 'drizzle-orm';
import { serviceRequests } from './tables.ts';
import { serviceRequestTable } from './workflows/service-request-table.ts';

const { stage, dueOn } = serviceRequests;
const closed: readonly string[] = serviceRequestTable.closed;

/** Returns true for an open request that was due before today; null while it is open without a due day. */
export function isOverdue(request: { stage: string; dueOn: string | null }): boolean | null {
  if (closed.includes(request.stage)) return false;
  return request.dueOn === null ? null : request.dueOn < today();
}

const isOpen = notInArray(stage, [...closed]);

export const overdueSql = (): SQL => sql`(${isOpen} and ${dueOn} < ${today()}::date)`;
