import { oneByKey } from '@wenshu/kit/by-key.ts';
import { serviceRequestList, starListList } from '../queries.ts';
import type { Resolvers } from '../schema-types.ts';
import {
  advanceServiceRequest,
  assignServiceRequest,
  requestCoHandling,
  resolveServiceRequest,
  revisitServiceRequest,
  submitServiceRequest,
} from './service-request-mutations.ts';
import {
  advanceStarList,
  draftStarList,
  nominateForStarList,
  sendStarListToVetting,
} from './star-list-mutations.ts';
import { answerStarListObjection, objectToStarList, vetStarList } from './star-list-opinions.ts';

/** Resolvers of what departments and enterprises carry out. */
export const workflowResolvers: Pick<Resolvers, 'Mutation' | 'ServiceRequestPayload' | 'StarListPayload'> = {
  Mutation: {
    submitServiceRequest: (_root, { input }, context) => submitServiceRequest(context, input),
    assignServiceRequest: (_root, { input }, context) => assignServiceRequest(context, input),
    requestCoHandling: (_root, { input }, context) => requestCoHandling(context, input),
    resolveServiceRequest: (_root, { input }, context) => resolveServiceRequest(context, input),
    revisitServiceRequest: (_root, { input }, context) => revisitServiceRequest(context, input),
    advanceServiceRequest: (_root, { input }, context) => advanceServiceRequest(context, input),

    draftStarList: (_root, { input }, context) => draftStarList(context, input),
    nominateForStarList: (_root, { input }, context) => nominateForStarList(context, input),
    sendStarListToVetting: (_root, { input }, context) => sendStarListToVetting(context, input),
    vetStarList: (_root, { input }, context) => vetStarList(context, input),
    objectToStarList: (_root, { input }, context) => objectToStarList(context, input),
    answerStarListObjection: (_root, { input }, context) => answerStarListObjection(context, input),
    advanceStarList: (_root, { input }, context) => advanceStarList(context, input),
  },

  StarListPayload: {
    starList: ({ id }, _args, context, info) => oneByKey(context, starListList, info, id),
  },

  ServiceRequestPayload: {
    serviceRequest: ({ id }, _args, context, info) => oneByKey(context, serviceRequestList, info, id),
  },
};
