import { sharedTables } from '@wenshu/kit/tables.ts';
import { workflowTables } from '@wenshu/kit/workflow/tables.ts';
import { pgSchema } from 'drizzle-orm/pg-core';

export const schema = pgSchema('policies');

export const shared = sharedTables(schema);
export const { changes, mutationKeys, dueNotices, sweeps } = workflowTables(schema);
export const { regions, regionClosure, sources, indicators, publishedTotals } = shared;

/** The tables of the agency that its workflows share. */
export const agencyTables = { changes, mutationKeys, dueNotices, sweeps, regionClosure };
