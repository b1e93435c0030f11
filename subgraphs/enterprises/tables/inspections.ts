import { fromHighest } from '@wenshu/kit/tables.ts';
import { stepTable } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  numeric,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';
import { enterpriseId, enumValues, isValueOf, literals, statementColumns } from './record-columns.ts';
import { schema } from './shared.ts';

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
    /** A number only: the hub knows no officers. */
    officers: integer(),
    recordedOn: date('recorded_on', { mode: 'string' }),
    /** The last day for recording it. */
    recordDueOn: date('record_due_on', { mode: 'string' }),
    regionCode: text('region_code'),
    stage: text().notNull().default('RECORDED'),
    dueOn: date('due_on', { mode: 'string' }),
  },
  (t) => [
    unique('inspections_id_enterprise').on(t.id, t.enterpriseId),
    check('inspections_officers', sql`${t.officers} > 0`),
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

export const inspectionSteps = stepTable(schema, 'inspection_steps', () => inspections.id, ['RECORDED']);

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
    regionCode: text('region_code'),
    stage: text().notNull().default('SUSPECTED'),
    version: integer().notNull().default(1),
    dueOn: date('due_on', { mode: 'string' }),
    synthetic: boolean().notNull().default(false),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    /** The agency that has the case. */
    caseAgencyId: text('case_agency_id'),
    foundOn: date('found_on', { mode: 'string' }),
    filedOn: date('filed_on', { mode: 'string' }),
    /** The last day on which the enterprise may state its case. */
    statementUntil: date('statement_until', { mode: 'string' }),
    statementZh: text('statement_zh'),
    titleZh: text('title_zh').notNull(),
    basisZh: text('basis_zh'),
    severity: text(),
    harmCaused: text('harm_caused'),
    isFirst: boolean('is_first'),
    /** The enterprise sees the finding from this day on. */
    notifiedOn: date('notified_on', { mode: 'string' }),
    /** How the enterprise was warned, if it was. */
    warningKind: text('warning_kind'),
    correctedOn: date('corrected_on', { mode: 'string' }),
    penaltyKinds: text('penalty_kinds').array(),
    penaltyAmount: numeric('penalty_amount'),
    penaltyDecidedOn: date('penalty_decided_on', { mode: 'string' }),
    penaltyDocumentNo: text('penalty_document_no'),
    penaltyPublishedOn: date('penalty_published_on', { mode: 'string' }),
    penaltyPublishedUntil: date('penalty_published_until', { mode: 'string' }),
    penaltyRestoredOn: date('penalty_restored_on', { mode: 'string' }),
    penaltyWithdrawnOn: date('penalty_withdrawn_on', { mode: 'string' }),
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
    index('findings_enterprise').on(t.enterpriseId, t.id),
    index('findings_stage').on(t.stage, t.id),
    index('findings_due_on').on(t.dueOn, t.id),
    fromHighest('findings_due_on', t.dueOn, t.id),
    index('findings_found_on').on(t.foundOn, t.id),
    fromHighest('findings_found_on', t.foundOn, t.id),
    index('findings_notified_on').on(t.notifiedOn, t.id),
    index('findings_case_agency').on(t.caseAgencyId, t.id),
    index('findings_synthetic').on(t.synthetic, t.id),
    index('findings_updated_at').on(t.updatedAt, t.id),
    check('findings_warning_known', isValueOf('WarningKind', t.warningKind)),
    check('findings_stage_known', isValueOf('FindingStage', t.stage)),
    check('findings_severity_known', isValueOf('ViolationSeverity', t.severity)),
    check('findings_harm_known', isValueOf('HarmLevel', t.harmCaused)),
    check(
      'findings_penalty_known',
      sql`${t.penaltyKinds} <@ array[${literals(enumValues.PenaltyKind)}]::text[] and cardinality(${t.penaltyKinds}) > 0`,
    ),
    check(
      'findings_penalty_whole',
      sql`${t.penaltyKinds} is not null or num_nonnulls(${t.penaltyAmount}, ${t.penaltyDecidedOn}, ${t.penaltyDocumentNo}, ${t.penaltyPublishedOn}, ${t.penaltyPublishedUntil}, ${t.penaltyRestoredOn}, ${t.penaltyWithdrawnOn}) = 0`,
    ),
    check('findings_penalty_amount', sql`${t.penaltyAmount} >= 0`),
    check('findings_penalty_dates', sql`${t.penaltyPublishedOn} >= ${t.penaltyDecidedOn}`),
    check(
      'findings_penalty_ends',
      sql`${t.penaltyPublishedUntil} >= ${t.penaltyPublishedOn} and ${t.penaltyRestoredOn} >= ${t.penaltyDecidedOn}`,
    ),
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

/** Steps of a finding. */
export const findingSteps = stepTable(schema, 'finding_steps', () => findings.id, enumValues.FindingStage);

export type InspectionRow = typeof inspections.$inferSelect;
export type FindingRow = typeof findings.$inferSelect;
