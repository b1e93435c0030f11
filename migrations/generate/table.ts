import type { PgTable } from 'drizzle-orm/pg-core';

/** The rows of one table, made when they are asked for: those of each of so many subjects. */
export interface GeneratedTable<Table extends PgTable = PgTable> {
  readonly table: Table;
  readonly subjects: number;
  rowsOf(subject: number): readonly Table['$inferSelect'][];
}

/** Every column is said: a row does not depend on the defaults, or the clock, of a database. */
export const generated = <Table extends PgTable>(
  table: Table,
  subjects: number,
  rowsOf: (subject: number) => readonly Table['$inferSelect'][],
): GeneratedTable => ({ table, subjects, rowsOf });
