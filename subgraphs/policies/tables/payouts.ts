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
  jsonb,
  numeric,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { ConditionCheck } from '../eligibility.ts';
import { measures } from './policies.ts';
import { schema } from './shared.ts';
import { agencyId, isOneOf, restsOnPolicy, workflowColumns } from './workflow-columns.ts';

const ruleStages = ['PROPOSED', 'IN_FORCE', 'REFUSED', 'ENDED'];

/** The amount for enterprises with a tier. */
export type TierAmount = { readonly tier: string; readonly amount: string };

/** How a measure is paid. A rule is not changed once it is in force: another one follows it. */
export const paymentRules = schema.table(
  'payment_rules',
  {
    ...workflowColumns(),
    measureId: text('measure_id')
      .notNull()
      .references(() => measures.id),
    regionCode: text('region_code'),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    payingAgencyId: agencyId('paying_agency_id').notNull(),
    auditorId: agencyId('auditor_id'),
    opensOn: date('opens_on', { mode: 'string' }).notNull(),
    closesOn: date('closes_on', { mode: 'string' }).notNull(),
    frequency: text().notNull(),
    needsConfirmation: boolean('needs_confirmation').notNull(),
    isPublicised: boolean('is_publicised').notNull(),
    amount: numeric().notNull(),
    /** Amounts in place of the usual one. The highest of those whose tier an enterprise holds counts. */
    tierAmounts: jsonb('tier_amounts').$type<readonly TierAmount[]>().notNull().default([]),
    budget: numeric().notNull(),
    /** The sum of what was approved, without what was vetoed after the approval. The database keeps it within the budget. */
    committed: numeric().notNull().default('0'),
  },
  (t) => [
    check('payment_rules_stage_known', isOneOf(t.stage, ruleStages)),
    check('payment_rules_frequency_known', isOneOf(t.frequency, ['ONCE', 'YEAR', 'QUARTER', 'MONTH'])),
    check('payment_rules_window', sql`${t.closesOn} >= ${t.opensOn}`),
    check('payment_rules_amount', sql`${t.amount} > 0`),
    check('payment_rules_within_budget', sql`${t.committed} >= 0 and ${t.committed} <= ${t.budget}`),
    uniqueIndex('payment_rules_in_force').on(t.measureId).where(sql`${t.stage} = 'IN_FORCE'`),
    index('payment_rules_measure').on(t.measureId, t.id),
    index('payment_rules_paying_agency').on(t.payingAgencyId, t.id),
    index('payment_rules_auditor').on(t.auditorId, t.id),
    index('payment_rules_region').on(t.regionCode, t.id),
    index('payment_rules_stage').on(t.stage, t.id),
    index('payment_rules_due_on').on(t.dueOn, t.id),
    fromHighest('payment_rules_due_on', t.dueOn, t.id),
    index('payment_rules_synthetic').on(t.synthetic, t.id),
    index('payment_rules_updated_at').on(t.updatedAt, t.id),
  ],
);

/** The agencies that may veto a payout under a rule. */
export const paymentRuleReviewers = schema.table(
  'payment_rule_reviewers',
  {
    ruleId: text('rule_id')
      .notNull()
      .references(() => paymentRules.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    agencyId: agencyId('agency_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.ruleId, t.seq] }),
    unique('payment_rule_reviewers_agency').on(t.agencyId, t.ruleId),
  ],
);

export const paymentRuleSteps = stepTable(schema, 'payment_rule_steps', () => paymentRules.id, ruleStages);

const runStages = ['RUNNING', 'DONE'];

/** A fact that is missing for a number of enterprises. */
export type FactGap = {
  readonly field: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly heldIn: string | null;
  readonly owner: string | null;
  /** Enterprises of which it is not known. */
  readonly unknown: number;
  /** Enterprises of which it is only known from a context. */
  readonly likely: number;
};

/** One run of matching over the enterprises of a region, page by page. */
export const matchingRuns = schema.table(
  'matching_runs',
  {
    ...workflowColumns(),
    ruleId: text('rule_id')
      .notNull()
      .references(() => paymentRules.id),
    measureId: text('measure_id')
      .notNull()
      .references(() => measures.id),
    regionCode: text('region_code'),
    payingAgencyId: agencyId('paying_agency_id').notNull(),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    ranOn: date('ran_on', { mode: 'string' }).notNull(),
    period: text().notNull(),
    dryRun: boolean('dry_run').notNull(),
    /** The cursor after which the next page begins; null once all are tested. */
    nextAfter: text('next_after'),
    tested: integer().notNull().default(0),
    met: integer().notNull().default(0),
    likely: integer().notNull().default(0),
    unknown: integer().notNull().default(0),
    notMet: integer('not_met').notNull().default(0),
    blacklisted: integer().notNull().default(0),
    /** Enterprises that meet all conditions and have a payout for the period already. */
    alreadyMatched: integer('already_matched').notNull().default(0),
    gaps: jsonb().$type<readonly FactGap[]>().notNull().default([]),
  },
  (t) => [
    check('matching_runs_stage_known', isOneOf(t.stage, runStages)),
    check('matching_runs_done', sql`(${t.stage} = 'DONE') = (${t.nextAfter} is null)`),
    index('matching_runs_rule').on(t.ruleId, t.id),
    index('matching_runs_measure').on(t.measureId, t.ranOn, t.id),
    index('matching_runs_ran_on').on(t.ranOn, t.id),
    fromHighest('matching_runs_ran_on', t.ranOn, t.id),
    index('matching_runs_period').on(t.period, t.id),
    index('matching_runs_dry_run').on(t.dryRun, t.id),
    index('matching_runs_stage').on(t.stage, t.id),
    index('matching_runs_synthetic').on(t.synthetic, t.id),
    index('matching_runs_updated_at').on(t.updatedAt, t.id),
    index('matching_runs_paying_agency').on(t.payingAgencyId, t.id),
    index('matching_runs_region').on(t.regionCode, t.id),
  ],
);

export const matchingRunSteps = stepTable(schema, 'matching_run_steps', () => matchingRuns.id, runStages);

const payoutStages = [
  'MATCHED',
  'CONFIRMED',
  'OBJECTION',
  'PAYABLE',
  'PAID',
  'AUDITED',
  'CLAWED_BACK',
  'DECLINED',
  'VETOED',
];

/** `stage` is that of the last step. */
export const payouts = schema.table(
  'payouts',
  {
    ...workflowColumns(),
    policyId: restsOnPolicy().notNull(),
    measureId: text('measure_id'),
    enterpriseId: text('enterprise_id').notNull(),
    regionCode: text('region_code'),
    amount: numeric(),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    payingAgencyId: agencyId('paying_agency_id'),
    paidOn: date('paid_on', { mode: 'string' }),
    ruleId: text('rule_id').references(() => paymentRules.id),
    runId: text('run_id').references(() => matchingRuns.id),
    auditorId: agencyId('auditor_id'),
    /** The period that is paid for, such as 2026 or 2026-Q1; null if it is not recorded. */
    period: text(),
    matchedOn: date('matched_on', { mode: 'string' }),
    needsConfirmation: boolean('needs_confirmation').notNull().default(true),
    isPublicised: boolean('is_publicised').notNull().default(false),
    /** The last day on which reviewers are waited for. */
    reviewUntil: date('review_until', { mode: 'string' }),
    /** The last day of publicity. */
    publicUntil: date('public_until', { mode: 'string' }),
    isObjected: boolean('is_objected').notNull().default(false),
    voucherNo: text('voucher_no'),
    basisZh: text('basis_zh'),
    /** What is to be paid back; null unless that was notified. */
    clawBackAmount: numeric('claw_back_amount'),
    isReplied: boolean('is_replied').notNull().default(false),
    /** The results of the conditions, as they were on the day of the match. */
    conditions: jsonb().$type<readonly ConditionCheck[]>(),
  },
  (t) => [
    foreignKey({
      name: 'payouts_measure_of_policy',
      columns: [t.measureId, t.policyId],
      foreignColumns: [measures.id, measures.policyId],
    }),
    check('payouts_stage_known', isOneOf(t.stage, payoutStages)),
    check('payouts_amount', sql`${t.amount} >= 0`),
    check(
      'payouts_amount_set',
      sql`${isOneOf(t.stage, ['MATCHED', 'CONFIRMED', 'OBJECTION', 'DECLINED', 'VETOED'])} or ${t.amount} is not null`,
    ),
    check(
      'payouts_paid',
      sql`(${isOneOf(t.stage, ['PAID', 'AUDITED', 'CLAWED_BACK'])}) = (${t.paidOn} is not null)`,
    ),
    check(
      'payouts_claw_back',
      sql`${t.clawBackAmount} is null or (${t.clawBackAmount} > 0 and ${t.clawBackAmount} <= ${t.amount})`,
    ),
    // An enterprise is paid once for a measure and a period, also by two runs at the same time.
    unique('payouts_once').on(t.measureId, t.enterpriseId, t.period),
    index('payouts_policy').on(t.policyId, t.id),
    // Index-only scan for the sum that a policy paid.
    index('payouts_paid_by_policy').on(t.policyId, t.stage, t.amount),
    index('payouts_measure').on(t.measureId, t.id),
    index('payouts_enterprise').on(t.enterpriseId, t.id),
    index('payouts_region').on(t.regionCode, t.id),
    index('payouts_paying_agency').on(t.payingAgencyId, t.id),
    index('payouts_auditor').on(t.auditorId, t.id),
    index('payouts_rule').on(t.ruleId, t.id),
    index('payouts_run').on(t.runId),
    index('payouts_stage').on(t.stage, t.id),
    index('payouts_due_on').on(t.dueOn, t.id),
    fromHighest('payouts_due_on', t.dueOn, t.id),
    index('payouts_matched_on').on(t.matchedOn, t.id),
    index('payouts_period').on(t.period, t.id),
    index('payouts_amount_order').on(t.amount, t.id),
    fromHighest('payouts_amount_order', t.amount, t.id),
    index('payouts_paid_on').on(t.paidOn, t.id),
    fromHighest('payouts_paid_on', t.paidOn, t.id),
    index('payouts_synthetic').on(t.synthetic, t.id),
    index('payouts_updated_at').on(t.updatedAt, t.id),
  ],
);

export const payoutSteps = stepTable(schema, 'payout_steps', () => payouts.id, payoutStages);

/** Enterprises that the worker reported as blacklisted. Their open payouts are vetoed, and no run matches them. */
export const barredEnterprises = schema.table('barred_enterprises', {
  enterpriseId: text('enterprise_id').primaryKey(),
  basisZh: text('basis_zh').notNull(),
  at: timestamp({ withTimezone: true, mode: 'string' }).notNull().defaultNow(),
});

export type PayoutRow = typeof payouts.$inferSelect;
export type PaymentRuleRow = typeof paymentRules.$inferSelect;
export type MatchingRunRow = typeof matchingRuns.$inferSelect;
