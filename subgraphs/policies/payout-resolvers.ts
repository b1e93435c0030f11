import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { measureOf } from './measures.ts';
import { listingList, matchingRunList, paymentRuleList } from './payout-lists.ts';
import { payoutFigureFields, summarisePayouts } from './payout-summary.ts';
import { payoutList } from './queries.ts';
import type { Resolvers } from './schema-types.ts';
import {
  listingSteps,
  matchingRunSteps,
  matchingRuns,
  paymentRuleReviewers,
  paymentRuleSteps,
  paymentRules,
  payoutSteps,
  qualifyingLists,
} from './tables.ts';
import { listingWorkflow, matchingRunWorkflow, paymentRuleWorkflow } from './workflows/payment-rules.ts';
import { payoutWorkflow } from './workflows/payouts.ts';

type Info = GraphQLResolveInfo;

export const payoutQueries: Pick<
  Resolvers['Query'],
  | 'payout'
  | 'payouts'
  | 'paymentRule'
  | 'paymentRules'
  | 'matchingRun'
  | 'matchingRuns'
  | 'listing'
  | 'listings'
  | 'payoutSummary'
> = {
  payout: (_root, { id }, context, info) => oneByKey(context, payoutList, info, id),
  payouts: (_root, args, context, info) => page(context, payoutList, args, info),
  paymentRule: (_root, { id }, context, info) => oneByKey(context, paymentRuleList, info, id),
  paymentRules: (_root, args, context, info) => page(context, paymentRuleList, args, info),
  matchingRun: (_root, { id }, context, info) => oneByKey(context, matchingRunList, info, id),
  matchingRuns: (_root, args, context, info) => page(context, matchingRunList, args, info),
  listing: (_root, { id }, context, info) => oneByKey(context, listingList, info, id),
  listings: (_root, args, context, info) => page(context, listingList, args, info),
  payoutSummary: (_root, args, context) => summarisePayouts(context, args),
};

export const payoutsOfMeasure: Pick<Resolvers['Measure'], 'paymentRules' | 'matchingRuns'> = {
  paymentRules: async ({ id }, _args, context) => {
    const { measureId, opensOn } = paymentRules;
    const rules = await manyByKey(context, paymentRules, measureId, id, opensOn, paymentRules.id);
    return nullIfNone(rules.toReversed());
  },
  matchingRuns: async ({ id }, _args, context) => {
    const { measureId, ranOn } = matchingRuns;
    const runs = await manyByKey(context, matchingRuns, measureId, id, ranOn, matchingRuns.id);
    return nullIfNone(runs.toReversed());
  },
};

/** What the resolvers of a payout share with those of other types. */
type SharedResolvers = {
  agencyById(id: string | null, context: Context, info: Info): ReturnType<Resolvers['PayoutStep']['agency']>;
  policyOf(
    row: { readonly policyId: string | null },
    args: unknown,
    context: Context,
    info: Info,
  ): ReturnType<Resolvers['Payout']['policy']>;
  enterpriseOf(row: { readonly enterpriseId: string }): ReturnType<Resolvers['Payout']['enterprise']>;
  region(
    row: { readonly regionCode: string | null },
    args: unknown,
    context: Context,
    info: Info,
  ): ReturnType<Resolvers['Payout']['region']>;
};

type PayoutTypes =
  | 'Payout'
  | 'PayoutStep'
  | 'PaymentRule'
  | 'PaymentRuleStep'
  | 'MatchingRun'
  | 'MatchingRunStep'
  | 'Listing'
  | 'ListingStep'
  | 'PayoutSummary'
  | 'PayoutSummaryRow'
  | 'PayoutFigures';

/** Resolvers of payouts, of the rules and runs behind them, and of places on lists. */
export function payoutResolvers({
  agencyById,
  policyOf,
  enterpriseOf,
  region,
}: SharedResolvers): Pick<Resolvers, PayoutTypes> {
  const agency = (step: { readonly agencyId: string | null }, _args: unknown, context: Context, info: Info) =>
    agencyById(step.agencyId, context, info);
  const payingAgency = (
    row: { readonly payingAgencyId: string | null },
    _args: unknown,
    context: Context,
    info: Info,
  ) => agencyById(row.payingAgencyId, context, info);
  const auditor = (
    row: { readonly auditorId: string | null },
    _args: unknown,
    context: Context,
    info: Info,
  ) => agencyById(row.auditorId, context, info);
  const reviewersOf = async (ruleId: string | null, context: Context, info: Info) => {
    if (ruleId === null) return [];
    const { seq } = paymentRuleReviewers;
    const rows = await manyByKey(context, paymentRuleReviewers, paymentRuleReviewers.ruleId, ruleId, seq);
    return rows.map(({ agencyId }) => agencyById(agencyId, context, info));
  };
  const ruleOf = (row: { readonly ruleId: string | null }, _args: unknown, context: Context, info: Info) =>
    row.ruleId ? referenceByKey(context, paymentRuleList, info, row.ruleId) : null;

  return {
    Payout: {
      __resolveReference: ({ id }, context, info) => oneByKey(context, payoutList, info, id),
      policy: policyOf,
      measure: measureOf,
      rule: ruleOf,
      enterprise: enterpriseOf,
      region,
      payingAgency,
      auditor,
      reviewers: ({ ruleId }, _args, context, info) => reviewersOf(ruleId, context, info),
      history: ({ id }, _args, context) =>
        manyByKey(context, payoutSteps, payoutSteps.objectId, id, payoutSteps.seq),
      allowedActions: ({ id }, _args, context) => allowedActionsOf(context, payoutWorkflow, id),
    },
    PayoutStep: { agency },
    PaymentRule: {
      __resolveReference: ({ id }, context, info) => oneByKey(context, paymentRuleList, info, id),
      measure: measureOf,
      region,
      payingAgency,
      auditor,
      reviewers: ({ id }, _args, context, info) => reviewersOf(id, context, info),
      history: ({ id }, _args, context) =>
        manyByKey(context, paymentRuleSteps, paymentRuleSteps.objectId, id, paymentRuleSteps.seq),
      allowedActions: ({ id }, _args, context) => allowedActionsOf(context, paymentRuleWorkflow, id),
    },
    PaymentRuleStep: { agency },
    MatchingRun: {
      __resolveReference: ({ id }, context, info) => oneByKey(context, matchingRunList, info, id),
      measure: measureOf,
      rule: ruleOf,
      region,
      payingAgency,
      history: ({ id }, _args, context) =>
        manyByKey(context, matchingRunSteps, matchingRunSteps.objectId, id, matchingRunSteps.seq),
      allowedActions: ({ id }, _args, context) => allowedActionsOf(context, matchingRunWorkflow, id),
    },
    MatchingRunStep: { agency },
    Listing: {
      __resolveReference: ({ id }, context, info) => oneByKey(context, listingList, info, id),
      list: async ({ listId }, _args, context) => {
        const [list] = await manyByKey(context, qualifyingLists, qualifyingLists.id, listId);
        return list ?? null;
      },
      enterprise: enterpriseOf,
      region,
      history: ({ id }, _args, context) =>
        manyByKey(context, listingSteps, listingSteps.objectId, id, listingSteps.seq),
      allowedActions: ({ id }, _args, context) => allowedActionsOf(context, listingWorkflow, id),
    },
    ListingStep: { agency },
    PayoutSummary: {
      groupCount: ({ groups }) => groups.length,
      groups: ({ groups }, { first }) => groups.slice(0, checkedFirst(first)),
    },
    PayoutSummaryRow: { measure: measureOf, payingAgency, region },
    PayoutFigures: payoutFigureFields,
  };
}

const maxGroups = 1_000;

function checkedFirst(first: number): number {
  if (first >= 1 && first <= maxGroups) return first;
  throw badInput(
    'first',
    `"first" must be from 1 to ${maxGroups}, not ${first}.`,
    `“first”须为 1 至 ${maxGroups},不能是 ${first}。`,
  );
}
