import type { Rows as SharedRows } from '@wenshu/kit/rows.ts';
import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type { ConditionCheck, MeasureMatch, PolicyMatch } from './eligibility.ts';
import type { OpenCallFigures, OpenCallSummary, OpenCallSummaryRow } from './open-call-summary.ts';
import type { PayoutFigures, PayoutGap, PayoutSummary, PayoutSummaryRow } from './payout-summary.ts';
import type { RequestFigures, RequestSummary, RequestSummaryRow } from './service-request-summary.ts';
import type { StarListFigures, StarListSummary, StarListSummaryRow } from './star-list-summary.ts';
import type {
  AgencyRow,
  agencySubjects,
  FactGap,
  ListingRow,
  listingSteps,
  MatchingRunRow,
  MeasureRow,
  matchingRunSteps,
  OpenCallClaimRow,
  OpenCallRow,
  openCallClaimSteps,
  openCallSteps,
  PaymentRuleRow,
  PayoutRow,
  PolicyRow,
  paymentRuleSteps,
  payoutSteps,
  policyEligibility,
  policySubjects,
  qualifyingLists,
  ServiceRequestRow,
  StarListEntryRow,
  StarListObjectionRow,
  StarListRow,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  starListSteps,
  starListVerdicts,
  TierAmount,
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
  ServiceRequestOpinion: typeof serviceRequestCoHandlers.$inferSelect;
  CommissionerPayload: {
    readonly enterpriseId: string;
    readonly agencyId: string | null;
    readonly isReplay: boolean;
  };
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
  PayoutStep: typeof payoutSteps.$inferSelect;
  PayoutPayload: Carried;
  BlacklistNotePayload: { readonly vetoed: number; readonly isReplay: boolean };
  PaymentRule: PaymentRuleRow;
  TierAmount: TierAmount;
  PaymentRuleStep: typeof paymentRuleSteps.$inferSelect;
  PaymentRulePayload: Carried;
  MatchingRun: MatchingRunRow;
  FactGap: FactGap;
  MatchingRunStep: typeof matchingRunSteps.$inferSelect;
  MatchingRunPayload: Carried;
  Listing: ListingRow;
  ListingStep: typeof listingSteps.$inferSelect;
  ListingPayload: Carried;
  PayoutSummary: PayoutSummary;
  PayoutSummaryRow: PayoutSummaryRow;
  PayoutFigures: PayoutFigures;
  PayoutGap: PayoutGap;
  OpenCall: OpenCallRow;
  OpenCallStep: typeof openCallSteps.$inferSelect;
  OpenCallPayload: Carried;
  OpenCallClaim: OpenCallClaimRow;
  OpenCallClaimStep: typeof openCallClaimSteps.$inferSelect;
  OpenCallClaimPayload: Carried;
  OpenCallFigures: OpenCallFigures;
  OpenCallSummary: OpenCallSummary;
  OpenCallSummaryRow: OpenCallSummaryRow;
}
