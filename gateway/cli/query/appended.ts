import type { Column } from '../../export/columns.ts';
import { createCsvWriter, csvHead } from '../../export/formats/csv.ts';
import type { FormatName } from '../../export/formats/format.ts';

/** How rows are appended to a part file: as CSV, or as NDJSON. */
export type Appended = {
  readonly head: Buffer;
  rows(lines: Buffer): Buffer;
};

export const appendedAs = (format: FormatName, columns: readonly Column[]): Appended =>
  format === 'csv'
    ? { head: Buffer.from(csvHead(columns)), rows: createCsvWriter(columns) }
    : { head: Buffer.alloc(0), rows: (lines) => lines };
