import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { stepTable } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import { check, date, index, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { enterpriseId, enumValues, isValueOf, statementColumns } from './record-columns.ts';
import { schema } from './shared.ts';

/** An entry without a date of publication is not public: proposals, and what is listed but not yet published. */
export const blacklistEntries = schema.table(
  'blacklist_entries',
  {
    ...statementColumns(),
    enterpriseId: enterpriseId(),
    listedById: text('listed_by_id').notNull(),
    regionCode: text('region_code'),
    stage: text().notNull().default('BLACKLISTED'),
    dueOn: date('due_on', { mode: 'string' }),
    reasonZh: text('reason_zh').notNull(),
    basisZh: text('basis_zh'),
    proposedOn: date('proposed_on', { mode: 'string' }),
    statementZh: text('statement_zh'),
    /** Null while it is only proposed. */
    listedOn: date('listed_on', { mode: 'string' }),
    /** Last day of the listing; null if it has no term. */
    until: date({ mode: 'string' }),
    restoredOn: date('restored_on', { mode: 'string' }),
    publishedOn: date('published_on', { mode: 'string' }),
  },
  (t) => [
    // An agency can list an enterprise only once at a time. A term may have ended by now.
    uniqueIndex('blacklist_entries_standing')
      .on(t.enterpriseId, t.listedById)
      .where(sql`${t.restoredOn} is null and ${t.until} is null and ${t.stage} not in ('DROPPED', 'LAPSED')`),
    check('blacklist_entries_stage_known', isValueOf('BlacklistStage', t.stage)),
    check(
      'blacklist_entries_listed',
      sql`${t.stage} in ('PROPOSED', 'DROPPED') or ${t.listedOn} is not null`,
    ),
    check('blacklist_entries_until_later', sql`${t.until} >= ${t.listedOn}`),
    check('blacklist_entries_restored_later', sql`${t.restoredOn} >= ${t.listedOn}`),
    check('blacklist_entries_published_later', sql`${t.publishedOn} >= ${t.listedOn}`),
    index('blacklist_entries_enterprise').on(t.enterpriseId, t.id),
    index('blacklist_entries_listed_by').on(t.listedById, t.id),
    index('blacklist_entries_listed_on').on(t.listedOn, t.id),
    fromHighest('blacklist_entries_listed_on', t.listedOn, t.id),
    index('blacklist_entries_stage').on(t.stage, t.id),
    index('blacklist_entries_due_on').on(t.dueOn, t.id),
    index('blacklist_entries_until').on(t.until, t.id),
    index('blacklist_entries_restored_on').on(t.restoredOn, t.id),
    index('blacklist_entries_published_on').on(t.publishedOn, t.id),
    fromHighest('blacklist_entries_published_on', t.publishedOn, t.id),
    index('blacklist_entries_updated_at').on(t.updatedAt, t.id),
    index('blacklist_entries_synthetic').on(t.synthetic, t.id),
    ...textIndexes('blacklist_entries_reason_zh', t.reasonZh),
  ],
);

export const blacklistSteps = stepTable(
  schema,
  'blacklist_steps',
  () => blacklistEntries.id,
  enumValues.BlacklistStage,
);

export type BlacklistEntryRow = typeof blacklistEntries.$inferSelect;
