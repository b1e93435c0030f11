import { defineList } from '@wenshu/kit/list.ts';
import { matchingRuns, paymentRules, qualifyingListMembers } from './tables.ts';

/** Rules are read by id and by their measure, so these lists have no filters and orders. */
export const paymentRuleList = defineList({
  type: 'PaymentRule',
  table: paymentRules,
  id: paymentRules.id,
  columns: {
    measure: [paymentRules.measureId],
    region: [paymentRules.regionCode],
    payingAgency: [paymentRules.payingAgencyId],
    auditor: [paymentRules.auditorId],
  },
  filter: {},
  orderBy: {},
});

export const matchingRunList = defineList({
  type: 'MatchingRun',
  table: matchingRuns,
  id: matchingRuns.id,
  columns: {
    measure: [matchingRuns.measureId],
    region: [matchingRuns.regionCode],
    rule: [matchingRuns.ruleId],
    payingAgency: [matchingRuns.payingAgencyId],
  },
  filter: {},
  orderBy: {},
});

export const listingList = defineList({
  type: 'Listing',
  table: qualifyingListMembers,
  id: qualifyingListMembers.id,
  columns: {
    list: [qualifyingListMembers.listId],
    enterprise: [qualifyingListMembers.enterpriseId],
    region: [qualifyingListMembers.regionCode],
  },
  filter: {},
  orderBy: {},
});
