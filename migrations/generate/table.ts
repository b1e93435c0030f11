import type { PgTable } from 'drizzle-orm/pg-core';

/** Columns that Postgres computes in the tables of records. */
type Computed = 'searchedNames';

/** A row as it is written. */
export type WrittenRow<Table extends PgTable> = Omit<Table['$inferSelect'], Computed>;

/** A table whose rows are generated on demand, for each of its subjects. */
export interface GeneratedTable<Table extends PgTable = PgTable> {
  readonly table: Table;
  readonly subjects: number;
  rowsOf(subject: number): readonly WrittenRow<Table>[];
}

/** Declares a generated table. Its rows give every column, so they do not depend on defaults or the clock of a database. */
export const generated = <Table extends PgTable>(
  table: Table,
  subjects: number,
  rowsOf: (subject: number) => readonly WrittenRow<Table>[],
): GeneratedTable => ({ table, subjects, rowsOf });
