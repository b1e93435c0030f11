import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { sql } from 'drizzle-orm';
import { check, date, index, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { enterpriseId, statementColumns } from './record-columns.ts';
import { schema } from './shared.ts';

/** An entry without a date of publication is not public, and the graph does not show it. */
export const blacklistEntries = schema.table(
  'blacklist_entries',
  {
    ...statementColumns(),
    enterpriseId: enterpriseId(),
    listedById: text('listed_by_id').notNull(),
    reasonZh: text('reason_zh').notNull(),
    listedOn: date('listed_on', { mode: 'string' }).notNull(),
    /** Last day of the listing; null if it has no term. */
    until: date({ mode: 'string' }),
    restoredOn: date('restored_on', { mode: 'string' }),
    publishedOn: date('published_on', { mode: 'string' }),
  },
  (t) => [
    // An agency can list an enterprise only once at a time. A term may have ended by now.
    uniqueIndex('blacklist_entries_standing')
      .on(t.enterpriseId, t.listedById)
      .where(sql`${t.restoredOn} is null and ${t.until} is null`),
    check('blacklist_entries_until_later', sql`${t.until} >= ${t.listedOn}`),
    check('blacklist_entries_restored_later', sql`${t.restoredOn} >= ${t.listedOn}`),
    check('blacklist_entries_published_later', sql`${t.publishedOn} >= ${t.listedOn}`),
    index('blacklist_entries_enterprise').on(t.enterpriseId, t.id),
    index('blacklist_entries_listed_by').on(t.listedById, t.id),
    index('blacklist_entries_listed_on').on(t.listedOn, t.id),
    index('blacklist_entries_until').on(t.until, t.id),
    index('blacklist_entries_restored_on').on(t.restoredOn, t.id),
    index('blacklist_entries_published_on').on(t.publishedOn, t.id),
    fromHighest('blacklist_entries_published_on', t.publishedOn, t.id),
    index('blacklist_entries_updated_at').on(t.updatedAt, t.id),
    index('blacklist_entries_synthetic').on(t.synthetic, t.id),
    ...textIndexes('blacklist_entries_reason_zh', t.reasonZh),
  ],
);

export type BlacklistEntryRow = typeof blacklistEntries.$inferSelect;
