import { regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import { campaignAgencies, inspectionCampaigns, shared } from './tables.ts';

export const campaignList = defineList({
  type: 'InspectionCampaign',
  table: inspectionCampaigns,
  id: inspectionCampaigns.id,
  columns: {
    region: [inspectionCampaigns.regionCode],
    lead: [inspectionCampaigns.leadId],
    agencies: [],
    joined: [],
    event: [inspectionCampaigns.startedOn],
    history: [],
    allowedActions: [],
  },
  filter: {
    id: inspectionCampaigns.id,
    region: regionCondition(inspectionCampaigns.regionCode, shared),
    leadId: inspectionCampaigns.leadId,
    agencyId: someOf(inspectionCampaigns.id, campaignAgencies.campaignId, campaignAgencies.agencyId),
    stage: inspectionCampaigns.stage,
    startsOn: inspectionCampaigns.startsOn,
    dueOn: inspectionCampaigns.dueOn,
    synthetic: inspectionCampaigns.synthetic,
    updatedAt: inspectionCampaigns.updatedAt,
  },
  orderBy: {
    ID: inspectionCampaigns.id,
    STARTS_ON: inspectionCampaigns.startsOn,
    UPDATED_AT: inspectionCampaigns.updatedAt,
  },
});
