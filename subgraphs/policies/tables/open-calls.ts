import { fromHighest, textIndexes } from '@wenshu/kit/tables.ts';
import { stepTable } from '@wenshu/kit/workflow/tables.ts';
import { sql } from 'drizzle-orm';
import { check, date, index, numeric, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { schema } from './shared.ts';
import { agencyId, isOneOf, restsOnPolicy, workflowColumns } from './workflow-columns.ts';

const openCallStages = ['PUBLISHED', 'SELECTED', 'IN_PROGRESS', 'ACCEPTED', 'FAILED', 'LAPSED'];
const claimStages = ['SUBMITTED', 'WITHDRAWN', 'SELECTED', 'PASSED_OVER'];

/** `stage` is that of the last step. */
export const openCalls = schema.table(
  'open_calls',
  {
    ...workflowColumns(),
    titleZh: text('title_zh').notNull(),
    textZh: text('text_zh'),
    policyId: restsOnPolicy(),
    publisherId: agencyId('publisher_id'),
    regionCode: text('region_code'),
    reward: numeric(),
    stage: text().notNull(),
    publishedOn: date('published_on', { mode: 'string' }).notNull(),
    /** The last day on which an enterprise can claim the task; null for calls from before claims were handed in here. */
    claimsUntil: date('claims_until', { mode: 'string' }),
    deadline: date({ mode: 'string' }),
    dueOn: date('due_on', { mode: 'string' }),
    claimantId: text('claimant_id'),
    /** The claim that was selected. Its call selects it, so it has no foreign key back. */
    selectedClaimId: text('selected_claim_id'),
    rewardPaidOn: date('reward_paid_on', { mode: 'string' }),
    projectId: text('project_id'),
  },
  (t) => [
    check('open_calls_stage_known', isOneOf(t.stage, openCallStages)),
    check('open_calls_reward', sql`${t.reward} >= 0`),
    check('open_calls_deadline', sql`${t.deadline} >= ${t.publishedOn}`),
    check(
      'open_calls_claims_until',
      sql`${t.claimsUntil} >= ${t.publishedOn} and ${t.deadline} >= ${t.claimsUntil}`,
    ),
    // A failed call may have no contractor.
    check(
      'open_calls_claimed',
      sql`${isOneOf(t.stage, ['PUBLISHED', 'FAILED', 'LAPSED'])} or ${t.claimantId} is not null`,
    ),
    check('open_calls_reward_paid', sql`${t.rewardPaidOn} is null or ${t.stage} = 'ACCEPTED'`),
    ...textIndexes('open_calls_title_zh', t.titleZh),
    index('open_calls_policy').on(t.policyId, t.id),
    index('open_calls_publisher').on(t.publisherId, t.id),
    index('open_calls_region').on(t.regionCode, t.id),
    index('open_calls_claimant').on(t.claimantId, t.id),
    index('open_calls_project').on(t.projectId, t.id),
    index('open_calls_stage').on(t.stage, t.id),
    index('open_calls_reward_order').on(t.reward, t.id),
    fromHighest('open_calls_reward_order', t.reward, t.id),
    index('open_calls_published_on').on(t.publishedOn, t.id),
    index('open_calls_claims_until').on(t.claimsUntil, t.id),
    fromHighest('open_calls_claims_until', t.claimsUntil, t.id),
    index('open_calls_deadline_order').on(t.deadline, t.id),
    fromHighest('open_calls_deadline_order', t.deadline, t.id),
    index('open_calls_due_on').on(t.dueOn, t.id),
    index('open_calls_synthetic').on(t.synthetic, t.id),
    index('open_calls_updated_at').on(t.updatedAt, t.id),
  ],
);

export const openCallSteps = stepTable(schema, 'open_call_steps', () => openCalls.id, openCallStages);

/** Claims on open calls. An enterprise sees its own alone, so nothing of them stands in the call or in its history. */
export const openCallClaims = schema.table(
  'open_call_claims',
  {
    ...workflowColumns(),
    openCallId: text('open_call_id')
      .notNull()
      .references(() => openCalls.id),
    publisherId: agencyId('publisher_id'),
    regionCode: text('region_code'),
    enterpriseId: text('enterprise_id').notNull(),
    /** The agency that handed it in for the enterprise; null if the enterprise did. */
    submittedById: agencyId('submitted_by_id'),
    planZh: text('plan_zh').notNull(),
    stage: text().notNull(),
    submittedOn: date('submitted_on', { mode: 'string' }).notNull(),
    dueOn: date('due_on', { mode: 'string' }),
  },
  (t) => [
    check('open_call_claims_stage_known', isOneOf(t.stage, claimStages)),
    uniqueIndex('open_call_claims_once')
      .on(t.openCallId, t.enterpriseId)
      .where(sql`${t.stage} <> 'WITHDRAWN'`),
    index('open_call_claims_call').on(t.openCallId, t.id),
    index('open_call_claims_publisher').on(t.publisherId, t.id),
    index('open_call_claims_region').on(t.regionCode, t.id),
    index('open_call_claims_enterprise').on(t.enterpriseId, t.id),
    index('open_call_claims_submitted_by').on(t.submittedById, t.id),
    index('open_call_claims_stage').on(t.stage, t.id),
    index('open_call_claims_submitted_on').on(t.submittedOn, t.id),
    index('open_call_claims_synthetic').on(t.synthetic, t.id),
    index('open_call_claims_updated_at').on(t.updatedAt, t.id),
  ],
);

export const openCallClaimSteps = stepTable(
  schema,
  'open_call_claim_steps',
  () => openCallClaims.id,
  claimStages,
);

export type OpenCallRow = typeof openCalls.$inferSelect;
export type OpenCallClaimRow = typeof openCallClaims.$inferSelect;
