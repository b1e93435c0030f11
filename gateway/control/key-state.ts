import { type SQL, sql } from 'drizzle-orm';
import { type Approvals, refusedBy, waitingFor } from './key-approvals.ts';
import { momentOf } from './moment.ts';
import { type AgreementRow, type ApiKeyRow, agreements, apiKeys } from './tables.ts';

/** End of a key in milliseconds since 1970, by expiry or overlap. */
export const endOf = ({ expiresAt, overlapEndsAt }: Pick<ApiKeyRow, 'expiresAt' | 'overlapEndsAt'>): number =>
  Math.min(momentOf(expiresAt), overlapEndsAt ? momentOf(overlapEndsAt) : Number.POSITIVE_INFINITY);

export type ApiKeyState = 'ACTIVE' | 'PENDING' | 'UNAPPROVED' | 'EXPIRED' | 'REVOKED';

export function stateOf(row: ApiKeyRow, approvals: Approvals): ApiKeyState {
  if (row.revokedAt) return 'REVOKED';
  if (endOf(row) <= Date.now()) return 'EXPIRED';
  if (row.enterpriseId === null) return 'ACTIVE';
  // No department was asked for a key that is older than approvals.
  if (row.approvalsOf === null || refusedBy(approvals).length > 0) return 'UNAPPROVED';
  return waitingFor(approvals).length > 0 ? 'PENDING' : 'ACTIVE';
}

export const hasNotEnded: SQL = sql`least(${apiKeys.expiresAt}, ${apiKeys.overlapEndsAt}) > now()`;

const isAnswered = (...states: readonly AgreementRow['state'][]): SQL => sql`exists (
  select from ${agreements}
  where ${agreements.keyId} = ${apiKeys.approvalsOf} and ${agreements.state} = any(${sql.param(states)}))`;

/** The state of a key as SQL, like the function above. */
export const stateSql: SQL = sql`case
  when ${apiKeys.revokedAt} is not null then 'REVOKED'
  when not ${hasNotEnded} then 'EXPIRED'
  when ${apiKeys.enterpriseId} is null then 'ACTIVE'
  when ${apiKeys.approvalsOf} is null or ${isAnswered('REFUSED', 'REVOKED')} then 'UNAPPROVED'
  when ${isAnswered('REQUESTED')} then 'PENDING'
  else 'ACTIVE' end`;
