import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn, PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { SharedTables } from './tables.ts';

/** A condition of a filter input: its value in the caller's words, and the path to say in an error. */
export type Condition = ((value: never, path: string) => SQL) & Partial<Grouping>;

/** How rows are grouped by what a condition is on. */
export interface Grouping {
  /** A subquery of the values that a row has, each once, as one column. */
  readonly values: () => SQL;
  /** Where the values are codes of regions: the tables by which they are rolled up. */
  readonly regions?: Pick<SharedTables, 'regions' | 'regionClosure'>;
}

/** What a list can be ordered by: a column, or an expression with the SQL type of its values. */
export type Order = PgColumn | { expression: SQL; column: PgColumn };

/**
 * A list that the graph offers: where its rows are, how the fields of its GraphQL
 * type are made from columns, and what it can be filtered and ordered by.
 */
export interface List<Table extends PgTable = PgTable> {
  /** Name of the GraphQL type of a row. */
  type: string;
  table: Table;
  /** Unique; breaks ties in every order. */
  id: PgColumn;
  /** The columns behind a field, where they are not the one column of the same name. */
  columns: Readonly<Record<string, readonly PgColumn[]>>;
  /** A condition for each field of the filter input; a plain column takes every operator. */
  filter: Readonly<Record<string, AnyPgColumn | Condition>>;
  /** The order behind each value of the order-field enum. */
  orderBy: Readonly<Record<string, Order>>;
  /** The column that says in which unit a figure is, where rows differ in it: figures of several are not summed up. */
  units?: Readonly<Record<string, PgColumn>>;
}

export const defineList = <Table extends PgTable>(list: List<Table>): List<Table> => list;
