import { defineWorkflow, type Workflow } from '@wenshu/kit/workflow/workflow.ts';
import { eq } from 'drizzle-orm';
import { activityList, brandList, brandPlanList, coverageCaseList } from '../queries.ts';
import {
  activitySteps,
  agencyTables,
  brandPlanSteps,
  brandPlans,
  brandSteps,
  coverageStatements,
  coverageSteps,
  partyActivities,
  partyBrands,
} from '../tables.ts';
import { activityTable } from './activity-table.ts';
import { brandPlanTable, brandTable } from './brand-tables.ts';
import { type CoverageStage, coverageTable } from './coverage-table.ts';

const neither = { organisation: 'NOT_COVERED', work: 'NOT_COVERED' };
const workOnly = { organisation: 'NOT_COVERED', work: 'COVERED' };

/** What each stage says of the coverage by organisation and by work. */
const statedBy: Readonly<Record<CoverageStage, { organisation: string | null; work: string | null }>> = {
  UNKNOWN: { organisation: null, work: null },
  NOT_COVERED: neither,
  LIAISON: workOnly,
  PREPARING: workOnly,
  COVERED: { organisation: 'COVERED', work: 'COVERED' },
  DISSOLVED: neither,
};

export const coverageWorkflow = defineWorkflow({
  table: coverageTable,
  agency: agencyTables,
  list: coverageCaseList,
  objects: coverageStatements,
  steps: coverageSteps,
  relations: {},
  columnsAt: (stage) => statedBy[stage],
});

export const activityWorkflow = defineWorkflow({
  table: activityTable,
  agency: agencyTables,
  list: activityList,
  objects: partyActivities,
  steps: activitySteps,
  relations: {
    host: (agency) => eq(partyActivities.hostId, agency),
  },
});

export const brandWorkflow = defineWorkflow({
  table: brandTable,
  agency: agencyTables,
  list: brandList,
  internal: { stages: ['NOMINATED', 'DROPPED'] },
  objects: partyBrands,
  steps: brandSteps,
  relations: {},
});

export const brandPlanWorkflow = defineWorkflow({
  table: brandPlanTable,
  agency: agencyTables,
  list: brandPlanList,
  objects: brandPlans,
  steps: brandPlanSteps,
  relations: {},
});

/** All workflows of the subgraph. */
export const workflows: readonly Workflow[] = [
  coverageWorkflow,
  activityWorkflow,
  brandWorkflow,
  brandPlanWorkflow,
];
