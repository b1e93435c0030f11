import {
  byPinyin,
  fromHighest,
  recordColumns,
  sharedTables,
  targetColumns,
  textIndexes,
} from '@wenshu/kit/tables.ts';
import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';

export const schema = pgSchema('policies');

export const shared = sharedTables(schema);
export const { regions, regionClosure, sources, indicators, links } = shared;

/** Column of any JSON value, strings included: Drizzle's `jsonb` would read the region code "370214" as a number. */
const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
});

export interface ServiceRow {
  nameZh: string;
  nameEn: string | null;
}

export const policies = schema.table(
  'policies',
  {
    ...recordColumns(),
    kind: text().notNull(),
    domain: text().notNull(),
    status: text().notNull(),
    docNo: text('doc_no').unique(),
    /** Null if the source gives only a year. */
    issuedOn: date('issued_on', { mode: 'string' }),
    issuedYear: integer('issued_year'),
    regionCode: text('region_code'),
  },
  (t) => [
    index('policies_name').on(byPinyin(t.nameZh), t.id),
    ...textIndexes('policies_name_zh', t.nameZh),
    ...textIndexes('policies_name_en', t.nameEn),
    ...textIndexes('policies_doc_no', t.docNo),
    index('policies_kind').on(t.kind, t.id),
    index('policies_domain').on(t.domain, t.id),
    index('policies_status').on(t.status, t.id),
    index('policies_issued_on').on(t.issuedOn, t.id),
    fromHighest('policies_issued_on', t.issuedOn, t.id),
    index('policies_issued_year').on(t.issuedYear, t.id),
    index('policies_region').on(t.regionCode, t.id),
    index('policies_updated_at').on(t.updatedAt, t.id),
    index('policies_synthetic').on(t.synthetic, t.id),
  ],
);

const policyId = () =>
  text('policy_id')
    .notNull()
    .references(() => policies.id, { onDelete: 'cascade' });

/** Issuers of a policy; no row means that no source names one. */
export const policyIssuers = schema.table(
  'policy_issuers',
  { policyId: policyId(), seq: integer().notNull(), ...targetColumns() },
  (t) => [
    primaryKey({ columns: [t.policyId, t.seq] }),
    index('policy_issuers_target').on(t.targetId, t.policyId),
  ],
);

/** Policies on which a policy is based. */
export const policyBases = schema.table(
  'policy_bases',
  {
    policyId: policyId(),
    seq: integer().notNull(),
    basisId: text('basis_id')
      .notNull()
      .references(() => policies.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.policyId, t.seq] }),
    index('policy_bases_basis').on(t.basisId, t.policyId),
  ],
);

/** Subjects that a policy names, each with its role. */
export const policySubjects = schema.table(
  'policy_subjects',
  { policyId: policyId(), seq: integer().notNull(), role: text().notNull(), ...targetColumns() },
  (t) => [
    primaryKey({ columns: [t.policyId, t.seq] }),
    index('policy_subjects_target').on(t.targetId, t.role, t.policyId),
  ],
);

/** Measures of a policy; no row means that the source gives no clauses. */
export const measures = schema.table(
  'measures',
  {
    id: text().primaryKey(),
    policyId: policyId(),
    seq: integer().notNull(),
    titleZh: text('title_zh').notNull(),
    titleEn: text('title_en').notNull(),
    kind: text().notNull(),
    textZh: text('text_zh').notNull(),
    frequency: text(),
    deadline: text(),
    targetGroupZh: text('target_group_zh'),
    quantities: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [
    index('measures_policy').on(t.policyId, t.seq),
    // For foreign keys to a policy and one of its measures.
    unique('measures_id_policy').on(t.id, t.policyId),
  ],
);

export const measureResponsible = schema.table(
  'measure_responsible',
  {
    measureId: text('measure_id')
      .notNull()
      .references(() => measures.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    ...targetColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.measureId, t.seq] }),
    index('measure_responsible_target').on(t.targetId, t.measureId),
  ],
);

/** Conditions of a policy; no row means that the source states none, not that everybody is eligible. */
export const policyEligibility = schema.table(
  'policy_eligibility',
  {
    id: text().primaryKey(),
    policyId: policyId(),
    seq: integer().notNull(),
    field: text().notNull(),
    op: text().notNull(),
    value: json().notNull(),
    textZh: text('text_zh').notNull(),
  },
  (t) => [index('policy_eligibility_policy').on(t.policyId, t.seq)],
);

export const agencies = schema.table(
  'agencies',
  {
    ...recordColumns(),
    kind: text().notNull(),
    department: text(),
    parentId: text('parent_id'),
    regionCode: text('region_code'),
    parkId: text('park_id'),
    services: jsonb().$type<ServiceRow[]>().notNull().default([]),
  },
  (t) => [
    index('agencies_name').on(byPinyin(t.nameZh), t.id),
    ...textIndexes('agencies_name_zh', t.nameZh),
    ...textIndexes('agencies_name_en', t.nameEn),
    index('agencies_kind').on(t.kind, t.id),
    index('agencies_department').on(t.department, t.id),
    index('agencies_parent').on(t.parentId, t.id),
    index('agencies_region').on(t.regionCode, t.id),
    index('agencies_park').on(t.parkId, t.id),
    index('agencies_updated_at').on(t.updatedAt, t.id),
    index('agencies_synthetic').on(t.synthetic, t.id),
  ],
);

/** Columns of every record of a workflow: those of any record, without names and further facts. */
const workflowColumns = () => {
  const { id, notes, citations, synthetic, updatedAt, version } = recordColumns();
  return { id, notes, citations, synthetic, updatedAt, version };
};

const isOneOf = (column: AnyPgColumn, values: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;

/** Reference to a policy without a cascade: payments and actions under a policy must not be deleted with it. */
const restsOnPolicy = () => text('policy_id').references(() => policies.id);
const agencyId = (name: string) => text(name).references(() => agencies.id);
const stepOn = () => date('step_on', { mode: 'string' }).notNull();

const requestStages = ['COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED', 'STRUCK_OFF'];
const requestKinds = [
  'POLICY_APPLICATION',
  'PROMOTION',
  'STATISTICS_REGISTER',
  'FINANCING',
  'LISTING',
  'TALENT',
  'SCENE_RESOURCES',
  'LAND_SPACE',
  'LICENSING',
  'OTHER',
];

/**
 * Requests of Service Express. `stage` is that of the last step; `isReopened` says whether a step went back to an earlier stage. Both are
 * stored here too, so that a million requests can be filtered and counted by them.
 */
export const serviceRequests = schema.table(
  'service_requests',
  {
    ...workflowColumns(),
    enterpriseId: text('enterprise_id').notNull(),
    regionCode: text('region_code'),
    kind: text().notNull(),
    typeZh: text('type_zh'),
    titleZh: text('title_zh').notNull(),
    textZh: text('text_zh'),
    stage: text().notNull(),
    submittedOn: date('submitted_on', { mode: 'string' }).notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    closedOn: date('closed_on', { mode: 'string' }),
    responsibleId: agencyId('responsible_id'),
    isSatisfied: boolean('is_satisfied'),
    isReopened: boolean('is_reopened').notNull().default(false),
    policyId: restsOnPolicy(),
  },
  (t) => [
    check('service_requests_kind_known', isOneOf(t.kind, requestKinds)),
    check('service_requests_stage_known', isOneOf(t.stage, requestStages)),
    check('service_requests_closed', sql`(${t.stage} = 'STRUCK_OFF') = (${t.closedOn} is not null)`),
    check(
      'service_requests_dates',
      sql`${t.dueOn} >= ${t.submittedOn} and ${t.closedOn} >= ${t.submittedOn}`,
    ),
    check('service_requests_assigned', sql`${t.stage} = 'COLLECTED' or ${t.responsibleId} is not null`),
    ...textIndexes('service_requests_title_zh', t.titleZh),
    index('service_requests_enterprise').on(t.enterpriseId, t.id),
    index('service_requests_region').on(t.regionCode, t.id),
    index('service_requests_kind').on(t.kind, t.id),
    index('service_requests_stage').on(t.stage, t.id),
    index('service_requests_submitted_on').on(t.submittedOn, t.id),
    index('service_requests_due_on').on(t.dueOn, t.id),
    fromHighest('service_requests_due_on', t.dueOn, t.id),
    // Overdue requests are found among those that are not struck off.
    index('service_requests_open_due_on').on(t.dueOn, t.id).where(sql`${t.stage} <> 'STRUCK_OFF'`),
    index('service_requests_closed_on').on(t.closedOn, t.id),
    index('service_requests_responsible').on(t.responsibleId, t.id),
    index('service_requests_is_satisfied').on(t.isSatisfied, t.id),
    index('service_requests_is_reopened').on(t.isReopened, t.id),
    index('service_requests_policy').on(t.policyId, t.id),
    index('service_requests_synthetic').on(t.synthetic, t.id),
  ],
);

const requestId = () =>
  text('request_id')
    .notNull()
    .references(() => serviceRequests.id, { onDelete: 'cascade' });

export const serviceRequestCoHandlers = schema.table(
  'service_request_co_handlers',
  { requestId: requestId(), seq: integer().notNull(), agencyId: agencyId('agency_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.requestId, t.seq] }),
    unique('service_request_co_handlers_agency').on(t.agencyId, t.requestId),
  ],
);

/** Steps of a request. Rows are added, never changed: reopening is a further step, back at an earlier stage. */
export const serviceRequestSteps = schema.table(
  'service_request_steps',
  {
    requestId: requestId(),
    seq: integer().notNull(),
    stage: text().notNull(),
    on: stepOn(),
    agencyId: agencyId('agency_id'),
    noteZh: text('note_zh'),
  },
  (t) => [
    primaryKey({ columns: [t.requestId, t.seq] }),
    check('service_request_steps_stage_known', isOneOf(t.stage, requestStages)),
    index('service_request_steps_agency').on(t.agencyId),
  ],
);

/** Exceptions of the calendar from Monday to Friday: holidays, and the days worked instead. */
export const calendarDays = schema.table('calendar_days', {
  day: date({ mode: 'string' }).primaryKey(),
  isWorking: boolean('is_working').notNull(),
  nameZh: text('name_zh'),
});

export const starLists = schema.table(
  'star_lists',
  {
    ...workflowColumns(),
    nameZh: text('name_zh').notNull(),
    year: integer().notNull(),
    half: text().notNull(),
    status: text().notNull(),
    objectionUntil: date('objection_until', { mode: 'string' }),
    publishedOn: date('published_on', { mode: 'string' }),
    regionCode: text('region_code'),
    policyId: restsOnPolicy(),
  },
  (t) => [
    check('star_lists_half_known', isOneOf(t.half, ['FIRST', 'SECOND'])),
    check('star_lists_status_known', isOneOf(t.status, ['DRAFT', 'OBJECTION_PERIOD', 'PUBLISHED'])),
    check('star_lists_objection', sql`${t.status} <> 'OBJECTION_PERIOD' or ${t.objectionUntil} is not null`),
    check('star_lists_published', sql`(${t.status} = 'PUBLISHED') = (${t.publishedOn} is not null)`),
    ...textIndexes('star_lists_name_zh', t.nameZh),
    index('star_lists_year').on(t.year, t.half, t.id),
    index('star_lists_half').on(t.half, t.id),
    index('star_lists_status').on(t.status, t.id),
    index('star_lists_objection_until').on(t.objectionUntil, t.id),
    index('star_lists_published_on').on(t.publishedOn, t.id),
    fromHighest('star_lists_published_on', t.publishedOn, t.id),
    index('star_lists_region').on(t.regionCode, t.id),
    index('star_lists_policy').on(t.policyId, t.id),
    index('star_lists_synthetic').on(t.synthetic, t.id),
  ],
);

/** Enterprises nominated for a list. A vetoed one stays on record, without a rank. */
export const starListEntries = schema.table(
  'star_list_entries',
  {
    listId: text('list_id')
      .notNull()
      .references(() => starLists.id, { onDelete: 'cascade' }),
    enterpriseId: text('enterprise_id').notNull(),
    rank: integer(),
    criteria: text().array().notNull(),
    reasonZh: text('reason_zh'),
    vetoedById: agencyId('vetoed_by_id'),
    vetoReasonZh: text('veto_reason_zh'),
  },
  (t) => [
    primaryKey({ columns: [t.listId, t.enterpriseId] }),
    check('star_list_entries_rank_counts', sql`${t.rank} > 0`),
    check('star_list_entries_vetoed', sql`${t.vetoedById} is null or ${t.rank} is null`),
    check('star_list_entries_veto_reason', sql`${t.vetoReasonZh} is null or ${t.vetoedById} is not null`),
    check(
      'star_list_entries_criteria_known',
      sql`${t.criteria} <@ array['SOCIAL_CONTRIBUTION', 'PERFORMANCE', 'TECHNOLOGY', 'MODEL']`,
    ),
    index('star_list_entries_enterprise').on(t.enterpriseId, t.listId),
    index('star_list_entries_vetoed_by').on(t.vetoedById),
  ],
);

const payoutStatuses = ['MATCHED', 'CONFIRMED', 'PAYABLE', 'PAID', 'AUDITED', 'CLAWED_BACK'];

/** `status` is that of the last step. */
export const payouts = schema.table(
  'payouts',
  {
    ...workflowColumns(),
    policyId: restsOnPolicy().notNull(),
    measureId: text('measure_id'),
    enterpriseId: text('enterprise_id').notNull(),
    amount: numeric(),
    status: text().notNull(),
    payingAgencyId: agencyId('paying_agency_id'),
    paidOn: date('paid_on', { mode: 'string' }),
  },
  (t) => [
    foreignKey({
      name: 'payouts_measure_of_policy',
      columns: [t.measureId, t.policyId],
      foreignColumns: [measures.id, measures.policyId],
    }),
    check('payouts_status_known', isOneOf(t.status, payoutStatuses)),
    check('payouts_amount', sql`${t.amount} >= 0`),
    check(
      'payouts_amount_set',
      sql`${isOneOf(t.status, ['MATCHED', 'CONFIRMED'])} or ${t.amount} is not null`,
    ),
    check(
      'payouts_paid',
      sql`(${isOneOf(t.status, ['PAID', 'AUDITED', 'CLAWED_BACK'])}) = (${t.paidOn} is not null)`,
    ),
    index('payouts_policy').on(t.policyId, t.id),
    // Index-only scan for the sum that a policy paid.
    index('payouts_paid_by_policy').on(t.policyId, t.status, t.amount),
    index('payouts_measure').on(t.measureId, t.id),
    index('payouts_enterprise').on(t.enterpriseId, t.id),
    index('payouts_paying_agency').on(t.payingAgencyId, t.id),
    index('payouts_status').on(t.status, t.id),
    index('payouts_amount_order').on(t.amount, t.id),
    fromHighest('payouts_amount_order', t.amount, t.id),
    index('payouts_paid_on').on(t.paidOn, t.id),
    fromHighest('payouts_paid_on', t.paidOn, t.id),
    index('payouts_synthetic').on(t.synthetic, t.id),
  ],
);

/** Rows are added, never changed. */
export const payoutSteps = schema.table(
  'payout_steps',
  {
    payoutId: text('payout_id')
      .notNull()
      .references(() => payouts.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    status: text().notNull(),
    on: stepOn(),
  },
  (t) => [
    primaryKey({ columns: [t.payoutId, t.seq] }),
    check('payout_steps_status_known', isOneOf(t.status, payoutStatuses)),
  ],
);

const openCallStatuses = ['PUBLISHED', 'CLAIMED', 'IN_PROGRESS', 'ACCEPTED', 'FAILED'];

/** `status` is that of the last step. */
export const openCalls = schema.table(
  'open_calls',
  {
    ...workflowColumns(),
    titleZh: text('title_zh').notNull(),
    policyId: restsOnPolicy(),
    publisherId: agencyId('publisher_id'),
    reward: numeric(),
    status: text().notNull(),
    publishedOn: date('published_on', { mode: 'string' }).notNull(),
    deadline: date({ mode: 'string' }),
    claimantId: text('claimant_id'),
    projectId: text('project_id'),
  },
  (t) => [
    check('open_calls_status_known', isOneOf(t.status, openCallStatuses)),
    check('open_calls_reward', sql`${t.reward} >= 0`),
    check('open_calls_deadline', sql`${t.deadline} >= ${t.publishedOn}`),
    // A failed call may have no contractor.
    check(
      'open_calls_claimed',
      sql`${isOneOf(t.status, ['PUBLISHED', 'FAILED'])} or ${t.claimantId} is not null`,
    ),
    ...textIndexes('open_calls_title_zh', t.titleZh),
    index('open_calls_policy').on(t.policyId, t.id),
    index('open_calls_publisher').on(t.publisherId, t.id),
    index('open_calls_claimant').on(t.claimantId, t.id),
    index('open_calls_project').on(t.projectId, t.id),
    index('open_calls_status').on(t.status, t.id),
    index('open_calls_reward_order').on(t.reward, t.id),
    fromHighest('open_calls_reward_order', t.reward, t.id),
    index('open_calls_published_on').on(t.publishedOn, t.id),
    index('open_calls_deadline_order').on(t.deadline, t.id),
    fromHighest('open_calls_deadline_order', t.deadline, t.id),
    index('open_calls_synthetic').on(t.synthetic, t.id),
  ],
);

/** Rows are added, never changed. */
export const openCallSteps = schema.table(
  'open_call_steps',
  {
    openCallId: text('open_call_id')
      .notNull()
      .references(() => openCalls.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    status: text().notNull(),
    on: stepOn(),
    noteZh: text('note_zh'),
  },
  (t) => [
    primaryKey({ columns: [t.openCallId, t.seq] }),
    check('open_call_steps_status_known', isOneOf(t.status, openCallStatuses)),
  ],
);

export type PolicyRow = typeof policies.$inferSelect;
export type MeasureRow = typeof measures.$inferSelect;
export type AgencyRow = typeof agencies.$inferSelect;
export type ServiceRequestRow = typeof serviceRequests.$inferSelect;
export type StarListRow = typeof starLists.$inferSelect;
export type StarListEntryRow = typeof starListEntries.$inferSelect;
export type PayoutRow = typeof payouts.$inferSelect;
export type OpenCallRow = typeof openCalls.$inferSelect;
