import { manyByKey, oneByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { referenceTo } from '@wenshu/kit/reference.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import type { StepTable } from '@wenshu/kit/workflow/tables.ts';
import type { Workflow } from '@wenshu/kit/workflow/workflow.ts';
import { activityList, brandList, brandPlanList, coverageCaseList } from '../queries.ts';
import type { Resolvers } from '../schema-types.ts';
import { recordPartyActivity, withdrawPartyActivity } from './activities.ts';
import { advancePartyBrand, nominatePartyBrand, setPartyBrandPlan } from './brands.ts';
import { recordPartyCoverage } from './record-coverage.ts';

type Key = { readonly id: string };

/** The fields of an object about its handling. */
export const handlingOf = <Action extends string>(
  workflow: Pick<Workflow<string, Action>, keyof Workflow> & { readonly steps: StepTable },
) => ({
  allowedActions: ({ id }: Key, _args: unknown, context: Context) => allowedActionsOf(context, workflow, id),
  history: ({ id }: Key, _args: unknown, context: Context) => {
    const { objectId, seq } = workflow.steps;
    return manyByKey(context, workflow.steps, objectId, id, seq);
  },
});

const agency = ({ agencyId }: { readonly agencyId: string | null }) =>
  agencyId ? referenceTo('Agency', agencyId) : null;

/** Resolvers of what departments carry out in Party building. */
export const workflowResolvers: Pick<
  Resolvers,
  | 'Mutation'
  | 'PartyActivityPayload'
  | 'PartyActivityStep'
  | 'PartyBrandPayload'
  | 'PartyBrandPlanPayload'
  | 'PartyBrandPlanStep'
  | 'PartyBrandStep'
  | 'PartyCoverageCasePayload'
  | 'PartyCoverageStep'
> = {
  Mutation: {
    recordPartyCoverage: (_root, { input }, context) => recordPartyCoverage(context, input),
    recordPartyActivity: (_root, { input }, context) => recordPartyActivity(context, input),
    withdrawPartyActivity: (_root, { input }, context) => withdrawPartyActivity(context, input),
    nominatePartyBrand: (_root, { input }, context) => nominatePartyBrand(context, input),
    advancePartyBrand: (_root, { input }, context) => advancePartyBrand(context, input),
    setPartyBrandPlan: (_root, { input }, context) => setPartyBrandPlan(context, input),
  },
  PartyActivityPayload: {
    partyActivity: ({ id }, _args, context, info) => oneByKey(context, activityList, info, id),
  },
  PartyBrandPayload: {
    partyBrand: ({ id }, _args, context, info) => oneByKey(context, brandList, info, id),
  },
  PartyBrandPlanPayload: {
    partyBrandPlan: ({ id }, _args, context, info) => oneByKey(context, brandPlanList, info, id),
  },
  PartyCoverageCasePayload: {
    partyCoverageCase: ({ id }, _args, context, info) => oneByKey(context, coverageCaseList, info, id),
  },
  PartyActivityStep: { agency },
  PartyBrandPlanStep: { agency },
  PartyBrandStep: { agency },
  PartyCoverageStep: { agency },
};
