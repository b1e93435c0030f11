import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { campaignList } from '../campaign-list.ts';
import { agencyTables, campaignAgencies, campaignSteps, inspectionCampaigns } from '../tables.ts';
import { campaignTable } from './campaign-table.ts';

const isNamed = (agency: string, further: SQL) =>
  sql`exists (select 1 from ${campaignAgencies} where ${and(
    eq(campaignAgencies.campaignId, inspectionCampaigns.id),
    eq(campaignAgencies.agencyId, agency),
    further,
  )})`;

/** The workflow of inspection campaigns. */
export const campaignWorkflow = defineWorkflow({
  table: campaignTable,
  agency: agencyTables,
  list: campaignList,
  objects: inspectionCampaigns,
  steps: campaignSteps,
  relations: {
    lead: (agency) => eq(inspectionCampaigns.leadId, agency),
    invited: (agency) => isNamed(agency, isNull(campaignAgencies.joinedOn)),
    joined: (agency) => isNamed(agency, isNotNull(campaignAgencies.joinedOn)),
  },
});
