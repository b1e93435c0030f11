import { today } from '@wenshu/kit/today.ts';
import { type SQL, sql } from 'drizzle-orm';
import { serviceRequests } from './tables.ts';

const { stage, dueOn } = serviceRequests;

/** Returns true for a request that was due before today and is not struck off; null while it is open without a due day. */
export function isOverdue(request: { stage: string; dueOn: string | null }): boolean | null {
  if (request.stage === 'STRUCK_OFF') return false;
  return request.dueOn === null ? null : request.dueOn < today();
}

export const overdueSql = (): SQL => sql`(${stage} <> 'STRUCK_OFF' and ${dueOn} < ${today()}::date)`;
