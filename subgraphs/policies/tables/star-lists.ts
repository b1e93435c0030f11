import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { stepTable } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import { check, date, foreignKey, index, integer, numeric, primaryKey, text } from 'drizzle-orm/pg-core';
import { schema } from './shared.ts';
import { agencyId, isOneOf, restsOnPolicy, workflowColumns } from './workflow-columns.ts';

const listStages = ['DRAFT', 'VETTING', 'OBJECTION_PERIOD', 'PUBLISHED'];

export const starLists = schema.table(
  'star_lists',
  {
    ...workflowColumns(),
    nameZh: text('name_zh').notNull(),
    year: integer().notNull(),
    half: text().notNull(),
    stage: text().notNull(),
    dueOn: date('due_on', { mode: 'string' }),
    /** Weights of the four criteria, in the order of the enum; null if they are not recorded. */
    weights: numeric().array(),
    objectionUntil: date('objection_until', { mode: 'string' }),
    publishedOn: date('published_on', { mode: 'string' }),
    regionCode: text('region_code'),
    policyId: restsOnPolicy(),
  },
  (t) => [
    check('star_lists_half_known', isOneOf(t.half, ['FIRST', 'SECOND'])),
    check('star_lists_stage_known', isOneOf(t.stage, listStages)),
    check('star_lists_objection', sql`${t.stage} <> 'OBJECTION_PERIOD' or ${t.objectionUntil} is not null`),
    check('star_lists_published', sql`(${t.stage} = 'PUBLISHED') = (${t.publishedOn} is not null)`),
    check(
      'star_lists_weights',
      sql`cardinality(${t.weights}) = 4 and 0 < all (${t.weights}) and ${t.weights}[1] + ${t.weights}[2] + ${t.weights}[3] + ${t.weights}[4] = 100`,
    ),
    ...textIndexes('star_lists_name_zh', t.nameZh),
    index('star_lists_year').on(t.year, t.half, t.id),
    index('star_lists_half').on(t.half, t.id),
    index('star_lists_stage').on(t.stage, t.id),
    index('star_lists_due_on').on(t.dueOn, t.id),
    index('star_lists_objection_until').on(t.objectionUntil, t.id),
    index('star_lists_published_on').on(t.publishedOn, t.id),
    fromHighest('star_lists_published_on', t.publishedOn, t.id),
    index('star_lists_region').on(t.regionCode, t.id),
    index('star_lists_policy').on(t.policyId, t.id),
    index('star_lists_synthetic').on(t.synthetic, t.id),
    index('star_lists_updated_at').on(t.updatedAt, t.id),
  ],
);

const listId = () =>
  text('list_id')
    .notNull()
    .references(() => starLists.id, { onDelete: 'cascade' });

/** Enterprises nominated for a list. One that was vetoed, dropped or removed stays on record, without a rank. */
export const starListEntries = schema.table(
  'star_list_entries',
  {
    listId: listId(),
    enterpriseId: text('enterprise_id').notNull(),
    rank: integer(),
    criteria: text().array().notNull(),
    reasonZh: text('reason_zh'),
    /** Scores by the four criteria, in the order of the enum, and their sum; null if they are not recorded. */
    scores: numeric().array(),
    total: numeric(),
    /** What the enterprise itself declares about its business. */
    performanceZh: text('performance_zh'),
    vetoedById: agencyId('vetoed_by_id'),
    vetoReasonZh: text('veto_reason_zh'),
    /** The day on which an objection to it was upheld. */
    droppedOn: date('dropped_on', { mode: 'string' }),
    removedOn: date('removed_on', { mode: 'string' }),
    removalReasonZh: text('removal_reason_zh'),
  },
  (t) => [
    primaryKey({ columns: [t.listId, t.enterpriseId] }),
    check('star_list_entries_rank_counts', sql`${t.rank} > 0`),
    check(
      'star_list_entries_vetoed',
      sql`${t.rank} is null or (${t.vetoedById} is null and ${t.droppedOn} is null and ${t.removedOn} is null)`,
    ),
    check('star_list_entries_veto_reason', sql`${t.vetoReasonZh} is null or ${t.vetoedById} is not null`),
    check(
      'star_list_entries_criteria_known',
      sql`${t.criteria} <@ array['SOCIAL_CONTRIBUTION', 'PERFORMANCE', 'TECHNOLOGY', 'MODEL']`,
    ),
    check('star_list_entries_scores', sql`cardinality(${t.scores}) = 4 and 0 <= all (${t.scores})`),
    check(
      'star_list_entries_total',
      sql`${t.total} = ${t.scores}[1] + ${t.scores}[2] + ${t.scores}[3] + ${t.scores}[4]`,
    ),
    check('star_list_entries_removed', sql`(${t.removedOn} is null) = (${t.removalReasonZh} is null)`),
    index('star_list_entries_enterprise').on(t.enterpriseId, t.listId),
    index('star_list_entries_vetoed_by').on(t.vetoedById),
  ],
);

/** The agencies that are asked to vet a list, one of each department that vets. */
export const starListVetters = schema.table(
  'star_list_vetters',
  { listId: listId(), seq: integer().notNull(), agencyId: agencyId('agency_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.listId, t.seq] }),
    index('star_list_vetters_agency').on(t.agencyId, t.listId),
  ],
);

/** What an agency that vets a list says about each of its entries. */
export const starListVerdicts = schema.table(
  'star_list_verdicts',
  {
    listId: text('list_id').notNull(),
    enterpriseId: text('enterprise_id').notNull(),
    agencyId: agencyId('agency_id').notNull(),
    verdict: text().notNull(),
    reasonZh: text('reason_zh'),
    on: date('given_on', { mode: 'string' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.listId, t.enterpriseId, t.agencyId] }),
    foreignKey({
      name: 'star_list_verdicts_entry',
      columns: [t.listId, t.enterpriseId],
      foreignColumns: [starListEntries.listId, starListEntries.enterpriseId],
    }).onDelete('cascade'),
    check('star_list_verdicts_known', isOneOf(t.verdict, ['CLEAR', 'VETO'])),
    check('star_list_verdicts_reason', sql`(${t.verdict} = 'VETO') = (${t.reasonZh} is not null)`),
    index('star_list_verdicts_agency').on(t.agencyId),
  ],
);

/** Objections to a list by an agency or by an enterprise, and the answer to each. */
export const starListObjections = schema.table(
  'star_list_objections',
  {
    listId: listId(),
    seq: integer().notNull(),
    agencyId: agencyId('agency_id'),
    enterpriseId: text('enterprise_id'),
    /** The entry that it is about; null if it is about the list. */
    againstId: text('against_id'),
    textZh: text('text_zh').notNull(),
    raisedOn: date('raised_on', { mode: 'string' }).notNull(),
    outcome: text(),
    answerZh: text('answer_zh'),
    answeredOn: date('answered_on', { mode: 'string' }),
  },
  (t) => [
    primaryKey({ columns: [t.listId, t.seq] }),
    check('star_list_objections_outcome_known', isOneOf(t.outcome, ['UPHELD', 'REJECTED'])),
    check(
      'star_list_objections_answered',
      sql`num_nonnulls(${t.outcome}, ${t.answerZh}, ${t.answeredOn}) in (0, 3)`,
    ),
    index('star_list_objections_agency').on(t.agencyId),
    index('star_list_objections_enterprise').on(t.enterpriseId),
  ],
);

/** Steps of a list. */
export const starListSteps = stepTable(schema, 'star_list_steps', () => starLists.id, listStages);

export type StarListRow = typeof starLists.$inferSelect;
export type StarListEntryRow = typeof starListEntries.$inferSelect;
export type StarListObjectionRow = typeof starListObjections.$inferSelect;
