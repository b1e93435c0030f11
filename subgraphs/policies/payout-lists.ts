import { regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import { matchingRuns, paymentRuleReviewers, paymentRules, qualifyingListMembers, shared } from './tables.ts';

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
  filter: {
    id: paymentRules.id,
    stage: paymentRules.stage,
    dueOn: paymentRules.dueOn,
    measureId: paymentRules.measureId,
    region: regionCondition(paymentRules.regionCode, shared),
    payingAgencyId: paymentRules.payingAgencyId,
    reviewerId: someOf(paymentRules.id, paymentRuleReviewers.ruleId, paymentRuleReviewers.agencyId),
    auditorId: paymentRules.auditorId,
    synthetic: paymentRules.synthetic,
    updatedAt: paymentRules.updatedAt,
  },
  orderBy: { ID: paymentRules.id, DUE_ON: paymentRules.dueOn },
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
  filter: {
    id: matchingRuns.id,
    stage: matchingRuns.stage,
    ranOn: matchingRuns.ranOn,
    period: matchingRuns.period,
    dryRun: matchingRuns.dryRun,
    measureId: matchingRuns.measureId,
    ruleId: matchingRuns.ruleId,
    region: regionCondition(matchingRuns.regionCode, shared),
    payingAgencyId: matchingRuns.payingAgencyId,
    synthetic: matchingRuns.synthetic,
    updatedAt: matchingRuns.updatedAt,
  },
  orderBy: { ID: matchingRuns.id, RAN_ON: matchingRuns.ranOn },
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
  filter: {
    id: qualifyingListMembers.id,
    stage: qualifyingListMembers.stage,
    listId: qualifyingListMembers.listId,
    enterpriseId: qualifyingListMembers.enterpriseId,
    region: regionCondition(qualifyingListMembers.regionCode, shared),
    holdsFrom: qualifyingListMembers.holdsFrom,
    holdsUntil: qualifyingListMembers.holdsUntil,
    synthetic: qualifyingListMembers.synthetic,
    updatedAt: qualifyingListMembers.updatedAt,
  },
  orderBy: {
    ID: qualifyingListMembers.id,
    HOLDS_FROM: qualifyingListMembers.holdsFrom,
    HOLDS_UNTIL: qualifyingListMembers.holdsUntil,
  },
});
