import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type { DualEffectFigures, DualEffectSummary, DualEffectSummaryRow } from './dual-effect-summary.ts';
import type { ReturnsSummary } from './returns.ts';
import type {
  BlacklistEntryRow,
  DualEffectAssessmentRow,
  DualEffectItemRow,
  dualEffectSteps,
  EnterpriseRow,
  enterpriseSubjects,
  FindingRow,
  InspectionRow,
} from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  Enterprise: EnterpriseRow;
  EnterpriseSubject: typeof enterpriseSubjects.$inferSelect;
  Inspection: InspectionRow;
  Finding: FindingRow;
  BlacklistEntry: BlacklistEntryRow;
  DualEffectAssessment: DualEffectAssessmentRow;
  DualEffectFigures: DualEffectFigures;
  DualEffectItem: DualEffectItemRow;
  DualEffectPayload: Carried;
  DualEffectStep: typeof dualEffectSteps.$inferSelect;
  DualEffectSummary: DualEffectSummary;
  DualEffectSummaryRow: DualEffectSummaryRow;
  ReturnsSummary: ReturnsSummary;
}
