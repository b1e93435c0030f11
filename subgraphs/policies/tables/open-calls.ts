import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { sql } from 'drizzle-orm';
import { check, date, index, integer, numeric, primaryKey, text } from 'drizzle-orm/pg-core';
import { schema } from './shared.ts';
import { agencyId, isOneOf, restsOnPolicy, stepOn, workflowColumns } from './workflow-columns.ts';

const openCallStatuses = ['PUBLISHED', 'CLAIMED', 'IN_PROGRESS', 'ACCEPTED', 'FAILED'];

/** `status` is that of the last step. */
export const openCalls = schema.table(
  'open_calls',
  {
    ...workflowColumns(),
    titleZh: text('title_zh').notNull(),
    policyId: restsOnPolicy(),
    publisherId: agencyId('publisher_id'),
    reward: numeric(),
    status: text().notNull(),
    publishedOn: date('published_on', { mode: 'string' }).notNull(),
    deadline: date({ mode: 'string' }),
    claimantId: text('claimant_id'),
    projectId: text('project_id'),
  },
  (t) => [
    check('open_calls_status_known', isOneOf(t.status, openCallStatuses)),
    check('open_calls_reward', sql`${t.reward} >= 0`),
    check('open_calls_deadline', sql`${t.deadline} >= ${t.publishedOn}`),
    // A failed call may have no contractor.
    check(
      'open_calls_claimed',
      sql`${isOneOf(t.status, ['PUBLISHED', 'FAILED'])} or ${t.claimantId} is not null`,
    ),
    ...textIndexes('open_calls_title_zh', t.titleZh),
    index('open_calls_policy').on(t.policyId, t.id),
    index('open_calls_publisher').on(t.publisherId, t.id),
    index('open_calls_claimant').on(t.claimantId, t.id),
    index('open_calls_project').on(t.projectId, t.id),
    index('open_calls_status').on(t.status, t.id),
    index('open_calls_reward_order').on(t.reward, t.id),
    fromHighest('open_calls_reward_order', t.reward, t.id),
    index('open_calls_published_on').on(t.publishedOn, t.id),
    index('open_calls_deadline_order').on(t.deadline, t.id),
    fromHighest('open_calls_deadline_order', t.deadline, t.id),
    index('open_calls_synthetic').on(t.synthetic, t.id),
    index('open_calls_updated_at').on(t.updatedAt, t.id),
  ],
);

/** Rows are added, never changed. */
export const openCallSteps = schema.table(
  'open_call_steps',
  {
    openCallId: text('open_call_id')
      .notNull()
      .references(() => openCalls.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    status: text().notNull(),
    on: stepOn(),
    noteZh: text('note_zh'),
  },
  (t) => [
    primaryKey({ columns: [t.openCallId, t.seq] }),
    check('open_call_steps_status_known', isOneOf(t.status, openCallStatuses)),
  ],
);

export type OpenCallRow = typeof openCalls.$inferSelect;
