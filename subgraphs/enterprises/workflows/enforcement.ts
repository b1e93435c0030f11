import { today } from '@wenshu/kit/today.ts';
import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { eq, type SQL, sql } from 'drizzle-orm';
import { blacklist, findingList, guidePriceList, inspectionList } from '../queries.ts';
import {
  agencyTables,
  blacklistEntries,
  blacklistSteps,
  findingSteps,
  findings,
  guidePriceSteps,
  guidePrices,
  inspectionAgencies,
  inspectionSteps,
  inspections,
} from '../tables.ts';
import { blacklistTable } from './blacklist-table.ts';
import { findingTable } from './finding-table.ts';
import { guidePriceTable } from './guide-price-table.ts';
import { inspectionTable } from './inspection-table.ts';

const now = () => sql`${today()}::date`;

/** Returns the condition that an agency took part in an inspection. */
const tookPartIn = (
  inspectionId: typeof findings.inspectionId | typeof inspections.id,
  agency: string,
): SQL =>
  sql`exists (select 1 from ${inspectionAgencies} where ${inspectionAgencies.inspectionId} = ${inspectionId} and ${inspectionAgencies.agencyId} = ${agency})`;

/** The workflow of inspections. */
export const inspectionWorkflow = defineWorkflow({
  table: inspectionTable,
  agency: agencyTables,
  list: inspectionList,
  objects: inspections,
  steps: inspectionSteps,
  enterpriseId: inspections.enterpriseId,
  relations: { inspecting: (agency) => tookPartIn(inspections.id, agency) },
});

/** The workflow of findings. */
export const findingWorkflow = defineWorkflow({
  table: findingTable,
  agency: agencyTables,
  list: findingList,
  internal: { stages: ['SUSPECTED', 'FILED'] },
  objects: findings,
  steps: findingSteps,
  enterpriseId: findings.enterpriseId,
  relations: {
    inspecting: (agency) => tookPartIn(findings.inspectionId, agency),
    caseAgency: (agency) => eq(findings.caseAgencyId, agency),
  },
  conditions: {
    mayState: () => sql`${findings.statementZh} is null and ${findings.statementUntil} >= ${now()}`,
    hasBeenHeard: () =>
      sql`(${findings.statementZh} is not null or coalesce(${findings.statementUntil} < ${now()}, true))`,
    termHasEnded: () => sql`${findings.penaltyPublishedUntil} < ${now()}`,
  },
});

/** The workflow of the blacklist. */
export const blacklistWorkflow = defineWorkflow({
  table: blacklistTable,
  agency: agencyTables,
  list: blacklist,
  // Its own enterprise is told beforehand, everybody else when it is published.
  internal: { stages: ['PROPOSED', 'BLACKLISTED', 'DROPPED'], isForOwnEnterprise: true },
  objects: blacklistEntries,
  steps: blacklistSteps,
  enterpriseId: blacklistEntries.enterpriseId,
  relations: { listing: (agency) => eq(blacklistEntries.listedById, agency) },
  conditions: {
    mayState: () => sql`${blacklistEntries.statementZh} is null and ${blacklistEntries.dueOn} >= ${now()}`,
    hasBeenHeard: () =>
      sql`(${blacklistEntries.statementZh} is not null or coalesce(${blacklistEntries.dueOn} < ${now()}, true))`,
    termHasEnded: () => sql`${blacklistEntries.until} < ${now()}`,
  },
});

/** The workflow of guide prices. */
export const guidePriceWorkflow = defineWorkflow({
  table: guidePriceTable,
  agency: agencyTables,
  list: guidePriceList,
  objects: guidePrices,
  steps: guidePriceSteps,
  relations: {},
});
