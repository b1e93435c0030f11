import {
  byPinyin,
  fromHighest,
  nameIndexes,
  recordColumns,
  targetColumns,
  textIndexes,
} from '@wenshu/kit/tables.ts';
import { stepTable } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { schema } from './shared.ts';

/** Column of any JSON value, strings included: Drizzle's `jsonb` would read the region code "370214" as a number. */
const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
});

export const policies = schema.table(
  'policies',
  {
    ...recordColumns(schema),
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
    ...nameIndexes('policies_name_zh', t),
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
    isParaphrase: boolean('is_paraphrase').notNull().default(false),
    frequency: text(),
    frequencyZh: text('frequency_zh'),
    deadline: text(),
    deadlineZh: text('deadline_zh'),
    targetGroupZh: text('target_group_zh'),
    quantities: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [
    index('measures_policy').on(t.policyId, t.seq),
    index('measures_kind').on(t.kind, t.id),
    ...textIndexes('measures_title_zh', t.titleZh),
    ...textIndexes('measures_text_zh', t.textZh),
    ...textIndexes('measures_target_group_zh', t.targetGroupZh),
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
    /** The measure that the condition belongs to; null for the whole policy. */
    measureId: text('measure_id'),
    field: text().notNull(),
    op: text().notNull(),
    value: json().notNull(),
    textZh: text('text_zh').notNull(),
  },
  (t) => [
    index('policy_eligibility_policy').on(t.policyId, t.seq),
    index('policy_eligibility_measure').on(t.measureId),
    foreignKey({
      name: 'policy_eligibility_own_measure',
      columns: [t.measureId, t.policyId],
      foreignColumns: [measures.id, measures.policyId],
    }).onDelete('cascade'),
  ],
);

/** Lists of enterprises that a policy names, such as a white list. */
export const qualifyingLists = schema.table(
  'qualifying_lists',
  {
    id: text().primaryKey(),
    policyId: policyId(),
    seq: integer().notNull(),
    nameZh: text('name_zh').notNull(),
    nameEn: text('name_en').notNull(),
    /** True if all members are on record. Otherwise an enterprise that is not among them may be on the list. */
    isComplete: boolean('is_complete').notNull().default(false),
  },
  (t) => [index('qualifying_lists_policy').on(t.policyId, t.seq)],
);

const listingStages = ['LISTED', 'ENDED'];

/**
 * The places of enterprises on lists, each with its basis and the days on which it holds. One that a dataset brought
 * has no dates: it holds as long as nobody ends it.
 */
export const qualifyingListMembers = schema.table(
  'qualifying_list_members',
  {
    id: text().primaryKey().default(sql`gen_random_uuid()::text`),
    listId: text('list_id')
      .notNull()
      .references(() => qualifyingLists.id, { onDelete: 'cascade' }),
    enterpriseId: text('enterprise_id').notNull(),
    regionCode: text('region_code'),
    stage: text().notNull().default('LISTED'),
    dueOn: date('due_on', { mode: 'string' }),
    basisZh: text('basis_zh'),
    holdsFrom: date('holds_from', { mode: 'string' }),
    holdsUntil: date('holds_until', { mode: 'string' }),
    synthetic: boolean().notNull().default(false),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    version: integer().notNull().default(1),
  },
  (t) => [
    check(
      'qualifying_list_members_stage_known',
      sql`${t.stage} in (${sql.raw(listingStages.map((stage) => `'${stage}'`).join(', '))})`,
    ),
    check('qualifying_list_members_days', sql`${t.holdsUntil} >= ${t.holdsFrom}`),
    // One place at a time; one that has ended stays on record.
    uniqueIndex('qualifying_list_members_listed')
      .on(t.listId, t.enterpriseId)
      .where(sql`${t.stage} = 'LISTED'`),
    index('qualifying_list_members_list').on(t.listId, t.enterpriseId),
    index('qualifying_list_members_list_order').on(t.listId, t.id),
    index('qualifying_list_members_enterprise').on(t.enterpriseId, t.id),
    index('qualifying_list_members_region').on(t.regionCode, t.id),
    index('qualifying_list_members_stage').on(t.stage, t.id),
    index('qualifying_list_members_holds_from').on(t.holdsFrom, t.id),
    fromHighest('qualifying_list_members_holds_from', t.holdsFrom, t.id),
    index('qualifying_list_members_holds_until').on(t.holdsUntil, t.id),
    fromHighest('qualifying_list_members_holds_until', t.holdsUntil, t.id),
    index('qualifying_list_members_synthetic').on(t.synthetic, t.id),
    index('qualifying_list_members_updated_at').on(t.updatedAt, t.id),
  ],
);

export const listingSteps = stepTable(schema, 'listing_steps', () => qualifyingListMembers.id, listingStages);

export type ListingRow = typeof qualifyingListMembers.$inferSelect;
export type PolicyRow = typeof policies.$inferSelect;
export type MeasureRow = typeof measures.$inferSelect;
