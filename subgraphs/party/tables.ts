import {
  byPinyin,
  fromHighest,
  honoursTable,
  nameIndexes,
  recordColumns,
  sharedTables,
  subjectsTable,
  targetColumns,
  textIndexes,
} from '@wenshu/kit/tables.ts';
import { stepTable, workflowTables } from '@wenshu/kit/workflow/tables.ts';
import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

export const schema = pgSchema('party');

export const shared = sharedTables(schema);
export const { regions, regionClosure, sources, indicators, publishedTotals } = shared;
export const { changes, mutationKeys, dueNotices, sweeps } = workflowTables(schema);

/** The tables of the agency that its workflows share. */
export const agencyTables = {
  changes,
  mutationKeys,
  dueNotices,
  sweeps,
  regionClosure: shared.regionClosure,
};

const isOneOf = (column: AnyPgColumn, values: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;

/** Party organisations. No data about persons is stored. */
export const partyUnits = schema.table(
  'party_units',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    regionCode: text('region_code'),
    parentId: text('parent_id').references((): AnyPgColumn => partyUnits.id),
    hostId: text('host_id'),
    coverageMode: text('coverage_mode'),
    secretaryModelZh: text('secretary_model_zh'),
  },
  (t) => [
    index('party_units_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('party_units_name_zh', t),
    ...textIndexes('party_units_name_en', t.nameEn),
    index('party_units_kind').on(t.kind, t.id),
    index('party_units_region').on(t.regionCode, t.id),
    index('party_units_parent').on(t.parentId, t.id),
    index('party_units_host').on(t.hostId, t.id),
    index('party_units_coverage_mode').on(t.coverageMode, t.id),
    index('party_units_updated_at').on(t.updatedAt, t.id),
    index('party_units_synthetic').on(t.synthetic, t.id),
  ],
);

export const unitHonours = honoursTable(schema, 'party_unit_honours', () => partyUnits.id);

/** Subjects that a Party organisation names, such as its members. */
export const unitSubjects = subjectsTable(schema, 'party_unit_subjects', () => partyUnits.id);

/** Meetings that a Party organisation has to hold; no row means that no source states any. */
export const meetingRules = schema.table(
  'meeting_rules',
  {
    unitId: text('unit_id')
      .notNull()
      .references(() => partyUnits.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    kind: text().notNull(),
    frequency: text(),
    ruleZh: text('rule_zh'),
    alsoZh: text('also_zh'),
  },
  (t) => [primaryKey({ columns: [t.unitId, t.seq] }), index('meeting_rules_kind').on(t.kind, t.unitId)],
);

/** Parks and enterprises that a Party organisation covers, as recorded. */
export const coverages = schema.table(
  'coverages',
  {
    unitId: text('unit_id')
      .notNull()
      .references(() => partyUnits.id, { onDelete: 'cascade' }),
    ...targetColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.unitId, t.targetId] }),
    index('coverages_target').on(t.targetId, t.unitId),
  ],
);

export const coverageStages = ['UNKNOWN', 'NOT_COVERED', 'LIAISON', 'PREPARING', 'COVERED', 'DISSOLVED'];
const coverageGaps = ['NO_MEMBERS', 'FEWER_THAN_3', 'JOINT_PENDING', 'NEW'];

/**
 * What the agency in charge states of a park or enterprise, beyond the Party organisations on record, and works on. Its id
 * is that of the park or enterprise.
 */
export const coverageStatements = schema.table(
  'coverage_statements',
  {
    id: text('target_id').primaryKey(),
    targetType: text('target_type').notNull(),
    /** Region of the park or enterprise, as the agency in charge states it. */
    regionCode: text('region_code'),
    synthetic: boolean().notNull().default(false),
    /** What the stage says of the two kinds of coverage. */
    organisation: text(),
    work: text(),
    mode: text(),
    reasonZh: text('reason_zh'),
    reasonEn: text('reason_en'),
    stage: text().notNull().default('UNKNOWN'),
    gap: text(),
    unitId: text('unit_id').references(() => partyUnits.id),
    dueOn: date('due_on', { mode: 'string' }),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    version: integer().notNull().default(1),
  },
  (t) => [
    check('coverage_statements_stage_known', isOneOf(t.stage, coverageStages)),
    check('coverage_statements_gap_known', isOneOf(t.gap, coverageGaps)),
    index('coverage_statements_stage').on(t.stage, t.id),
    index('coverage_statements_gap').on(t.gap, t.id),
    index('coverage_statements_unit').on(t.unitId, t.id),
    index('coverage_statements_region').on(t.regionCode, t.id),
    index('coverage_statements_due_on').on(t.dueOn, t.id),
    fromHighest('coverage_statements_due_on', t.dueOn, t.id),
    index('coverage_statements_synthetic').on(t.synthetic, t.id),
    index('coverage_statements_updated_at').on(t.updatedAt, t.id),
  ],
);

export const coverageSteps = stepTable(schema, 'coverage_steps', () => coverageStatements.id, coverageStages);

export const activityStages = ['RECORDED', 'WITHDRAWN'];

/** Meetings that Party organisations held. No names and no numbers of people are stored. */
export const partyActivities = schema.table(
  'party_activities',
  {
    id: text().primaryKey(),
    unitId: text('unit_id')
      .notNull()
      .references(() => partyUnits.id, { onDelete: 'cascade' }),
    /** The agency that the organisation is part of. */
    hostId: text('host_id'),
    meeting: text().notNull(),
    on: date('held_on', { mode: 'string' }).notNull(),
    topicZh: text('topic_zh').notNull(),
    regionCode: text('region_code'),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    synthetic: boolean().notNull().default(false),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    version: integer().notNull().default(1),
  },
  (t) => [
    check('party_activities_stage_known', isOneOf(t.stage, activityStages)),
    // A meeting is recorded once.
    uniqueIndex('party_activities_once').on(t.unitId, t.meeting, t.on).where(sql`${t.stage} = 'RECORDED'`),
    index('party_activities_unit').on(t.unitId, t.id),
    index('party_activities_host').on(t.hostId, t.id),
    index('party_activities_meeting').on(t.meeting, t.id),
    index('party_activities_on').on(t.on, t.id),
    index('party_activities_stage').on(t.stage, t.id),
    index('party_activities_region').on(t.regionCode, t.id),
    index('party_activities_synthetic').on(t.synthetic, t.id),
    index('party_activities_updated_at').on(t.updatedAt, t.id),
  ],
);

export const activitySteps = stepTable(
  schema,
  'party_activity_steps',
  () => partyActivities.id,
  activityStages,
);

export const brandStages = ['NOMINATED', 'CULTIVATED', 'AWARDED', 'DROPPED'];

export const partyBrands = schema.table(
  'party_brands',
  {
    ...recordColumns(schema),
    regionCode: text('region_code'),
    cultivatedById: text('cultivated_by_id').references(() => partyUnits.id),
    ownerType: text('owner_type').notNull(),
    ownerId: text('owner_id').notNull(),
    /** A brand of a document is one that is cultivated. */
    stage: text().notNull().default('CULTIVATED'),
    dueOn: date('due_on', { mode: 'string' }),
  },
  (t) => [
    check('party_brands_stage_known', isOneOf(t.stage, brandStages)),
    index('party_brands_stage').on(t.stage, t.id),
    index('party_brands_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('party_brands_name_zh', t),
    ...textIndexes('party_brands_name_en', t.nameEn),
    index('party_brands_region').on(t.regionCode, t.id),
    index('party_brands_cultivated_by').on(t.cultivatedById, t.id),
    index('party_brands_owner').on(t.ownerId, t.id),
    index('party_brands_updated_at').on(t.updatedAt, t.id),
    index('party_brands_synthetic').on(t.synthetic, t.id),
  ],
);

export const brandSteps = stepTable(schema, 'party_brand_steps', () => partyBrands.id, brandStages);

export const brandPlanStages = ['IN_FORCE'];

/** How many brands a region means to cultivate in a year. */
export const brandPlans = schema.table(
  'party_brand_plans',
  {
    id: text().primaryKey(),
    regionCode: text('region_code').notNull(),
    year: integer().notNull(),
    planned: integer().notNull(),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    synthetic: boolean().notNull().default(false),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    version: integer().notNull().default(1),
  },
  (t) => [
    check('party_brand_plans_planned', sql`${t.planned} between 0 and 1000`),
    index('party_brand_plans_region').on(t.regionCode, t.id),
    index('party_brand_plans_year').on(t.year, t.id),
    index('party_brand_plans_synthetic').on(t.synthetic, t.id),
    index('party_brand_plans_updated_at').on(t.updatedAt, t.id),
    unique('party_brand_plans_of_year').on(t.regionCode, t.year, t.synthetic),
  ],
);

export const brandPlanSteps = stepTable(
  schema,
  'party_brand_plan_steps',
  () => brandPlans.id,
  brandPlanStages,
);

export const brandHonours = honoursTable(schema, 'party_brand_honours', () => partyBrands.id);

export const partyMechanisms = schema.table(
  'party_mechanisms',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    regionCode: text('region_code'),
    proposedById: text('proposed_by_id').references(() => partyUnits.id),
  },
  (t) => [
    index('party_mechanisms_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('party_mechanisms_name_zh', t),
    ...textIndexes('party_mechanisms_name_en', t.nameEn),
    index('party_mechanisms_kind').on(t.kind, t.id),
    index('party_mechanisms_region').on(t.regionCode, t.id),
    index('party_mechanisms_proposed_by').on(t.proposedById, t.id),
    index('party_mechanisms_updated_at').on(t.updatedAt, t.id),
    index('party_mechanisms_synthetic').on(t.synthetic, t.id),
  ],
);

/** Policies and measures that a mechanism follows. */
export const mechanismSubjects = subjectsTable(schema, 'party_mechanism_subjects', () => partyMechanisms.id);

export type PartyUnitRow = typeof partyUnits.$inferSelect;
export type PartyBrandRow = typeof partyBrands.$inferSelect;
export type PartyMechanismRow = typeof partyMechanisms.$inferSelect;
export type CoverageStatementRow = typeof coverageStatements.$inferSelect;
export type PartyActivityRow = typeof partyActivities.$inferSelect;
export type BrandPlanRow = typeof brandPlans.$inferSelect;
