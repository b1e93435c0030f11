import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { stepTable, workflowTables } from '@wenshu/kit/workflow/tables.ts';
import type { Department, KeyAction } from '@wenshu/schema/caller.ts';
import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

export const schema = pgSchema('hub');

/** The tables that the workflows of the control part share. */
export const agencyTables = workflowTables(schema);
export const { changes, mutationKeys, dueNotices, sweeps } = agencyTables;

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
const texts = (name: string) => text(name).array().$type<readonly string[]>().notNull().default(sql`'{}'`);
const isOneOf = (column: AnyPgColumn, values: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;

/** API keys. They are revoked, never deleted. A trigger (0001_changes.sql) notifies every gateway of changed rows. */
export const apiKeys = schema.table(
  'api_keys',
  {
    id: text().primaryKey(),
    environment: text().$type<'LIVE' | 'TEST'>().notNull(),
    partner: text().notNull(),
    contact: text().notNull(),
    scopes: texts('scopes'),
    regions: texts('regions'),
    enterpriseId: text('enterprise_id'),
    consentBy: text('consent_by'),
    consentOn: date('consent_on', { mode: 'string' }),
    consentDocument: text('consent_document'),
    addresses: texts('addresses'),
    /** What the key may carry out for its enterprise. */
    actions: text().array().$type<readonly KeyAction[]>().notNull().default(sql`'{}'`),
    costPerMinute: integer('cost_per_minute'),
    costPerDay: integer('cost_per_day'),
    documents: text().$type<'LOG_UNKNOWN' | 'ALLOW_LIST' | 'IDS_ONLY'>(),
    department: text().$type<Department>().notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    expiresAt: moment('expires_at').notNull(),
    rotatedFrom: text('rotated_from').references((): AnyPgColumn => apiKeys.id),
    /** For a key of an enterprise, the key for which departments were asked: itself, or the key that it replaces. */
    approvalsOf: text('approvals_of').references((): AnyPgColumn => apiKeys.id),
    /** Fields about the enterprise that the key opens of the department that made it. */
    ownFields: texts('own_fields'),
    overlapEndsAt: moment('overlap_ends_at'),
    revokedAt: moment('revoked_at'),
    revokedBy: text('revoked_by'),
    revokedReason: text('revoked_reason'),
    /** HMAC-SHA-256 of the key with the pepper that `pepper` identifies. */
    digest: text().notNull(),
    pepper: text().notNull(),
  },
  (t) => [
    check('api_keys_environment_known', isOneOf(t.environment, ['LIVE', 'TEST'])),
    check('api_keys_documents_known', isOneOf(t.documents, ['LOG_UNKNOWN', 'ALLOW_LIST', 'IDS_ONLY'])),
    check('api_keys_year', sql`${t.expiresAt} <= ${t.createdAt} + interval '366 days'`),
    check(
      'api_keys_consent',
      sql`num_nonnulls(${t.enterpriseId}, ${t.consentBy}, ${t.consentOn}, ${t.consentDocument}) in (0, 4)`,
    ),
    check(
      'api_keys_revoked',
      sql`num_nonnulls(${t.revokedAt}, ${t.revokedBy}, ${t.revokedReason}) in (0, 3)`,
    ),
    ...textIndexes('api_keys_partner', t.partner),
    index('api_keys_environment').on(t.environment, t.id),
    index('api_keys_department').on(t.department, t.id),
    index('api_keys_created_at').on(t.createdAt, t.id),
    index('api_keys_expires_at').on(t.expiresAt, t.id),
    index('api_keys_rotated_from').on(t.rotatedFrom),
    index('api_keys_approvals_of').on(t.approvalsOf),
  ],
);

const keyId = () =>
  text('key_id')
    .notNull()
    .references(() => apiKeys.id);

/** Last uses, in a table of their own so that a use is no change of the key. */
export const apiKeyUses = schema.table('api_key_uses', {
  keyId: keyId().primaryKey(),
  lastUsedAt: moment('last_used_at').notNull(),
});

/** Number of requests on a day in Beijing, by operation name or field. */
export const apiKeyUsage = schema.table(
  'api_key_usage',
  {
    keyId: keyId(),
    day: date({ mode: 'string' }).notNull(),
    kind: text().$type<'OPERATION' | 'FIELD'>().notNull(),
    name: text().notNull(),
    count: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.keyId, t.day, t.kind, t.name] }),
    check('api_key_usage_kind_known', isOneOf(t.kind, ['OPERATION', 'FIELD'])),
  ],
);

/** Stored states. EXPIRED is not stored: an active agreement expires by itself at `endsAt`. */
const statesOnRecord = ['REQUESTED', 'ACTIVE', 'REFUSED', 'REVOKED'] as const;
const actions = ['REQUEST', 'EXTEND', 'APPROVE', 'REFUSE', 'REVOKE'] as const;
export type AgreementAction = (typeof actions)[number];

/**
 * Agreements: a department requests fields of another, for itself or for an API key of an enterprise. `state` is that
 * of the latest event. A trigger (0001_changes.sql) notifies every gateway of changed rows.
 */
export const agreements = schema.table(
  'agreements',
  {
    id: text().primaryKey(),
    state: text().$type<(typeof statesOnRecord)[number]>().notNull().default('REQUESTED'),
    requester: text().$type<Department>().notNull(),
    owner: text().$type<Department>().notNull(),
    fields: texts('fields'),
    /** Key that the agreement is for. Such an agreement opens nothing to the requesting department. */
    keyId: text('key_id').references(() => apiKeys.id),
    purpose: text().notNull(),
    basis: text().notNull(),
    method: text(),
    regionCode: text('region_code'),
    parkId: text('park_id'),
    endsOn: date('ends_on', { mode: 'string' }).notNull(),
    /** End of the last day, in Beijing. */
    endsAt: moment('ends_at').notNull(),
    requestedAt: moment('requested_at').notNull().defaultNow(),
    requestedBy: text('requested_by').notNull(),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    isExtended: boolean('is_extended').notNull().default(false),
    deliverBy: date('deliver_by', { mode: 'string' }),
    /** True for one that a trial hub made by itself (trial-agreements.ts). */
    isTrial: boolean('is_trial').notNull().default(false),
  },
  (t) => [
    check('agreements_state_known', isOneOf(t.state, statesOnRecord)),
    check('agreements_parties', sql`${t.requester} <> ${t.owner}`),
    check('agreements_fields', sql`cardinality(${t.fields}) > 0`),
    index('agreements_state').on(t.state, t.endsAt),
    index('agreements_requester').on(t.requester, t.id),
    index('agreements_key_id').on(t.keyId),
    index('agreements_owner').on(t.owner, t.id),
    index('agreements_ends_on').on(t.endsOn, t.id),
    index('agreements_requested_at').on(t.requestedAt, t.id),
    index('agreements_due_on').on(t.dueOn, t.id),
    index('agreements_is_trial').on(t.isTrial, t.id),
  ],
);

/** Events of agreements. Rows are added, never changed or deleted; a trigger (0001_changes.sql) enforces it. */
export const agreementEvents = schema.table(
  'agreement_events',
  {
    agreementId: text('agreement_id')
      .notNull()
      .references(() => agreements.id),
    seq: integer().notNull(),
    action: text().$type<AgreementAction>().notNull(),
    at: moment('at').notNull().defaultNow(),
    department: text().$type<Department>().notNull(),
    by: text().notNull(),
    reason: text(),
  },
  (t) => [
    primaryKey({ columns: [t.agreementId, t.seq] }),
    check('agreement_events_action_known', isOneOf(t.action, actions)),
  ],
);

export const correctionStages = ['SUBMITTED', 'ACCEPTED', 'REFUSED', 'DISPUTED', 'SETTLED', 'WITHDRAWN'];

/** Requests to correct a record of an agency, and disputes about refused agreements. */
export const corrections = schema.table(
  'corrections',
  {
    id: text().primaryKey(),
    kind: text().$type<'RECORD' | 'AGREEMENT'>().notNull(),
    coordinate: text(),
    subjectId: text('subject_id').notNull(),
    /** The version of the record when it was asked for. */
    subjectVersion: integer('subject_version'),
    requester: text().$type<Department>(),
    enterpriseId: text('enterprise_id'),
    owner: text().$type<Department>().notNull(),
    regionCode: text('region_code'),
    claimedZh: text('claimed_zh').notNull(),
    evidence: text().notNull(),
    requestedOn: date('requested_on', { mode: 'string' }).notNull(),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    mendedInVersion: integer('mended_in_version'),
    answerZh: text('answer_zh'),
    isUpheld: boolean('is_upheld'),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    version: integer().notNull().default(1),
  },
  (t) => [
    check('corrections_stage_known', isOneOf(t.stage, correctionStages)),
    check('corrections_kind_known', isOneOf(t.kind, ['RECORD', 'AGREEMENT'])),
    check('corrections_coordinate', sql`(${t.kind} = 'RECORD') = (${t.coordinate} is not null)`),
    check('corrections_by_one', sql`num_nonnulls(${t.requester}, ${t.enterpriseId}) = 1`),
    check('corrections_mended', sql`(${t.stage} = 'ACCEPTED') = (${t.mendedInVersion} is not null)`),
    index('corrections_kind').on(t.kind, t.id),
    index('corrections_stage').on(t.stage, t.id),
    index('corrections_requester').on(t.requester, t.id),
    index('corrections_enterprise').on(t.enterpriseId, t.id),
    index('corrections_owner').on(t.owner, t.id),
    index('corrections_subject').on(t.subjectId, t.id),
    index('corrections_due_on').on(t.dueOn, t.id),
    fromHighest('corrections_due_on', t.dueOn, t.id),
  ],
);

export const correctionSteps = stepTable(schema, 'correction_steps', () => corrections.id, correctionStages);

/** Head of each gateway's audit log, as it was durable a second ago. A log without this record was changed. */
export const auditHeads = schema.table('audit_heads', {
  gateway: text().primaryKey(),
  sequence: bigint({ mode: 'number' }).notNull(),
  /** SHA-256 of that record, in hexadecimal. */
  hash: text().notNull(),
  keptAt: moment('kept_at').notNull().defaultNow(),
});

/** How far the worker has carried out each rule (follow/rules.ts): the place in the outbox of the rule's agency. */
export const rulePositions = schema.table('rule_positions', {
  rule: text().primaryKey(),
  /** Null before the first event. */
  position: text(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
});

export const webhookStates = ['ACTIVE', 'PAUSED', 'DISABLED'] as const;
export const webhookFailures = [
  'STATUS',
  'TIMEOUT',
  'NAME_UNKNOWN',
  'ADDRESS_REFUSED',
  'TLS',
  'UNREACHABLE',
] as const;
export const webhookEnds = [
  'FAILED_FOR_LONG',
  'GONE',
  'CURSOR_EXPIRED',
  'OWNER_ENDED',
  'SECRET_UNREADABLE',
] as const;

/** Webhooks of departments and of keys. Workers change them with each delivery, so nobody is notified of changes. */
export const webhooks = schema.table(
  'webhooks',
  {
    id: text().primaryKey(),
    /** The department that owns it, or that made its key. */
    department: text().$type<Department>().notNull(),
    keyId: text('key_id').references(() => apiKeys.id),
    url: text().notNull(),
    state: text().$type<(typeof webhookStates)[number]>().notNull().default('ACTIVE'),
    types: text().array().$type<readonly string[]>(),
    regionCode: text('region_code'),
    mine: boolean().notNull(),
    sendsSynthetic: boolean('sends_synthetic'),
    /** Who set it last, with the region and the agency of that person's token: it sees what this person would see. */
    setBy: text('set_by').notNull(),
    ownerRegion: text('owner_region'),
    ownerAgency: text('owner_agency'),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** Cursor of `changes` up to which everything is done; null before the first event. */
    position: text(),
    /** When a worker looks for events again. After failures it is the time of the next attempt. */
    lookAt: moment('look_at').notNull().defaultNow(),
    attempts: integer().notNull().default(0),
    failingSince: moment('failing_since'),
    lastFailure: text('last_failure').$type<(typeof webhookFailures)[number]>(),
    lastStatus: integer('last_status'),
    lastDeliveredAt: moment('last_delivered_at'),
    disabledAt: moment('disabled_at'),
    disabledReason: text('disabled_reason').$type<(typeof webhookEnds)[number]>(),
    /** The secrets of the signature, sealed under the pepper. */
    secret: text().notNull(),
    oldSecret: text('old_secret'),
    oldSecretEndsAt: moment('old_secret_ends_at'),
    /** The worker that has it now, and until when. */
    lease: text(),
    leasedUntil: moment('leased_until'),
  },
  (t) => [
    check('webhooks_state_known', isOneOf(t.state, webhookStates)),
    check('webhooks_last_failure_known', isOneOf(t.lastFailure, webhookFailures)),
    check('webhooks_disabled_reason_known', isOneOf(t.disabledReason, webhookEnds)),
    check('webhooks_disabled', sql`(${t.state} = 'DISABLED') = (${t.disabledReason} is not null)`),
    index('webhooks_department').on(t.department, t.id),
    index('webhooks_key_id').on(t.keyId),
    index('webhooks_created_at').on(t.createdAt, t.id),
    index('webhooks_look_at').on(t.lookAt).where(sql`${t.state} = 'ACTIVE'`),
  ],
);

export const webhookDeliveryStates = ['DELIVERED', 'RETRYING', 'SKIPPED'] as const;

/** Deliveries of events. What an event says is not kept: each attempt reads it anew, as the owner may see it then. */
export const webhookDeliveries = schema.table(
  'webhook_deliveries',
  {
    /** The id of the message, which is made of the webhook and the event. */
    id: text().primaryKey(),
    webhookId: text('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    state: text().$type<(typeof webhookDeliveryStates)[number]>().notNull(),
    type: text().notNull(),
    cursor: text().notNull(),
    attempts: integer().notNull().default(1),
    status: integer(),
    failure: text().$type<(typeof webhookFailures)[number]>(),
    firstAt: moment('first_at').notNull().defaultNow(),
    lastAt: moment('last_at').notNull().defaultNow(),
    nextAttemptAt: moment('next_attempt_at'),
  },
  (t) => [
    check('webhook_deliveries_state_known', isOneOf(t.state, webhookDeliveryStates)),
    index('webhook_deliveries_webhook').on(t.webhookId, t.firstAt, t.id),
    index('webhook_deliveries_first_at').on(t.firstAt, t.id),
  ],
);

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type CorrectionRow = typeof corrections.$inferSelect;
export type AgreementRow = typeof agreements.$inferSelect;
export type WebhookRow = typeof webhooks.$inferSelect;
export type WebhookDeliveryRow = typeof webhookDeliveries.$inferSelect;
