import type { Workflow } from '@wenshu/kit/workflow/workflow.ts';
import { serviceRequestWorkflow } from './service-requests.ts';

/** All workflows of the subgraph. */
export const workflows: readonly Workflow[] = [serviceRequestWorkflow];
