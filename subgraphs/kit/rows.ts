import type { CitationRow, HonourRow, SharedTables } from './tables.ts';

/** The rows that stand for the objects of the types that all subgraphs have in common. */
export interface Rows {
  Citation: CitationRow;
  Fact: { readonly key: string; readonly value: unknown };
  Honour: HonourRow;
  Indicator: SharedTables['indicators']['$inferSelect'];
  Link: SharedTables['links']['$inferSelect'];
  Region: SharedTables['regions']['$inferSelect'];
  Source: SharedTables['sources']['$inferSelect'];
}
