import type { CitationRow, HonourRow, SharedTables } from './tables.ts';

/** Row types of the GraphQL types that all subgraphs share. */
export interface Rows {
  Citation: CitationRow;
  Fact: { readonly key: string; readonly value: unknown };
  Honour: HonourRow;
  Indicator: SharedTables['indicators']['$inferSelect'];
  Region: SharedTables['regions']['$inferSelect'];
  Source: SharedTables['sources']['$inferSelect'];
}
