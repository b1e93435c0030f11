import { blacklistTable } from '@wenshu/enterprises/workflows/blacklist-table.ts';
import { dualEffectTable } from '@wenshu/enterprises/workflows/dual-effect-table.ts';
import { findingTable } from '@wenshu/enterprises/workflows/finding-table.ts';
import { guidePriceTable } from '@wenshu/enterprises/workflows/guide-price-table.ts';
import { campaignTable } from '@wenshu/events/workflows/campaign-table.ts';
import { correctionTable } from '@wenshu/gateway/control/corrections/correction-table.ts';
import type { WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { ledgerTable } from '@wenshu/parks/workflows/ledger-table.ts';
import { activityTable } from '@wenshu/party/workflows/activity-table.ts';
import { brandPlanTable, brandTable } from '@wenshu/party/workflows/brand-tables.ts';
import { coverageTable } from '@wenshu/party/workflows/coverage-table.ts';
import { listingTable } from '@wenshu/policies/workflows/listing-table.ts';
import { matchingRunTable } from '@wenshu/policies/workflows/matching-run-table.ts';
import { claimTable, openCallTable } from '@wenshu/policies/workflows/open-call-table.ts';
import { paymentRuleTable } from '@wenshu/policies/workflows/payment-rule-table.ts';
import { payoutTable } from '@wenshu/policies/workflows/payout-table.ts';
import { serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import { starListTable } from '@wenshu/policies/workflows/star-list-table.ts';

/** The tables of all workflows, by the page in `docs/workflows/` that shows them. */
export const workflowTables: Readonly<Record<string, readonly WorkflowTable[]>> = {
  corrections: [correctionTable],
  'party-building': [coverageTable, activityTable, brandTable, brandPlanTable],
  'open-calls': [openCallTable],
  'open-call-claims': [claimTable],
  'project-ledgers': [ledgerTable],
  payouts: [payoutTable],
  'payment-rules': [paymentRuleTable],
  'matching-runs': [matchingRunTable],
  listings: [listingTable],
  blacklist: [blacklistTable],
  findings: [findingTable],
  'guide-prices': [guidePriceTable],
  'inspection-campaigns': [campaignTable],
  'dual-effect-assessments': [dualEffectTable],
  'star-lists': [starListTable],
  'service-requests': [serviceRequestTable],
};
