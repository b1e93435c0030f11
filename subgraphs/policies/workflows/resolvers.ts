import { oneByKey } from '@wenshu/kit/by-key.ts';
import { openCallClaimList, openCallList, serviceRequestList } from '../queries.ts';
import type { Resolvers } from '../schema-types.ts';
import {
  advanceOpenCall,
  claimOpenCall,
  publishOpenCall,
  selectClaim,
  withdrawClaim,
} from './open-call-mutations.ts';
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
  'Mutation' | 'ServiceRequestPayload' | 'OpenCallPayload' | 'OpenCallClaimPayload'
> = {
  Mutation: {
    submitServiceRequest: (_root, { input }, context) => submitServiceRequest(context, input),
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
  },

  OpenCallPayload: {
    openCall: ({ id }, _args, context, info) => oneByKey(context, openCallList, info, id),
  },

  OpenCallClaimPayload: {
    openCallClaim: ({ id }, _args, context, info) => oneByKey(context, openCallClaimList, info, id),
  },

  ServiceRequestPayload: {
    serviceRequest: ({ id }, _args, context, info) => oneByKey(context, serviceRequestList, info, id),
  },
};
