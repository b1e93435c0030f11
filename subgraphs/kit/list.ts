import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn, PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { SharedTables } from './tables.ts';

/** Where the rows of a list name something else by its id. */
export interface Link {
  /** The id that is named. */
  target: AnyPgColumn;
  /** In a table of its own: the row of the list that names it. */
  owner?: AnyPgColumn;
  /** Where things of several types may be named: the type. */
  type?: AnyPgColumn | undefined;
  /** Only rows for which this holds count. */
  counted?: SQL | undefined;
}

/**
 * A condition of a filter input: its value in the caller's words, and the path to say in an error. One on the ids of
 * something else has the links by which rows name it; another than of a column, how rows are grouped by it.
 */
export type Condition = ((value: never, path: string) => SQL) & {
  readonly links?: readonly Link[];
  readonly grouping?: Grouping;
};

/** How rows are grouped by what a condition is on. */
export interface Grouping {
  /** The value that a row has, or a subquery of its values. */
  readonly values: AnyPgColumn | SQL | (() => SQL);
  /** Where the values are codes of regions: the tables by which they are rolled up. */
  readonly regions?: Pick<SharedTables, 'regions' | 'regionClosure'>;
}

/** What a list can be ordered by: a column, or an expression with the SQL type of its values. */
export type Order = PgColumn | { expression: SQL; column: PgColumn; type?: OrderType };

/** How values are compared, where the SQL type does not say it: Chinese names by pinyin. */
export type OrderType = 'pinyin';

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
  /** Rows of other lists of this subgraph that a row cannot be without: by the field, the column of the id and the list. */
  holds?: Readonly<Record<string, { readonly by: PgColumn; readonly list: () => List }>>;
  /** Of all its rows the graph tells only of those for which this holds. */
  shown?: SQL;
  /** The order behind each value of the order-field enum. */
  orderBy: Readonly<Record<string, Order>>;
  /** The column that says in which unit a figure is, where rows differ in it: figures of several are not summed up. */
  units?: Readonly<Record<string, PgColumn>>;
}

export const defineList = <Table extends PgTable>(list: List<Table>): List<Table> => list;
