import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { ReturnsSummary } from './returns.ts';
import type {
  BlacklistEntryRow,
  DualEffectAssessmentRow,
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
  ReturnsSummary: ReturnsSummary;
}
