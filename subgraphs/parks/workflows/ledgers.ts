import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { eq, sql } from 'drizzle-orm';
import { projectLedgerList } from '../queries.ts';
import { agencyTables, projectLedgerSteps, projectLedgers } from '../tables.ts';
import { isBehindNow } from './behind.ts';
import { ledgerTable } from './ledger-table.ts';

/** The workflow of the ledgers of key projects. */
export const ledgerWorkflow = defineWorkflow({
  table: ledgerTable,
  agency: agencyTables,
  list: projectLedgerList,
  objects: projectLedgers,
  steps: projectLedgerSteps,
  relations: {
    responsible: (agency) => eq(projectLedgers.responsibleId, agency),
    liaison: (agency) => eq(projectLedgers.liaisonId, agency),
  },
  conditions: { isBehind: isBehindNow, isNotBehind: () => sql`not ${isBehindNow()}` },
});
