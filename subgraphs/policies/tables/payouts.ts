import { fromHighest } from '@wenshu/kit/tables.ts';
import { sql } from 'drizzle-orm';
import { check, date, foreignKey, index, integer, numeric, primaryKey, text } from 'drizzle-orm/pg-core';
import { measures } from './policies.ts';
import { schema } from './shared.ts';
import { agencyId, isOneOf, restsOnPolicy, stepOn, workflowColumns } from './workflow-columns.ts';

const payoutStatuses = ['MATCHED', 'CONFIRMED', 'PAYABLE', 'PAID', 'AUDITED', 'CLAWED_BACK'];

/** `status` is that of the last step. */
export const payouts = schema.table(
  'payouts',
  {
    ...workflowColumns(),
    policyId: restsOnPolicy().notNull(),
    measureId: text('measure_id'),
    enterpriseId: text('enterprise_id').notNull(),
    regionCode: text('region_code'),
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
    index('payouts_region').on(t.regionCode, t.id),
    index('payouts_paying_agency').on(t.payingAgencyId, t.id),
    index('payouts_status').on(t.status, t.id),
    index('payouts_amount_order').on(t.amount, t.id),
    fromHighest('payouts_amount_order', t.amount, t.id),
    index('payouts_paid_on').on(t.paidOn, t.id),
    fromHighest('payouts_paid_on', t.paidOn, t.id),
    index('payouts_synthetic').on(t.synthetic, t.id),
    index('payouts_updated_at').on(t.updatedAt, t.id),
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

export type PayoutRow = typeof payouts.$inferSelect;
