import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { stepTable } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import { boolean, check, date, index, integer, numeric, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { enterpriseId, isValueOf, statementColumns } from './record-columns.ts';
import { schema } from './shared.ts';

const assessmentStages = ['OPENED', 'SELF_REPORTED', 'SCORED', 'APPROVED', 'NOTIFIED', 'APPEALED', 'FINAL'];

/** Assessments. What a dataset brings is final. */
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
    stage: text().notNull().default('FINAL'),
    dueOn: date('due_on', { mode: 'string' }),
    /** That of the enterprise when the assessment was opened. */
    regionCode: text('region_code'),
    supervisedById: text('supervised_by_id'),
    reportZh: text('report_zh'),
    notifiedOn: date('notified_on', { mode: 'string' }),
    appealUntil: date('appeal_until', { mode: 'string' }),
    appealZh: text('appeal_zh'),
    appealedOn: date('appealed_on', { mode: 'string' }),
    appealOutcome: text('appeal_outcome'),
    appealAnswerZh: text('appeal_answer_zh'),
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
    check(
      'dual_effect_assessments_stage_known',
      sql`${t.stage} in (${sql.raw(assessmentStages.map((stage) => `'${stage}'`).join(', '))})`,
    ),
    // The enterprise sees an assessment until it is scored, and again from its notification on.
    check(
      'dual_effect_assessments_unscored',
      sql`${t.stage} not in ('OPENED', 'SELF_REPORTED') or (not ${t.hasContentFault}
        and num_nonnulls(${t.socialScore}, ${t.economicScore}, ${t.total}, ${t.resultCap}, ${t.gradeZh}) = 0)`,
    ),
    check(
      'dual_effect_assessments_notified',
      sql`${t.stage} not in ('NOTIFIED', 'APPEALED') or (${t.notifiedOn} is not null and ${t.appealUntil} is not null)`,
    ),
    check(
      'dual_effect_assessments_appealed',
      sql`(${t.appealZh} is null) = (${t.appealedOn} is null) and (${t.stage} <> 'APPEALED' or ${t.appealZh} is not null)`,
    ),
    check(
      'dual_effect_assessments_appeal_decided',
      sql`num_nonnulls(${t.appealOutcome}, ${t.appealAnswerZh}) in (0, 2) and ${t.appealOutcome} in ('UPHELD', 'REJECTED')`,
    ),
    index('dual_effect_assessments_stage').on(t.stage, t.id),
    index('dual_effect_assessments_due_on').on(t.dueOn, t.id),
    index('dual_effect_assessments_region').on(t.regionCode, t.id),
    index('dual_effect_assessments_supervised_by').on(t.supervisedById, t.id),
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
    /** The score that the enterprise gives itself. */
    selfScore: numeric('self_score'),
  },
  (t) => [
    primaryKey({ columns: [t.assessmentId, t.seq] }),
    check('dual_effect_items_kind_known', isValueOf('BenefitKind', t.kind)),
    check('dual_effect_items_weight', sql`${t.weight} > 0 and ${t.weight} <= 100`),
    check('dual_effect_items_score', sql`${t.score} >= 0`),
    check('dual_effect_items_self_score', sql`${t.selfScore} between 0 and ${t.weight}`),
  ],
);

/** Steps of an assessment. */
export const dualEffectSteps = stepTable(
  schema,
  'dual_effect_steps',
  () => dualEffectAssessments.id,
  assessmentStages,
);

export type DualEffectItemRow = typeof dualEffectItems.$inferSelect;
export type DualEffectAssessmentRow = typeof dualEffectAssessments.$inferSelect;
