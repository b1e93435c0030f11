import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type { PolicyMatch } from './eligibility.ts';
import type { RequestFigures, RequestSummary, RequestSummaryRow } from './service-request-summary.ts';
import type {
  AgencyRow,
  agencySubjects,
  MeasureRow,
  OpenCallRow,
  PayoutRow,
  PolicyRow,
  policySubjects,
  ServiceRequestRow,
  StarListEntryRow,
  StarListRow,
  serviceRequestSteps,
} from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows extends SharedRows {
  Policy: PolicyRow;
  PolicySubject: typeof policySubjects.$inferSelect;
  PolicyMatch: PolicyMatch;
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
  Payout: PayoutRow;
  OpenCall: OpenCallRow;
}
