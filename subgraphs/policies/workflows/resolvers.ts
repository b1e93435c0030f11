import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import { referenceOrNull } from '@wenshu/kit/reference.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import { listingList, matchingRunList, paymentRuleList } from '../payout-lists.ts';
import {
  agencyList,
  openCallClaimList,
  openCallList,
  payoutList,
  serviceRequestList,
  starListList,
} from '../queries.ts';
import { agencyById, enterpriseOf, graph, policyOf } from '../references.ts';
import type { Resolvers } from '../schema-types.ts';
import { isOverdue } from '../service-requests.ts';
import { serviceRequestCoHandlers, serviceRequestSteps } from '../tables.ts';
import { nameCommissioner } from './commissioners.ts';
import { endListing, recordListing } from './listing-mutations.ts';
import {
  advanceOpenCall,
  claimOpenCall,
  publishOpenCall,
  selectClaim,
  withdrawClaim,
} from './open-call-mutations.ts';
import { advancePaymentRule, proposePaymentRule } from './payment-rule-mutations.ts';
import {
  advancePayout,
  noteBlacklisting,
  notifyClawBack,
  payPayout,
  vetoPayout,
} from './payout-mutations.ts';
import { runMatching } from './run-matching.ts';
import { advanceServiceRequest } from './service-request-advances.ts';
import {
  assignServiceRequest,
  requestCoHandling,
  resolveServiceRequest,
  revisitServiceRequest,
} from './service-request-mutations.ts';
import { noteProjectProblem, submitServiceRequest } from './service-request-submission.ts';
import { serviceRequestWorkflow } from './service-requests.ts';

import {
  advanceStarList,
  draftStarList,
  nominateForStarList,
  sendStarListToVetting,
} from './star-list-mutations.ts';
import { answerStarListObjection, objectToStarList, vetStarList } from './star-list-opinions.ts';

/** Resolvers of what departments and enterprises carry out. */
export const workflowResolvers: Pick<
  Resolvers,
  | 'CommissionerPayload'
  | 'Mutation'
  | 'OpenCallClaimPayload'
  | 'OpenCallPayload'
  | 'ServiceRequest'
  | 'ServiceRequestOpinion'
  | 'ServiceRequestPayload'
  | 'ServiceRequestStep'
  | 'StarListPayload'
  | 'PayoutPayload'
  | 'PaymentRulePayload'
  | 'MatchingRunPayload'
  | 'ListingPayload'
> = {
  Mutation: {
    nameCommissioner: (_root, { input }, context) => nameCommissioner(context, input),
    submitServiceRequest: (_root, { input }, context) => submitServiceRequest(context, input),
    noteProjectProblem: (_root, { input }, context) => noteProjectProblem(context, input),
    assignServiceRequest: (_root, { input }, context) => assignServiceRequest(context, input),
    requestCoHandling: (_root, { input }, context) => requestCoHandling(context, input),
    resolveServiceRequest: (_root, { input }, context) => resolveServiceRequest(context, input),
    revisitServiceRequest: (_root, { input }, context) => revisitServiceRequest(context, input),
    advanceServiceRequest: (_root, { input }, context) => advanceServiceRequest(context, input),
    publishOpenCall: (_root, { input }, context) => publishOpenCall(context, input),
    claimOpenCall: (_root, { input }, context) => claimOpenCall(context, input),
    withdrawClaim: (_root, { input }, context) => withdrawClaim(context, input),
    selectClaim: (_root, { input }, context) => selectClaim(context, input),
    advanceOpenCall: (_root, { input }, context) => advanceOpenCall(context, input),
    proposePaymentRule: (_root, { input }, context) => proposePaymentRule(context, input),
    advancePaymentRule: (_root, { input }, context) => advancePaymentRule(context, input),
    runMatching: (_root, { input }, context) => runMatching(context, input),
    vetoPayout: (_root, { input }, context) => vetoPayout(context, input),
    payPayout: (_root, { input }, context) => payPayout(context, input),
    notifyClawBack: (_root, { input }, context) => notifyClawBack(context, input),
    advancePayout: (_root, { input }, context) => advancePayout(context, input),
    noteBlacklisting: (_root, { input }, context) => noteBlacklisting(context, input),
    recordListing: (_root, { input }, context) => recordListing(context, input),
    endListing: (_root, { input }, context) => endListing(context, input),
    draftStarList: (_root, { input }, context) => draftStarList(context, input),
    nominateForStarList: (_root, { input }, context) => nominateForStarList(context, input),
    sendStarListToVetting: (_root, { input }, context) => sendStarListToVetting(context, input),
    vetStarList: (_root, { input }, context) => vetStarList(context, input),
    objectToStarList: (_root, { input }, context) => objectToStarList(context, input),
    answerStarListObjection: (_root, { input }, context) => answerStarListObjection(context, input),
    advanceStarList: (_root, { input }, context) => advanceStarList(context, input),
  },

  OpenCallPayload: {
    openCall: ({ id }, _args, context, info) => oneByKey(context, openCallList, info, id),
  },

  OpenCallClaimPayload: {
    openCallClaim: ({ id }, _args, context, info) => oneByKey(context, openCallClaimList, info, id),
  },

  CommissionerPayload: {
    enterprise: ({ enterpriseId }) => ({ id: enterpriseId }),
    commissioner: ({ agencyId }, _args, context, info) =>
      agencyId === null ? null : referenceByKey(context, agencyList, info, agencyId),
  },

  ServiceRequest: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, serviceRequestList, info, id),
    enterprise: enterpriseOf,
    region: graph.record.region,
    responsible: (request, _args, context, info) => agencyById(request.responsibleId, context, info),
    submittedBy: (request, _args, context, info) => agencyById(request.submittedById, context, info),
    coHandlers: async (request, _args, context, info) => {
      const { requestId, seq } = serviceRequestCoHandlers;
      const handlers = await manyByKey(context, serviceRequestCoHandlers, requestId, request.id, seq);
      return handlers.map(({ agencyId }) => agencyById(agencyId, context, info));
    },
    opinions: (request, _args, context) => {
      const { requestId, seq } = serviceRequestCoHandlers;
      return manyByKey(context, serviceRequestCoHandlers, requestId, request.id, seq);
    },
    duplicateOf: (request, _args, context, info) =>
      request.duplicateOfId === null
        ? null
        : oneByKey(context, serviceRequestList, info, request.duplicateOfId),
    suggestedAgency: (request, _args, context, info) => agencyById(request.suggestedId, context, info),
    commissioner: (request, _args, context, info) => agencyById(request.commissionerId, context, info),
    history: (request, _args, context) => {
      const { objectId, seq } = serviceRequestSteps;
      return manyByKey(context, serviceRequestSteps, objectId, request.id, seq);
    },
    isOverdue,
    allowedActions: (request, _args, context) =>
      allowedActionsOf(context, serviceRequestWorkflow, request.id),
    policy: policyOf,
    project: (request) => referenceOrNull('Project', request.projectId),
  },

  ServiceRequestOpinion: {
    agency: ({ agencyId }, _args, context, info) => agencyById(agencyId, context, info),
  },

  ServiceRequestStep: {
    agency: (step: { agencyId: string | null }, _args, context, info) =>
      agencyById(step.agencyId, context, info),
  },

  StarListPayload: {
    starList: ({ id }, _args, context, info) => oneByKey(context, starListList, info, id),
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
