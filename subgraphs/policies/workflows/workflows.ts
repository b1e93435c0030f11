import type { Workflow } from '@wenshu/kit/workflow/workflow.ts';
import { claimWorkflow, openCallWorkflow } from './open-calls.ts';
import { listingWorkflow, matchingRunWorkflow, paymentRuleWorkflow } from './payment-rules.ts';
import { payoutWorkflow } from './payouts.ts';
import { serviceRequestWorkflow } from './service-requests.ts';
import { starListWorkflow } from './star-lists.ts';

/** All workflows of the subgraph. */
export const workflows: readonly Workflow[] = [
  serviceRequestWorkflow,
  paymentRuleWorkflow,
  matchingRunWorkflow,
  payoutWorkflow,
  listingWorkflow,
  starListWorkflow,
  openCallWorkflow,
  claimWorkflow,
];
