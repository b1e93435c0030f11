import { today } from '@wenshu/kit/today.ts';
import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { eq, sql } from 'drizzle-orm';
import { assessmentList } from '../queries.ts';
import { agencyTables, dualEffectAssessments, dualEffectSteps } from '../tables.ts';
import { dualEffectTable } from './dual-effect-table.ts';

const { supervisedById, appealUntil, dueOn } = dualEffectAssessments;

/** The workflow of dual-effect assessments. */
export const dualEffectWorkflow = defineWorkflow({
  table: dualEffectTable,
  agency: agencyTables,
  list: assessmentList,
  // The scores are a work secret until they are notified, and so is why they were returned.
  internal: { stages: ['SCORED', 'APPROVED'], actions: ['RETURN_SCORES'] },
  objects: dualEffectAssessments,
  steps: dualEffectSteps,
  enterpriseId: dualEffectAssessments.enterpriseId,
  relations: { supervisor: (agency) => eq(supervisedById, agency) },
  conditions: {
    reportIsOverdue: () => sql`${dueOn} < ${today()}::date`,
    mayAppeal: () => sql`${appealUntil} >= ${today()}::date`,
    appealHasLapsed: () => sql`${appealUntil} < ${today()}::date`,
  },
});
