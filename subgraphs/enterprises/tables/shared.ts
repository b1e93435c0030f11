import { sharedTables } from '@wenshu/kit/tables.ts';
import { pgSchema } from 'drizzle-orm/pg-core';

export const schema = pgSchema('enterprises');

export const shared = sharedTables(schema);
export const { regions, regionClosure, sources, indicators, publishedTotals } = shared;
