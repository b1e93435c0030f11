import {
  byPinyin,
  fromHighest,
  type HonourRow,
  recordColumns,
  sharedTables,
  textIndexes,
} from '@wenshu/kit/tables.ts';
import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

export const schema = pgSchema('enterprises');

export const shared = sharedTables(schema);
export const { regions, regionClosure, sources, indicators, links } = shared;

export const enterprises = schema.table(
  'enterprises',
  {
    ...recordColumns(),
    fullNameZh: text('full_name_zh'),
    creditCode: text('credit_code').unique(),
    kind: text().notNull(),
    ownership: text(),
    regionCode: text('region_code'),
    regionBasis: text('region_basis'),
    sectorZh: text('sector_zh'),
    cultureDomainCode: text('culture_domain_code'),
    isCultureRelated: boolean('is_culture_related'),
    isAboveScale: boolean('is_above_scale'),
    registeredCapital: numeric('registered_capital'),
    foundedOn: date('founded_on', { mode: 'string' }),
    status: text(),
    /** Day on which the register of tiers was last checked for it; null for never, and then no row means "unknown". */
    tiersCheckedOn: date('tiers_checked_on', { mode: 'string' }),
    honours: jsonb().$type<HonourRow[]>().notNull().default([]),
  },
  (t) => [
    index('enterprises_name').on(byPinyin(t.nameZh), t.id),
    ...textIndexes('enterprises_name_zh', t.nameZh),
    ...textIndexes('enterprises_name_en', t.nameEn),
    ...textIndexes('enterprises_full_name_zh', t.fullNameZh),
    ...textIndexes('enterprises_sector_zh', t.sectorZh),
    index('enterprises_kind').on(t.kind, t.id),
    index('enterprises_ownership').on(t.ownership, t.id),
    index('enterprises_region').on(t.regionCode, t.id),
    index('enterprises_region_basis').on(t.regionBasis, t.id),
    index('enterprises_culture_domain').on(t.cultureDomainCode, t.id),
    index('enterprises_culture_related').on(t.isCultureRelated, t.id),
    index('enterprises_above_scale').on(t.isAboveScale, t.id),
    index('enterprises_registered_capital').on(t.registeredCapital, t.id),
    fromHighest('enterprises_registered_capital', t.registeredCapital, t.id),
    index('enterprises_founded_on').on(t.foundedOn, t.id),
    fromHighest('enterprises_founded_on', t.foundedOn, t.id),
    index('enterprises_updated_at').on(t.updatedAt, t.id),
    index('enterprises_synthetic').on(t.synthetic, t.id),
  ],
);

export const enterpriseTiers = schema.table(
  'enterprise_tiers',
  {
    enterpriseId: text('enterprise_id')
      .notNull()
      .references(() => enterprises.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    tier: text().notNull(),
    level: text(),
    titleZh: text('title_zh'),
    year: integer(),
    expiresOn: date('expires_on', { mode: 'string' }),
  },
  (t) => [
    primaryKey({ columns: [t.enterpriseId, t.seq] }),
    index('enterprise_tiers_tier').on(t.tier, t.enterpriseId),
  ],
);

export const enterpriseParks = schema.table(
  'enterprise_parks',
  {
    enterpriseId: text('enterprise_id')
      .notNull()
      .references(() => enterprises.id, { onDelete: 'cascade' }),
    parkId: text('park_id').notNull(),
    role: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.enterpriseId, t.parkId, t.role] }),
    index('enterprise_parks_park').on(t.parkId, t.role, t.enterpriseId),
  ],
);

/** Groups of an enterprise. */
export const enterpriseGroups = schema.table(
  'enterprise_groups',
  {
    enterpriseId: text('enterprise_id')
      .notNull()
      .references(() => enterprises.id, { onDelete: 'cascade' }),
    groupId: text('group_id')
      .notNull()
      .references(() => enterprises.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.enterpriseId, t.groupId] }),
    index('enterprise_groups_group').on(t.groupId),
  ],
);

/** Values of enums of the graph, which the columns below accept. */
export const enumValues = {
  InspectionMethod: ['DOUBLE_RANDOM', 'JOINT', 'ROUTINE', 'SPECIAL', 'COMPLAINT', 'FOLLOW_UP'],
  InspectionResult: ['NO_PROBLEM', 'SUSPECTED'],
  FindingStage: [
    'SUSPECTED',
    'FILED',
    'PENALISED',
    'WARNED',
    'EXEMPTED',
    'DISMISSED',
    'BLACKLISTED',
    'PUBLISHED',
    'RESTORED',
  ],
  ViolationSeverity: ['MINOR', 'LIGHT', 'ORDINARY', 'HEAVY', 'SERIOUS'],
  HarmLevel: ['NONE', 'SLIGHT', 'SERIOUS'],
  PenaltyKind: [
    'WARNING',
    'CRITICISM',
    'FINE',
    'CONFISCATION',
    'LICENCE_SUSPENSION',
    'QUALIFICATION_DOWNGRADE',
    'LICENCE_REVOCATION',
    'BUSINESS_RESTRICTION',
    'BUSINESS_SUSPENSION',
    'CLOSURE',
    'OTHER',
  ],
  ExemptionKind: ['MINOR_CORRECTED', 'FIRST_CORRECTED'],
  BenefitKind: ['SOCIAL', 'ECONOMIC'],
} as const;

const literals = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '));
const isValueOf = (name: keyof typeof enumValues, column: AnyPgColumn): SQL =>
  sql`${column} in (${literals(enumValues[name])})`;

/** Columns of a record without names. */
const statementColumns = () => {
  const { nameZh, nameEn, aliases, facts, ...columns } = recordColumns();
  return columns;
};

/** The enterprise of a record. An enterprise with such records cannot be deleted. */
const enterpriseId = () =>
  text('enterprise_id')
    .notNull()
    .references(() => enterprises.id);

/** Inspections that took place; planned ones have no row. */
export const inspections = schema.table(
  'inspections',
  {
    ...statementColumns(),
    enterpriseId: enterpriseId(),
    /** Event of the kind INSPECTION_CAMPAIGN, in the events subgraph. */
    campaignId: text('campaign_id'),
    method: text().notNull(),
    inspectedOn: date('inspected_on', { mode: 'string' }).notNull(),
    /** Null until it has been entered. */
    result: text(),
  },
  (t) => [
    unique('inspections_id_enterprise').on(t.id, t.enterpriseId),
    check('inspections_method_known', isValueOf('InspectionMethod', t.method)),
    check('inspections_result_known', isValueOf('InspectionResult', t.result)),
    index('inspections_enterprise').on(t.enterpriseId, t.inspectedOn, t.id),
    index('inspections_campaign').on(t.campaignId, t.id),
    index('inspections_method').on(t.method, t.id),
    index('inspections_inspected_on').on(t.inspectedOn, t.id),
    index('inspections_result').on(t.result, t.id),
    index('inspections_updated_at').on(t.updatedAt, t.id),
    index('inspections_synthetic').on(t.synthetic, t.id),
  ],
);

export const inspectionAgencies = schema.table(
  'inspection_agencies',
  {
    inspectionId: text('inspection_id')
      .notNull()
      .references(() => inspections.id, { onDelete: 'cascade' }),
    agencyId: text('agency_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.inspectionId, t.agencyId] }),
    index('inspection_agencies_agency').on(t.agencyId, t.inspectionId),
  ],
);

/**
 * Suspicions of an inspection and the decision on each: a penalty, an exemption, or neither. A constraint enforces the requirements of
 * article 33 of the Law on Administrative Penalties for an exemption.
 */
export const findings = schema.table(
  'findings',
  {
    id: text().primaryKey(),
    inspectionId: text('inspection_id').notNull(),
    enterpriseId: text('enterprise_id').notNull(),
    titleZh: text('title_zh').notNull(),
    basisZh: text('basis_zh'),
    severity: text(),
    harmCaused: text('harm_caused'),
    isFirst: boolean('is_first'),
    correctedOn: date('corrected_on', { mode: 'string' }),
    penaltyKinds: text('penalty_kinds').array(),
    penaltyAmount: numeric('penalty_amount'),
    penaltyDecidedOn: date('penalty_decided_on', { mode: 'string' }),
    penaltyDocumentNo: text('penalty_document_no'),
    penaltyPublishedOn: date('penalty_published_on', { mode: 'string' }),
    exemptionKind: text('exemption_kind'),
    exemptionBasisZh: text('exemption_basis_zh'),
    exemptionDecidedOn: date('exemption_decided_on', { mode: 'string' }),
    exemptionToleranceUntil: date('exemption_tolerance_until', { mode: 'string' }),
  },
  (t) => [
    foreignKey({
      name: 'findings_inspection',
      columns: [t.inspectionId, t.enterpriseId],
      foreignColumns: [inspections.id, inspections.enterpriseId],
    }).onDelete('cascade'),
    index('findings_inspection').on(t.inspectionId, t.id),
    // A first fault is exempted only once per enterprise.
    uniqueIndex('findings_one_first_exemption')
      .on(t.enterpriseId)
      .where(sql`${t.exemptionKind} = 'FIRST_CORRECTED'`),
    check('findings_severity_known', isValueOf('ViolationSeverity', t.severity)),
    check('findings_harm_known', isValueOf('HarmLevel', t.harmCaused)),
    check(
      'findings_penalty_known',
      sql`${t.penaltyKinds} <@ array[${literals(enumValues.PenaltyKind)}]::text[] and cardinality(${t.penaltyKinds}) > 0`,
    ),
    check(
      'findings_penalty_whole',
      sql`${t.penaltyKinds} is not null or num_nonnulls(${t.penaltyAmount}, ${t.penaltyDecidedOn}, ${t.penaltyDocumentNo}, ${t.penaltyPublishedOn}) = 0`,
    ),
    check('findings_penalty_amount', sql`${t.penaltyAmount} >= 0`),
    check('findings_penalty_dates', sql`${t.penaltyPublishedOn} >= ${t.penaltyDecidedOn}`),
    check('findings_exemption_known', isValueOf('ExemptionKind', t.exemptionKind)),
    check(
      'findings_exemption_whole',
      sql`num_nonnulls(${t.exemptionKind}, ${t.exemptionBasisZh}, ${t.exemptionDecidedOn}) in (0, 3) and (${t.exemptionKind} is not null or ${t.exemptionToleranceUntil} is null)`,
    ),
    check('findings_exemption_dates', sql`${t.exemptionToleranceUntil} >= ${t.exemptionDecidedOn}`),
    check('findings_penalised_or_exempted', sql`${t.penaltyKinds} is null or ${t.exemptionKind} is null`),
    check(
      'findings_exemption_lawful',
      sql`${t.exemptionKind} is null
        or (${t.correctedOn} is not null and case ${t.exemptionKind}
          when 'MINOR_CORRECTED' then ${t.severity} = 'MINOR' and ${t.harmCaused} = 'NONE'
          else ${t.isFirst} and ${t.harmCaused} in ('NONE', 'SLIGHT') end) is true`,
    ),
  ],
);

/** Stages of a finding. Rows are added, never changed; the last one is the current stage. */
export const findingStages = schema.table(
  'finding_stages',
  {
    findingId: text('finding_id')
      .notNull()
      .references(() => findings.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    stage: text().notNull(),
    on: date('on', { mode: 'string' }),
  },
  (t) => [
    primaryKey({ columns: [t.findingId, t.seq] }),
    index('finding_stages_stage').on(t.stage, t.findingId),
    check('finding_stages_stage_known', isValueOf('FindingStage', t.stage)),
  ],
);

/** An entry without a date of publication is not public, and the graph does not show it. */
export const blacklistEntries = schema.table(
  'blacklist_entries',
  {
    ...statementColumns(),
    enterpriseId: enterpriseId(),
    listedById: text('listed_by_id').notNull(),
    reasonZh: text('reason_zh').notNull(),
    listedOn: date('listed_on', { mode: 'string' }).notNull(),
    restoredOn: date('restored_on', { mode: 'string' }),
    publishedOn: date('published_on', { mode: 'string' }),
  },
  (t) => [
    // An agency can list an enterprise only once at a time.
    uniqueIndex('blacklist_entries_standing')
      .on(t.enterpriseId, t.listedById)
      .where(sql`${t.restoredOn} is null`),
    check('blacklist_entries_restored_later', sql`${t.restoredOn} >= ${t.listedOn}`),
    check('blacklist_entries_published_later', sql`${t.publishedOn} >= ${t.listedOn}`),
    index('blacklist_entries_enterprise').on(t.enterpriseId, t.id),
    index('blacklist_entries_listed_by').on(t.listedById, t.id),
    index('blacklist_entries_listed_on').on(t.listedOn, t.id),
    index('blacklist_entries_restored_on').on(t.restoredOn, t.id),
    index('blacklist_entries_published_on').on(t.publishedOn, t.id),
    fromHighest('blacklist_entries_published_on', t.publishedOn, t.id),
    index('blacklist_entries_updated_at').on(t.updatedAt, t.id),
    index('blacklist_entries_synthetic').on(t.synthetic, t.id),
    ...textIndexes('blacklist_entries_reason_zh', t.reasonZh),
  ],
);

export const dualEffectAssessments = schema.table(
  'dual_effect_assessments',
  {
    ...statementColumns(),
    enterpriseId: enterpriseId(),
    assessedById: text('assessed_by_id'),
    year: integer().notNull(),
    socialScore: numeric('social_score'),
    economicScore: numeric('economic_score'),
    total: numeric(),
    socialWeight: numeric('social_weight').notNull(),
    hasContentFault: boolean('has_content_fault').notNull(),
    /** Highest total after a serious content-orientation fault. */
    resultCap: numeric('result_cap'),
    gradeZh: text('grade_zh'),
  },
  (t) => [
    unique('dual_effect_assessments_enterprise_year').on(t.enterpriseId, t.year),
    // At least half, by the guidance of the two General Offices of 2015-09-14 on state cultural enterprises.
    check('dual_effect_assessments_social_weight', sql`${t.socialWeight} between 50 and 100`),
    check(
      'dual_effect_assessments_scores',
      sql`least(${t.socialScore}, ${t.economicScore}, ${t.total}, ${t.resultCap}) >= 0`,
    ),
    check('dual_effect_assessments_fault_caps', sql`${t.hasContentFault} = (${t.resultCap} is not null)`),
    check('dual_effect_assessments_capped', sql`${t.total} <= ${t.resultCap}`),
    index('dual_effect_assessments_year').on(t.year, t.id),
    index('dual_effect_assessments_assessed_by').on(t.assessedById, t.id),
    index('dual_effect_assessments_social_score').on(t.socialScore, t.id),
    index('dual_effect_assessments_economic_score').on(t.economicScore, t.id),
    index('dual_effect_assessments_total').on(t.total, t.id),
    fromHighest('dual_effect_assessments_total', t.total, t.id),
    index('dual_effect_assessments_content_fault').on(t.hasContentFault, t.id),
    index('dual_effect_assessments_updated_at').on(t.updatedAt, t.id),
    index('dual_effect_assessments_synthetic').on(t.synthetic, t.id),
    ...textIndexes('dual_effect_assessments_grade_zh', t.gradeZh),
  ],
);

export const dualEffectItems = schema.table(
  'dual_effect_items',
  {
    assessmentId: text('assessment_id')
      .notNull()
      .references(() => dualEffectAssessments.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    kind: text().notNull(),
    nameZh: text('name_zh').notNull(),
    weight: numeric().notNull(),
    score: numeric(),
  },
  (t) => [
    primaryKey({ columns: [t.assessmentId, t.seq] }),
    check('dual_effect_items_kind_known', isValueOf('BenefitKind', t.kind)),
    check('dual_effect_items_weight', sql`${t.weight} > 0 and ${t.weight} <= 100`),
    check('dual_effect_items_score', sql`${t.score} >= 0`),
  ],
);

export const returnStatuses = ['DRAFT', 'SUBMITTED', 'VERIFIED', 'PUBLISHED'] as const;

/**
 * Monthly statistical returns of units. By law they are confidential: no type of the graph uses this table. Only `returns.ts` reads it,
 * for totals, and for a condition that only the statisticians may use. A revision is a new row, so the old value is kept.
 */
export const statisticalReturns = schema.table(
  'statistical_returns',
  {
    enterpriseId: enterpriseId(),
    /** First day of the month. */
    period: date({ mode: 'string' }).notNull(),
    revision: integer().notNull().default(1),
    revisionReasonZh: text('revision_reason_zh'),
    status: text().notNull().default('DRAFT'),
    /** Region and division of culture industries in which the unit is counted in that month. */
    regionCode: text('region_code').notNull(),
    cultureDomainCode: text('culture_domain_code'),
    revenue: numeric({ precision: 20, scale: 2 }),
    tax: numeric({ precision: 20, scale: 2 }),
    staff: integer(),
    synthetic: boolean().notNull().default(false),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.enterpriseId, t.period, t.revision] }),
    check('statistical_returns_period_is_month', sql`extract(day from ${t.period}) = 1`),
    check(
      'statistical_returns_revision',
      sql`${t.revision} = 1 or (${t.revision} > 1 and ${t.revisionReasonZh} is not null)`,
    ),
    check('statistical_returns_status_known', sql`${t.status} in (${literals(returnStatuses)})`),
    check('statistical_returns_domain', sql`${t.cultureDomainCode} ~ '^0[1-9]$'`),
    check('statistical_returns_figures', sql`${t.revenue} >= 0 and ${t.staff} >= 0`),
    // A sum over missing values would be wrong.
    check(
      'statistical_returns_published_whole',
      sql`${t.status} <> 'PUBLISHED' or num_nulls(${t.revenue}, ${t.tax}, ${t.staff}) = 0`,
    ),
    index('statistical_returns_published')
      .on(t.period, t.enterpriseId, t.revision)
      .where(sql`${t.status} = 'PUBLISHED'`),
  ],
);

export type EnterpriseRow = typeof enterprises.$inferSelect;
export type InspectionRow = typeof inspections.$inferSelect;
export type FindingRow = typeof findings.$inferSelect;
export type BlacklistEntryRow = typeof blacklistEntries.$inferSelect;
export type DualEffectAssessmentRow = typeof dualEffectAssessments.$inferSelect;
