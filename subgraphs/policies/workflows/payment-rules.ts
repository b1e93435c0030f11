import { today } from '@wenshu/kit/today.ts';
import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { and, eq, lt, sql } from 'drizzle-orm';
import { listingList, matchingRunList, paymentRuleList } from '../payout-lists.ts';
import {
  agencyTables,
  listingSteps,
  matchingRunSteps,
  matchingRuns,
  paymentRuleSteps,
  paymentRules,
  qualifyingListMembers,
} from '../tables.ts';
import { listingTable } from './listing-table.ts';
import { matchingRunTable } from './matching-run-table.ts';
import { paymentRuleTable } from './payment-rule-table.ts';

/** The workflow of the rules by which measures are paid. */
export const paymentRuleWorkflow = defineWorkflow({
  table: paymentRuleTable,
  agency: agencyTables,
  list: paymentRuleList,
  objects: paymentRules,
  steps: paymentRuleSteps,
  relations: { paying: (agency) => eq(paymentRules.payingAgencyId, agency) },
});

/** The workflow of runs of matching. */
export const matchingRunWorkflow = defineWorkflow({
  table: matchingRunTable,
  agency: agencyTables,
  list: matchingRunList,
  objects: matchingRuns,
  steps: matchingRunSteps,
  relations: { paying: (agency) => eq(matchingRuns.payingAgencyId, agency) },
  conditions: {
    isPayable:
      () => sql`exists (select 1 from ${paymentRules} where ${and(eq(paymentRules.id, matchingRuns.ruleId), eq(paymentRules.stage, 'IN_FORCE'))}
      and ${today()}::date between ${paymentRules.opensOn} and ${paymentRules.closesOn})`,
  },
});

/** The workflow of places on lists. */
export const listingWorkflow = defineWorkflow({
  table: listingTable,
  agency: agencyTables,
  list: listingList,
  objects: qualifyingListMembers,
  steps: listingSteps,
  enterpriseId: qualifyingListMembers.enterpriseId,
  relations: {},
  conditions: { isOver: () => lt(qualifyingListMembers.holdsUntil, sql`${today()}::date`) },
});
