import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { PolicyMatch } from './eligibility.ts';
import type { RequestSummary } from './service-requests.ts';
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
  ServiceRequestSummary: RequestSummary;
  StarList: StarListRow;
  StarListEntry: StarListEntryRow;
  Payout: PayoutRow;
  OpenCall: OpenCallRow;
}
