import type { Workflow } from '@wenshu/kit/workflow/workflow.ts';
import { ledgerWorkflow } from './ledgers.ts';

/** All workflows of the subgraph. */
export const workflows: readonly Workflow[] = [ledgerWorkflow];
