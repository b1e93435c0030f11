import type { Column } from '../../export/columns.ts';
import { createCsvWriter, csvHead } from '../../export/formats/csv.ts';
import type { FormatName } from '../../export/formats/format.ts';

/** How a file is written to which more rows are added: as CSV, or as the lines that come. */
export type Appended = {
  readonly head: Buffer;
  rows(lines: Buffer): Buffer;
};

export const appendedAs = (format: FormatName, columns: readonly Column[]): Appended =>
  format === 'csv'
    ? { head: Buffer.from(csvHead(columns)), rows: createCsvWriter(columns) }
    : { head: Buffer.alloc(0), rows: (lines) => lines };
