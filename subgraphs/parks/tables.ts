import {
  byPinyin,
  fromHighest,
  honoursTable,
  nameIndexes,
  recordColumns,
  sharedTables,
  subjectsTable,
  textIndexes,
} from '@wenshu/kit/tables.ts';
import { workflowTables } from '@wenshu/kit/workflow/tables.ts';
import {
  type AnyPgColumn,
  boolean,
  date,
  index,
  integer,
  numeric,
  pgSchema,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import { ledgerTables } from './ledger-tables.ts';

export const schema = pgSchema('parks');

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

export const parks = schema.table(
  'parks',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    level: text(),
    regionCode: text('region_code'),
    addressZh: text('address_zh'),
    floorAreaSqm: numeric('floor_area_sqm'),
    floorAreaApprox: text('floor_area_approx'),
    statedTenantCount: integer('stated_tenant_count'),
    statedTenantApprox: text('stated_tenant_approx'),
    statedTenantScope: text('stated_tenant_scope'),
    revenue: numeric(),
    revenueApprox: text('revenue_approx'),
    revenuePeriodStart: date('revenue_period_start', { mode: 'string' }),
    revenuePeriodEnd: date('revenue_period_end', { mode: 'string' }),
    operatorType: text('operator_type'),
    operatorId: text('operator_id'),
    parentId: text('parent_id').references((): AnyPgColumn => parks.id),
    isVirtual: boolean('is_virtual').notNull(),
  },
  (t) => [
    index('parks_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('parks_name_zh', t),
    ...textIndexes('parks_name_en', t.nameEn),
    index('parks_kind').on(t.kind, t.id),
    index('parks_level').on(t.level, t.id),
    index('parks_region').on(t.regionCode, t.id),
    index('parks_is_virtual').on(t.isVirtual, t.id),
    index('parks_floor_area').on(t.floorAreaSqm, t.id),
    fromHighest('parks_floor_area', t.floorAreaSqm, t.id),
    index('parks_revenue').on(t.revenue, t.id),
    fromHighest('parks_revenue', t.revenue, t.id),
    index('parks_operator').on(t.operatorId, t.id),
    index('parks_parent').on(t.parentId, t.id),
    index('parks_updated_at').on(t.updatedAt, t.id),
    index('parks_synthetic').on(t.synthetic, t.id),
  ],
);

export const parkRecognitions = honoursTable(schema, 'park_recognitions', () => parks.id);

export const projects = schema.table(
  'projects',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    regionCode: text('region_code'),
    currentStage: text('current_stage'),
    currentStageZh: text('current_stage_zh'),
    /** Number of projects that the record bundles. */
    bundleSize: integer('bundle_size'),
    plannedInvestment: numeric('planned_investment'),
    completedInvestment: numeric('completed_investment'),
    investmentApprox: text('investment_approx'),
  },
  (t) => [
    index('projects_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('projects_name_zh', t),
    ...textIndexes('projects_name_en', t.nameEn),
    index('projects_kind').on(t.kind, t.id),
    index('projects_region').on(t.regionCode, t.id),
    index('projects_current_stage').on(t.currentStage, t.id),
    index('projects_bundle_size').on(t.bundleSize, t.id),
    index('projects_planned_investment').on(t.plannedInvestment, t.id),
    fromHighest('projects_planned_investment', t.plannedInvestment, t.id),
    index('projects_completed_investment').on(t.completedInvestment, t.id),
    index('projects_updated_at').on(t.updatedAt, t.id),
    index('projects_synthetic').on(t.synthetic, t.id),
  ],
);

/** Statements on a project's stage, each with its date. Rows are added, never changed: a statement stays true for its date. */
export const projectStages = schema.table(
  'project_stages',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    stage: text().notNull(),
    status: text(),
    partZh: text('part_zh'),
    textZh: text('text_zh'),
    /** A day, a month or a year, as precise as the source. */
    asOf: text('as_of'),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.seq] })],
);

/** Targets of a project; no row means that no source states any. */
export const projectTargets = schema.table(
  'project_targets',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    period: text(),
    periodZh: text('period_zh'),
    /** First and last day of the period, if it is a year, a month or a day. */
    periodStart: date('period_start', { mode: 'string' }),
    periodEnd: date('period_end', { mode: 'string' }),
    textZh: text('text_zh').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.seq] }),
    index('project_targets_period_start').on(t.periodStart, t.projectId),
    index('project_targets_period_end').on(t.periodEnd, t.projectId),
    ...textIndexes('project_targets_text_zh', t.textZh),
  ],
);

/** Subjects that a project names, such as the project that it is a part of. */
export const projectSubjects = subjectsTable(schema, 'project_subjects', () => projects.id);

export const projectOwners = schema.table(
  'project_owners',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    ownerType: text('owner_type').notNull(),
    ownerId: text('owner_id').notNull(),
    role: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.seq] }),
    index('project_owners_owner').on(t.ownerId, t.role, t.projectId),
  ],
);

export const projectParks = schema.table(
  'project_parks',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    parkId: text('park_id')
      .notNull()
      .references(() => parks.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.seq] }),
    index('project_parks_park').on(t.parkId, t.projectId),
  ],
);

export const projectPolicies = schema.table(
  'project_policies',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    policyId: text('policy_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.seq] }),
    index('project_policies_policy').on(t.policyId, t.projectId),
  ],
);

export type ParkRow = typeof parks.$inferSelect;
export type ProjectRow = typeof projects.$inferSelect;

export const {
  projectLedgers,
  projectMilestones,
  projectYearPlans,
  projectReports,
  projectProblems,
  projectQuarters,
  projectLedgerSteps,
} = ledgerTables(schema, () => projects.id);

export type ProjectLedgerRow = typeof projectLedgers.$inferSelect;
