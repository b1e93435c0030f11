import type { Workflow } from '@wenshu/kit/workflow/workflow.ts';
import { campaignWorkflow } from './campaigns.ts';

/** All workflows of the subgraph. */
export const workflows: readonly Workflow[] = [campaignWorkflow];
