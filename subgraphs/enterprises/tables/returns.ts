import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  integer,
  numeric,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { enterpriseId, literals } from './record-columns.ts';
import { schema } from './shared.ts';

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
