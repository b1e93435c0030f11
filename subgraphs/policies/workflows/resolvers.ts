import { oneByKey } from '@wenshu/kit/by-key.ts';
import { listingList, matchingRunList, paymentRuleList } from '../payout-lists.ts';
import { payoutList, serviceRequestList } from '../queries.ts';
import type { Resolvers } from '../schema-types.ts';
import { endListing, recordListing } from './listing-mutations.ts';
import { advancePaymentRule, proposePaymentRule } from './payment-rule-mutations.ts';
import {
  advancePayout,
  noteBlacklisting,
  notifyClawBack,
  payPayout,
  vetoPayout,
} from './payout-mutations.ts';
import { runMatching } from './run-matching.ts';
import {
  advanceServiceRequest,
  assignServiceRequest,
  requestCoHandling,
  resolveServiceRequest,
  revisitServiceRequest,
  submitServiceRequest,
} from './service-request-mutations.ts';

/** Resolvers of what departments and enterprises carry out. */
export const workflowResolvers: Pick<
  Resolvers,
  | 'Mutation'
  | 'ServiceRequestPayload'
  | 'PayoutPayload'
  | 'PaymentRulePayload'
  | 'MatchingRunPayload'
  | 'ListingPayload'
> = {
  Mutation: {
    submitServiceRequest: (_root, { input }, context) => submitServiceRequest(context, input),
    assignServiceRequest: (_root, { input }, context) => assignServiceRequest(context, input),
    requestCoHandling: (_root, { input }, context) => requestCoHandling(context, input),
    resolveServiceRequest: (_root, { input }, context) => resolveServiceRequest(context, input),
    revisitServiceRequest: (_root, { input }, context) => revisitServiceRequest(context, input),
    advanceServiceRequest: (_root, { input }, context) => advanceServiceRequest(context, input),

    proposePaymentRule: (_root, { input }, context) => proposePaymentRule(context, input),
    advancePaymentRule: (_root, { input }, context) => advancePaymentRule(context, input),
    runMatching: (_root, { input }, context) => runMatching(context, input),
    vetoPayout: (_root, { input }, context) => vetoPayout(context, input),
    payPayout: (_root, { input }, context) => payPayout(context, input),
    notifyClawBack: (_root, { input }, context) => notifyClawBack(context, input),
    advancePayout: (_root, { input }, context) => advancePayout(context, input),
    noteBlacklisting: async (_root, { input }, context) => ({
      vetoed: await noteBlacklisting(context, input),
    }),
    recordListing: (_root, { input }, context) => recordListing(context, input),
    endListing: (_root, { input }, context) => endListing(context, input),
  },

  ServiceRequestPayload: {
    serviceRequest: ({ id }, _args, context, info) => oneByKey(context, serviceRequestList, info, id),
  },

  PayoutPayload: {
    payout: ({ id }, _args, context, info) => oneByKey(context, payoutList, info, id),
  },
  PaymentRulePayload: {
    paymentRule: ({ id }, _args, context, info) => oneByKey(context, paymentRuleList, info, id),
  },
  MatchingRunPayload: {
    matchingRun: ({ id }, _args, context, info) => oneByKey(context, matchingRunList, info, id),
  },
  ListingPayload: {
    listing: ({ id }, _args, context, info) => oneByKey(context, listingList, info, id),
  },
};
