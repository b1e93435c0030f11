import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type { DualEffectFigures, DualEffectSummary, DualEffectSummaryRow } from './dual-effect-summary.ts';
import type { EnforcementSummary, EnforcementSummaryRow, Figures } from './enforcement-summary.ts';
import type { ReturnsSummary } from './returns.ts';
import type {
  BlacklistEntryRow,
  blacklistSteps,
  DualEffectAssessmentRow,
  DualEffectItemRow,
  dualEffectSteps,
  EnterpriseRow,
  enterpriseSubjects,
  FindingRow,
  findingSteps,
  GuidePriceRow,
  guidePriceSteps,
  InspectionRow,
} from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  Enterprise: EnterpriseRow;
  EnterpriseSubject: typeof enterpriseSubjects.$inferSelect;
  Inspection: InspectionRow;
  Finding: FindingRow;
  GuidePrice: GuidePriceRow;
  BlacklistEntry: BlacklistEntryRow;
  DualEffectAssessment: DualEffectAssessmentRow;
  DualEffectFigures: DualEffectFigures;
  DualEffectItem: DualEffectItemRow;
  DualEffectPayload: Carried;
  DualEffectStep: typeof dualEffectSteps.$inferSelect;
  DualEffectSummary: DualEffectSummary;
  DualEffectSummaryRow: DualEffectSummaryRow;
  ReturnsSummary: ReturnsSummary;
  EnforcementSummary: EnforcementSummary;
  EnforcementSummaryRow: EnforcementSummaryRow;
  EnforcementFigures: Figures;
  InspectionPayload: Carried;
  FindingPayload: Carried;
  BlacklistEntryPayload: Carried;
  GuidePricePayload: Carried;
  FindingStep: typeof findingSteps.$inferSelect;
  BlacklistStep: typeof blacklistSteps.$inferSelect;
  GuidePriceStep: typeof guidePriceSteps.$inferSelect;
}
