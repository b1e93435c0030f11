import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { sql } from 'drizzle-orm';
import { check, date, index, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import { schema } from './shared.ts';
import { agencyId, isOneOf, restsOnPolicy, workflowColumns } from './workflow-columns.ts';

export const starLists = schema.table(
  'star_lists',
  {
    ...workflowColumns(),
    nameZh: text('name_zh').notNull(),
    year: integer().notNull(),
    half: text().notNull(),
    status: text().notNull(),
    objectionUntil: date('objection_until', { mode: 'string' }),
    publishedOn: date('published_on', { mode: 'string' }),
    regionCode: text('region_code'),
    policyId: restsOnPolicy(),
  },
  (t) => [
    check('star_lists_half_known', isOneOf(t.half, ['FIRST', 'SECOND'])),
    check('star_lists_status_known', isOneOf(t.status, ['DRAFT', 'OBJECTION_PERIOD', 'PUBLISHED'])),
    check('star_lists_objection', sql`${t.status} <> 'OBJECTION_PERIOD' or ${t.objectionUntil} is not null`),
    check('star_lists_published', sql`(${t.status} = 'PUBLISHED') = (${t.publishedOn} is not null)`),
    ...textIndexes('star_lists_name_zh', t.nameZh),
    index('star_lists_year').on(t.year, t.half, t.id),
    index('star_lists_half').on(t.half, t.id),
    index('star_lists_status').on(t.status, t.id),
    index('star_lists_objection_until').on(t.objectionUntil, t.id),
    index('star_lists_published_on').on(t.publishedOn, t.id),
    fromHighest('star_lists_published_on', t.publishedOn, t.id),
    index('star_lists_region').on(t.regionCode, t.id),
    index('star_lists_policy').on(t.policyId, t.id),
    index('star_lists_synthetic').on(t.synthetic, t.id),
    index('star_lists_updated_at').on(t.updatedAt, t.id),
  ],
);

/** Enterprises nominated for a list. A vetoed one stays on record, without a rank. */
export const starListEntries = schema.table(
  'star_list_entries',
  {
    listId: text('list_id')
      .notNull()
      .references(() => starLists.id, { onDelete: 'cascade' }),
    enterpriseId: text('enterprise_id').notNull(),
    rank: integer(),
    criteria: text().array().notNull(),
    reasonZh: text('reason_zh'),
    vetoedById: agencyId('vetoed_by_id'),
    vetoReasonZh: text('veto_reason_zh'),
  },
  (t) => [
    primaryKey({ columns: [t.listId, t.enterpriseId] }),
    check('star_list_entries_rank_counts', sql`${t.rank} > 0`),
    check('star_list_entries_vetoed', sql`${t.vetoedById} is null or ${t.rank} is null`),
    check('star_list_entries_veto_reason', sql`${t.vetoReasonZh} is null or ${t.vetoedById} is not null`),
    check(
      'star_list_entries_criteria_known',
      sql`${t.criteria} <@ array['SOCIAL_CONTRIBUTION', 'PERFORMANCE', 'TECHNOLOGY', 'MODEL']`,
    ),
    index('star_list_entries_enterprise').on(t.enterpriseId, t.listId),
    index('star_list_entries_vetoed_by').on(t.vetoedById),
  ],
);

export type StarListRow = typeof starLists.$inferSelect;
export type StarListEntryRow = typeof starListEntries.$inferSelect;
