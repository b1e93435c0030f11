import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { page } from '@wenshu/kit/page.ts';
import { pageBy } from '@wenshu/kit/page-by.ts';
import { referenceOrNull, referenceTo } from '@wenshu/kit/reference.ts';
import { summaryFields } from '@wenshu/kit/summary-groups.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { openCallFigureFields, summariseOpenCalls } from './open-call-summary.ts';
import { openCallClaimList, openCallList } from './queries.ts';
import { claimsOfEnterprise, claimsOnCall, claimsReceivedBy, claimsSubmittedBy } from './relations.ts';
import type { Resolvers } from './schema-types.ts';
import { openCallClaimSteps, openCallSteps } from './tables.ts';
import { claimWorkflow, openCallWorkflow } from './workflows/open-calls.ts';

type Info = GraphQLResolveInfo;

export const openCallQueries: Pick<
  Resolvers['Query'],
  'openCall' | 'openCalls' | 'openCallClaim' | 'openCallClaims' | 'openCallSummary'
> = {
  openCall: (_root, { id }, context, info) => oneByKey(context, openCallList, info, id),
  openCalls: (_root, args, context, info) => page(context, openCallList, args, info),
  openCallClaim: (_root, { id }, context, info) => oneByKey(context, openCallClaimList, info, id),
  openCallClaims: (_root, args, context, info) => page(context, openCallClaimList, args, info),
  openCallSummary: (_root, args, context) => summariseOpenCalls(context, args),
};

export const claimsOfEnterpriseField: Pick<Resolvers['Enterprise'], 'openCallClaims'> = {
  openCallClaims: (enterprise, args, context, info) =>
    pageBy(context, openCallClaimList, claimsOfEnterprise, enterprise.id, args, info),
};

export const claimsOfAgency: Pick<Resolvers['Agency'], 'receivedClaims' | 'submittedClaims'> = {
  receivedClaims: (agency, args, context, info) =>
    pageBy(context, openCallClaimList, claimsReceivedBy, agency.id, args, info),
  submittedClaims: (agency, args, context, info) =>
    pageBy(context, openCallClaimList, claimsSubmittedBy, agency.id, args, info),
};

/** What the resolvers of open calls share with those of other types. */
type SharedResolvers = {
  region(
    row: { readonly regionCode: string | null },
    args: unknown,
    context: Context,
    info: Info,
  ): ReturnType<Resolvers['OpenCall']['region']>;
  agencyById(id: string | null, context: Context, info: Info): ReturnType<Resolvers['OpenCall']['publisher']>;
  policyOf(
    row: { readonly policyId: string | null },
    args: unknown,
    context: Context,
    info: Info,
  ): ReturnType<Resolvers['OpenCall']['policy']>;
};

/** Resolvers of open calls and their claims. */
export const openCallResolvers = ({
  region,
  agencyById,
  policyOf,
}: SharedResolvers): Pick<
  Resolvers,
  | 'OpenCall'
  | 'OpenCallStep'
  | 'OpenCallClaim'
  | 'OpenCallClaimStep'
  | 'OpenCallFigures'
  | 'OpenCallSummary'
  | 'OpenCallSummaryRow'
> => ({
  OpenCall: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, openCallList, info, id),
    policy: policyOf,
    publisher: (call, _args, context, info) => agencyById(call.publisherId, context, info),
    region,
    claimant: (call) => referenceOrNull('Enterprise', call.claimantId),
    project: (call) => referenceOrNull('Project', call.projectId),
    history: (call, _args, context) =>
      manyByKey(context, openCallSteps, openCallSteps.objectId, call.id, openCallSteps.seq),
    allowedActions: (call, _args, context) => allowedActionsOf(context, openCallWorkflow, call.id),
    claims: (call, args, context, info) =>
      pageBy(context, openCallClaimList, claimsOnCall, call.id, args, info),
  },

  OpenCallStep: {
    agency: (step, _args, context, info) => agencyById(step.agencyId, context, info),
  },

  OpenCallClaim: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, openCallClaimList, info, id),
    openCall: (claim, _args, context, info) => referenceByKey(context, openCallList, info, claim.openCallId),
    enterprise: (claim) => referenceTo('Enterprise', claim.enterpriseId),
    publisher: (claim, _args, context, info) => agencyById(claim.publisherId, context, info),
    submittedBy: (claim, _args, context, info) => agencyById(claim.submittedById, context, info),
    region,
    history: (claim, _args, context) =>
      manyByKey(context, openCallClaimSteps, openCallClaimSteps.objectId, claim.id, openCallClaimSteps.seq),
    allowedActions: (claim, _args, context) => allowedActionsOf(context, claimWorkflow, claim.id),
  },

  OpenCallClaimStep: {
    agency: (step, _args, context, info) => agencyById(step.agencyId, context, info),
  },

  OpenCallFigures: openCallFigureFields,
  OpenCallSummary: { ...summaryFields, region },
  OpenCallSummaryRow: {
    region,
    publisher: ({ publisherId }, _args, context, info) => agencyById(publisherId, context, info),
  },
});
