import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { ConditionCheck, MeasureMatch, PolicyMatch } from './eligibility.ts';
import type { RequestSummary } from './service-requests.ts';
import type {
  AgencyRow,
  MeasureRow,
  OpenCallRow,
  PayoutRow,
  PolicyRow,
  policyEligibility,
  policySubjects,
  qualifyingLists,
  ServiceRequestRow,
  StarListEntryRow,
  StarListRow,
  serviceRequestSteps,
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
  ServiceRequest: ServiceRequestRow;
  ServiceRequestStep: typeof serviceRequestSteps.$inferSelect;
  ServiceRequestSummary: RequestSummary;
  StarList: StarListRow;
  StarListEntry: StarListEntryRow;
  Payout: PayoutRow;
  OpenCall: OpenCallRow;
}
