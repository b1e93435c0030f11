import { today } from '@wenshu/kit/today.ts';
import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { eq, sql } from 'drizzle-orm';
import { openCallClaimList, openCallList } from '../queries.ts';
import { agencyTables, openCallClaimSteps, openCallClaims, openCallSteps, openCalls } from '../tables.ts';
import { claimTable, openCallTable } from './open-call-table.ts';

/** Claims that nobody withdrew. */
const hasClaims = sql`exists (
  select 1 from ${openCallClaims} where ${openCallClaims.openCallId} = ${openCalls.id} and ${openCallClaims.stage} <> 'WITHDRAWN')`;
const claimsAreOver = () => sql`${openCalls.claimsUntil} < ${today()}::date`;

/** The workflow of open calls. */
export const openCallWorkflow = defineWorkflow({
  table: openCallTable,
  agency: agencyTables,
  list: openCallList,
  objects: openCalls,
  steps: openCallSteps,
  relations: { publisher: (agency) => eq(openCalls.publisherId, agency) },
  conditions: {
    hasClosedClaims: () => sql`(${claimsAreOver()} and ${hasClaims})`,
    isWithoutClaims: () => sql`(${claimsAreOver()} and not ${hasClaims})`,
    hasReward: () => sql`${openCalls.reward} > 0`,
    rewardIsUnpaid: () => sql`(${openCalls.reward} > 0 and ${openCalls.rewardPaidOn} is null)`,
  },
});

/** Returns the condition on the call of a claim. */
const ofItsCall = (condition: ReturnType<typeof sql>) =>
  sql`exists (select 1 from ${openCalls} where ${openCalls.id} = ${openCallClaims.openCallId} and ${condition})`;

/** The workflow of claims on open calls. */
export const claimWorkflow = defineWorkflow({
  table: claimTable,
  agency: agencyTables,
  list: openCallClaimList,
  objects: openCallClaims,
  steps: openCallClaimSteps,
  enterpriseId: openCallClaims.enterpriseId,
  relations: {
    submitter: (agency) => eq(openCallClaims.submittedById, agency),
    publisher: (agency) => eq(openCallClaims.publisherId, agency),
  },
  conditions: {
    mayWithdraw: () =>
      ofItsCall(sql`${openCalls.stage} = 'PUBLISHED' and ${openCalls.claimsUntil} >= ${today()}::date`),
    isChosen: () => ofItsCall(sql`${openCalls.selectedClaimId} = ${openCallClaims.id}`),
    isPassedOver: () =>
      ofItsCall(
        sql`${openCalls.stage} <> 'PUBLISHED' and ${openCalls.selectedClaimId} is distinct from ${openCallClaims.id}`,
      ),
  },
});
