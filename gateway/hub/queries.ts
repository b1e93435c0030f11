import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { columnCondition } from '@wenshu/kit/filter.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, asc, between, desc, eq, type SQL, sql } from 'drizzle-orm';
import { overdueSql, stateSql as stateOfAgreement } from './agreements.ts';
import { stateSql as stateOfKey } from './keys.ts';
import { agreements, apiKeys, apiKeyUsage, apiKeyUses } from './tables.ts';

/** A condition on a value that is computed, for the operators of an enum or a boolean. */
const computed =
  (value: SQL): Condition =>
  ({ eq: wanted, in: several, isNull }: { eq?: unknown; in?: unknown[]; isNull?: boolean }) =>
    and(
      wanted == null ? undefined : sql`${value} = ${wanted}`,
      several == null ? undefined : sql`${value} = any(${sql.param(several)})`,
      isNull == null ? undefined : sql`${!isNull}`,
    ) ?? sql`true`;

export const keyList = defineList({
  type: 'ApiKey',
  table: apiKeys,
  id: apiKeys.id,
  columns: {
    state: [apiKeys.revokedAt, apiKeys.expiresAt, apiKeys.overlapEndsAt],
    consent: [apiKeys.consentBy, apiKeys.consentOn, apiKeys.consentDocument],
  },
  filter: {
    id: apiKeys.id,
    partner: apiKeys.partner,
    environment: apiKeys.environment,
    state: computed(stateOfKey),
  },
  orderBy: { ID: apiKeys.id, CREATED_AT: apiKeys.createdAt, EXPIRES_AT: apiKeys.expiresAt },
});

export const agreementList = defineList({
  type: 'Agreement',
  table: agreements,
  id: agreements.id,
  columns: {
    state: [agreements.state, agreements.endsOn],
    isOverdue: [agreements.state, agreements.dueOn],
  },
  filter: {
    id: agreements.id,
    state: computed(stateOfAgreement),
    requester: agreements.requester,
    owner: agreements.owner,
    endsOn: agreements.endsOn,
    dueOn: agreements.dueOn,
    isOverdue: (input, path) => computed(overdueSql())(input, path),
  },
  orderBy: {
    ID: agreements.id,
    REQUESTED_AT: agreements.requestedAt,
    DUE_ON: agreements.dueOn,
    ENDS_ON: agreements.endsOn,
  },
});

/** When keys were last used; null for those that never were. */
export const lastUsedAt = (context: Context, keyId: string): Promise<string | null> =>
  context
    .batch<string, string | null>('last uses of keys', async (keyIds) => {
      const rows = await context.db
        .select()
        .from(apiKeyUses)
        .where(columnCondition(apiKeyUses.keyId, { in: keyIds }, 'key'));
      const byKey = new Map(rows.map((row) => [row.keyId, row.lastUsedAt]));
      return keyIds.map((id) => byKey.get(id) ?? null);
    })
    .load(keyId);

export type UsageCount = { readonly name: string; readonly count: number };

/** What a key was used for on the days of a time, both its ends included. */
export async function listUsage(db: Database, keyId: string, from: string, to: string) {
  const days = (Date.parse(to) - Date.parse(from)) / (24 * 3_600_000);
  if (days < 0 || days > 366) {
    throw badInput('to', `"to" must be from the day of "from" to 366 days after it, not ${to}.`);
  }
  const rows = await db
    .select()
    .from(apiKeyUsage)
    .where(and(eq(apiKeyUsage.keyId, keyId), between(apiKeyUsage.day, from, to)))
    .orderBy(asc(apiKeyUsage.day), desc(apiKeyUsage.count), asc(apiKeyUsage.name));
  return [...Map.groupBy(rows, ({ day }) => day)].map(([day, ofDay]) => {
    const ofKind = (wanted: 'OPERATION' | 'FIELD'): UsageCount[] =>
      ofDay.filter(({ kind }) => kind === wanted).map(({ name, count }) => ({ name, count: Number(count) }));
    const operations = ofKind('OPERATION');
    return {
      day,
      requests: operations.reduce((sum, { count }) => sum + count, 0),
      operations,
      fields: ofKind('FIELD'),
    };
  });
}
