import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import { referenceOrNull, referenceTo } from '@wenshu/kit/reference.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import { campaignList } from './campaign-list.ts';
import { graph } from './graph.ts';
import { eventList } from './queries.ts';
import type { Resolvers } from './schema-types.ts';
import { campaignAgencies, campaignSteps } from './tables.ts';
import { advanceInspectionCampaign, planInspectionCampaign } from './workflows/campaign-mutations.ts';
import { campaignWorkflow } from './workflows/campaigns.ts';

export const campaignQueries: Pick<Resolvers['Query'], 'inspectionCampaign' | 'inspectionCampaigns'> = {
  inspectionCampaign: (_root, { id }, context, info) => oneByKey(context, campaignList, info, id),
  inspectionCampaigns: (_root, args, context, info) => page(context, campaignList, args, info),
};

const agenciesOf = (context: Context, id: string) =>
  manyByKey(context, campaignAgencies, campaignAgencies.campaignId, id, campaignAgencies.agencyId);

const asAgencies = (rows: readonly { readonly agencyId: string }[]) =>
  nullIfNone(rows.map(({ agencyId }) => referenceTo('Agency', agencyId)));

/** Resolvers of inspection campaigns, and of what agencies carry out on them. */
export const campaignResolvers = {
  Mutation: {
    planInspectionCampaign: (_root, { input }, context) => planInspectionCampaign(context, input),
    advanceInspectionCampaign: (_root, { input }, context) => advanceInspectionCampaign(context, input),
  },

  InspectionCampaignPayload: {
    inspectionCampaign: ({ id }, _args, context, info) => oneByKey(context, campaignList, info, id),
  },

  InspectionCampaign: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, campaignList, info, id),
    region: ({ regionCode }, _args, context, info) => graph.region(context, info, regionCode),
    lead: ({ leadId }) => referenceTo('Agency', leadId),
    agencies: async ({ id }, _args, context) => asAgencies(await agenciesOf(context, id)),
    joined: async ({ id }, _args, context) =>
      asAgencies((await agenciesOf(context, id)).filter(({ joinedOn }) => joinedOn !== null)),
    event: ({ id, startedOn }, _args, context, info) =>
      startedOn === null ? null : referenceByKey(context, eventList, info, id),
    allowedActions: ({ id }, _args, context) => allowedActionsOf(context, campaignWorkflow, id),
    history: ({ id }, _args, context) =>
      manyByKey(context, campaignSteps, campaignSteps.objectId, id, campaignSteps.seq),
  },
  CampaignStep: { agency: ({ agencyId }) => referenceOrNull('Agency', agencyId) },
} satisfies Partial<Resolvers>;
