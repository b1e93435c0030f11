import { oneByKey } from '@wenshu/kit/by-key.ts';
import { serviceRequestList } from '../queries.ts';
import type { Resolvers } from '../schema-types.ts';
import {
  advanceServiceRequest,
  assignServiceRequest,
  requestCoHandling,
  resolveServiceRequest,
  revisitServiceRequest,
  submitServiceRequest,
} from './service-request-mutations.ts';

/** Resolvers of what departments and enterprises carry out. */
export const workflowResolvers: Pick<Resolvers, 'Mutation' | 'ServiceRequestPayload'> = {
  Mutation: {
    submitServiceRequest: (_root, { input }, context) => submitServiceRequest(context, input),
    assignServiceRequest: (_root, { input }, context) => assignServiceRequest(context, input),
    requestCoHandling: (_root, { input }, context) => requestCoHandling(context, input),
    resolveServiceRequest: (_root, { input }, context) => resolveServiceRequest(context, input),
    revisitServiceRequest: (_root, { input }, context) => revisitServiceRequest(context, input),
    advanceServiceRequest: (_root, { input }, context) => advanceServiceRequest(context, input),
  },

  ServiceRequestPayload: {
    serviceRequest: ({ id }, _args, context, info) => oneByKey(context, serviceRequestList, info, id),
  },
};
