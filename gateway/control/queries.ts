import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { columnCondition } from '@wenshu/kit/filter.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, asc, between, desc, eq, type SQL, sql } from 'drizzle-orm';
import { overdueSql, stateSql as stateOfAgreement } from './agreements.ts';
import { listApprovals } from './key-approvals.ts';
import { stateSql as stateOfKey } from './key-state.ts';
import {
  type AgreementRow,
  type ApiKeyRow,
  agreements,
  apiKeys,
  apiKeyUsage,
  apiKeyUses,
  corrections,
  webhookDeliveries,
  webhooks,
} from './tables.ts';

/** Creates a condition on a computed value, for the operators of an enum or a boolean. */
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
    state: [
      apiKeys.revokedAt,
      apiKeys.expiresAt,
      apiKeys.overlapEndsAt,
      apiKeys.enterpriseId,
      apiKeys.approvalsOf,
    ],
    approvals: [apiKeys.approvalsOf],
    notAsked: [
      apiKeys.approvalsOf,
      apiKeys.enterpriseId,
      apiKeys.actions,
      apiKeys.department,
      apiKeys.ownFields,
    ],
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
    enterpriseId: [agreements.keyId],
  },
  filter: {
    id: agreements.id,
    state: computed(stateOfAgreement),
    requester: agreements.requester,
    owner: agreements.owner,
    endsOn: agreements.endsOn,
    dueOn: agreements.dueOn,
    isTrial: agreements.isTrial,
    isOverdue: (input, path) => computed(overdueSql())(input, path),
  },
  orderBy: {
    ID: agreements.id,
    REQUESTED_AT: agreements.requestedAt,
    DUE_ON: agreements.dueOn,
    ENDS_ON: agreements.endsOn,
  },
});

export const correctionList = defineList({
  type: 'Correction',
  table: corrections,
  id: corrections.id,
  columns: { isOverdue: [corrections.dueOn], allowedActions: [corrections.id] },
  filter: {
    id: corrections.id,
    kind: corrections.kind,
    stage: corrections.stage,
    requester: corrections.requester,
    owner: corrections.owner,
    subjectId: corrections.subjectId,
    dueOn: corrections.dueOn,
  },
  orderBy: { ID: corrections.id, DUE_ON: corrections.dueOn },
});

export const webhookList = defineList({
  type: 'Webhook',
  table: webhooks,
  id: webhooks.id,
  columns: { nextAttemptAt: [webhooks.lookAt, webhooks.failingSince, webhooks.state] },
  filter: { id: webhooks.id, state: computed(sql`${webhooks.state}`) },
  orderBy: { ID: webhooks.id, CREATED_AT: webhooks.createdAt },
});

export const webhookDeliveryList = defineList({
  type: 'WebhookDelivery',
  table: webhookDeliveries,
  id: webhookDeliveries.id,
  columns: {},
  filter: { id: webhookDeliveries.id, state: computed(sql`${webhookDeliveries.state}`) },
  orderBy: { ID: webhookDeliveries.id, FIRST_AT: webhookDeliveries.firstAt },
});

/** Loads the approvals of a key, by the key for which departments were asked. */
export const approvalsOf = async (
  context: Context,
  { approvalsOf }: Pick<ApiKeyRow, 'approvalsOf'>,
): Promise<readonly AgreementRow[]> =>
  approvalsOf === null
    ? []
    : context
        .batch<string, readonly AgreementRow[]>('approvals of keys', async (keyIds) => {
          const byKey = await listApprovals(context.db, keyIds);
          return keyIds.map((id) => byKey.get(id) ?? []);
        })
        .load(approvalsOf);

/** Loads the enterprise of a key. */
export const enterpriseOfKey = (context: Context, keyId: string): Promise<string | null> =>
  context
    .batch<string, string | null>('enterprises of keys', async (keyIds) => {
      const rows = await context.db
        .select({ id: apiKeys.id, enterpriseId: apiKeys.enterpriseId })
        .from(apiKeys)
        .where(columnCondition(apiKeys.id, { in: keyIds }, 'key'));
      const byKey = new Map(rows.map(({ id, enterpriseId }) => [id, enterpriseId]));
      return keyIds.map((id) => byKey.get(id) ?? null);
    })
    .load(keyId);

/** Loads when a key was last used; null if never. */
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

/** Lists the usage of a key on each day from `from` to `to`, both included. */
export async function listUsage(db: Database, keyId: string, from: string, to: string) {
  const days = (Date.parse(to) - Date.parse(from)) / (24 * 3_600_000);
  if (days < 0 || days > 366) {
    throw badInput(
      'to',
      `"to" must be from the day of "from" to 366 days after it, not ${to}.`,
      `“to”须在“from”当日至其后 366 日之间,不能是 ${to}。`,
    );
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
