import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type { ProjectFigures, ProjectLedgerSummary, ProjectLedgerSummaryRow } from './ledger-summary.ts';
import type {
  ParkRow,
  ProjectLedgerRow,
  ProjectRow,
  projectLedgerSteps,
  projectMilestones,
  projectProblems,
  projectQuarters,
  projectReports,
  projectStages,
  projectSubjects,
  projectTargets,
  projectYearPlans,
} from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  Park: ParkRow;
  Project: ProjectRow;
  ProjectStage: typeof projectStages.$inferSelect;
  ProjectSubject: typeof projectSubjects.$inferSelect;
  ProjectTarget: typeof projectTargets.$inferSelect;
  ProjectLedger: ProjectLedgerRow;
  ProjectLedgerStep: typeof projectLedgerSteps.$inferSelect;
  ProjectLedgerPayload: Carried;
  ProjectMilestone: typeof projectMilestones.$inferSelect;
  ProjectYear: typeof projectYearPlans.$inferSelect;
  ProjectReport: typeof projectReports.$inferSelect;
  ProjectProblem: typeof projectProblems.$inferSelect;
  ProjectQuarter: typeof projectQuarters.$inferSelect;
  ProjectLedgerSummary: ProjectLedgerSummary;
  ProjectLedgerSummaryRow: ProjectLedgerSummaryRow;
  ProjectFigures: ProjectFigures;
}
