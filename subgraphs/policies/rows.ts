import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type { ConditionCheck, MeasureMatch, PolicyMatch } from './eligibility.ts';
import type { RequestFigures, RequestSummary, RequestSummaryRow } from './service-request-summary.ts';
import type { StarListFigures, StarListSummary, StarListSummaryRow } from './star-list-summary.ts';
import type {
  AgencyRow,
  agencySubjects,
  MeasureRow,
  OpenCallRow,
  PayoutRow,
  PolicyRow,
  policyEligibility,
  policySubjects,
  qualifyingLists,
  ServiceRequestRow,
  StarListEntryRow,
  StarListObjectionRow,
  StarListRow,
  serviceRequestSteps,
  starListSteps,
  starListVerdicts,
} from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  Policy: PolicyRow;
  PolicySubject: typeof policySubjects.$inferSelect;
  EligibilityCondition: typeof policyEligibility.$inferSelect;
  QualifyingList: typeof qualifyingLists.$inferSelect;
  PolicyMatch: PolicyMatch;
  MeasureMatch: MeasureMatch<MeasureRow>;
  ConditionCheck: ConditionCheck;
  Measure: MeasureRow;
  Agency: AgencyRow;
  AgencyNaming: typeof agencySubjects.$inferSelect;
  AgencySubject: typeof agencySubjects.$inferSelect;
  ServiceRequest: ServiceRequestRow;
  ServiceRequestStep: typeof serviceRequestSteps.$inferSelect;
  ServiceRequestFigures: RequestFigures;
  ServiceRequestPayload: Carried;
  ServiceRequestSummary: RequestSummary;
  ServiceRequestSummaryRow: RequestSummaryRow;
  StarList: StarListRow;
  StarListEntry: StarListEntryRow;
  StarListFigures: StarListFigures;
  StarListObjection: StarListObjectionRow;
  StarListPayload: Carried;
  StarListStep: typeof starListSteps.$inferSelect;
  StarListSummary: StarListSummary;
  StarListSummaryRow: StarListSummaryRow;
  StarListVerdict: typeof starListVerdicts.$inferSelect;
  Payout: PayoutRow;
  OpenCall: OpenCallRow;
}
