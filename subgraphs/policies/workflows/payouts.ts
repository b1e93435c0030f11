import { today } from '@wenshu/kit/today.ts';
import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { and, eq, gte, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { payoutList } from '../queries.ts';
import { agencyTables, barredEnterprises, paymentRuleReviewers, payoutSteps, payouts } from '../tables.ts';
import { payoutTable } from './payout-table.ts';
import { vetoedAsBlacklisted } from './payout-veto.ts';

const { stage, needsConfirmation, isPublicised, isObjected, isReplied, clawBackAmount, dueOn } = payouts;

const isBefore = (day: AnyPgColumn) => sql`coalesce(${day} < ${today()}::date, true)`;

/** Returns the condition that nothing is waited for before the approval: confirmation, publicity and objections. */
const isReady = (): SQL => sql`case ${stage}
  when 'MATCHED' then not ${needsConfirmation} and not ${isPublicised}
  when 'CONFIRMED' then not ${isPublicised}
  else ${isBefore(payouts.publicUntil)} and not ${isObjected} end`;

/** The workflow of payouts. */
export const payoutWorkflow = defineWorkflow({
  table: payoutTable,
  agency: agencyTables,
  list: payoutList,
  objects: payouts,
  steps: payoutSteps,
  enterpriseId: payouts.enterpriseId,
  relations: {
    paying: (agency) => eq(payouts.payingAgencyId, agency),
    auditor: (agency) => eq(payouts.auditorId, agency),
    reviewer: (agency) =>
      sql`exists (select 1 from ${paymentRuleReviewers} where ${and(eq(paymentRuleReviewers.ruleId, payouts.ruleId), eq(paymentRuleReviewers.agencyId, agency))})`,
  },
  effectBySystem: (_action, row, db) => vetoedAsBlacklisted(row, db),
  conditions: {
    isBlacklisted: () =>
      sql`exists (select 1 from ${barredEnterprises} where ${eq(barredEnterprises.enterpriseId, payouts.enterpriseId)})`,
    isToConfirm: () => sql`${needsConfirmation}`,
    isToPublicise: () => sql`${isPublicised} and (${stage} = 'CONFIRMED' or not ${needsConfirmation})`,
    isPublic: () => gte(payouts.publicUntil, sql`${today()}::date`),
    isObjected: () => sql`${isObjected}`,
    mayBeApproved: () =>
      sql`${payouts.ruleId} is not null and ${payouts.amount} is not null and ${isBefore(payouts.reviewUntil)} and ${isReady()}`,
    mayBeClaimed: () => isNull(clawBackAmount),
    isClaimed: () => isNotNull(clawBackAmount),
    mayReply: () => sql`${clawBackAmount} is not null and not ${isReplied}`,
    mayClawBack: () => sql`${clawBackAmount} is not null and (${isReplied} or ${dueOn} < ${today()}::date)`,
  },
});
