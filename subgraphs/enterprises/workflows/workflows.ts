import type { Workflow } from '@wenshu/kit/workflow/workflow.ts';
import { dualEffectWorkflow } from './dual-effects.ts';
import { blacklistWorkflow, findingWorkflow, guidePriceWorkflow, inspectionWorkflow } from './enforcement.ts';

/** All workflows of the subgraph. */
export const workflows: readonly Workflow[] = [
  inspectionWorkflow,
  findingWorkflow,
  blacklistWorkflow,
  guidePriceWorkflow,
  dualEffectWorkflow,
];
