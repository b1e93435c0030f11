import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn, PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Additivity } from './additivity.ts';
import type { Published } from './completeness/published.ts';
import type { PartValue } from './dimension.ts';
import type { SharedTables } from './tables.ts';

/** Columns in which rows of a list hold the id of another row. */
export interface Link {
  /** Column of the id. */
  target: AnyPgColumn;
  /** For a link table: column of the list row's id. */
  owner?: AnyPgColumn;
  /** Column of the type, if ids of several types are possible. */
  type?: AnyPgColumn | undefined;
  /** Condition for links that count. */
  counted?: SQL | undefined;
}

/**
 * A condition of a filter input: takes the caller's value, and the path for errors. A condition on ids of another list has the links that
 * hold them; a condition that is no plain column has a grouping.
 */
export type Condition = ((value: never, path: string) => SQL) & {
  readonly links?: readonly Link[];
  readonly grouping?: Grouping;
};

/** How rows are grouped by the value of a condition. */
export interface Grouping {
  /** The value of a row, or a subquery of its values. */
  readonly values: AnyPgColumn | SQL | (() => SQL);
  /** Where the values stand, if each is in a row of one link table. */
  readonly part?: PartValue | undefined;
  /** Tables for the roll-up, if the values are codes of regions. */
  readonly regions?: Pick<SharedTables, 'regions' | 'regionClosure'>;
}

/** An order of a list: a column, or an expression with the SQL type of its values. */
export type Order = PgColumn | { expression: SQL; column: PgColumn; type?: OrderType };

/** Comparison of values that the SQL type does not give: Chinese names by pinyin. */
export type OrderType = 'pinyin';

/** A list of the graph: its table, the columns of its GraphQL type's fields, its filters and orders. */
export interface List<Table extends PgTable = PgTable> {
  /** Name of a row's GraphQL type. */
  type: string;
  table: Table;
  /** Unique id; it breaks ties in every order. */
  id: PgColumn;
  /** Columns of a field, if it is not the one column of the same name. */
  columns: Readonly<Record<string, readonly PgColumn[]>>;
  /** Conditions by field of the filter input; a plain column has all operators. */
  filter: Readonly<Record<string, AnyPgColumn | Condition>>;
  /** Required related rows in other lists of this subgraph: by field, the column of the id and the list. */
  holds?: Readonly<Record<string, { readonly by: PgColumn; readonly list: () => List }>>;
  /** Values that the gateway brings to conditions of other lists (`@brings`), as text. */
  values?: Readonly<Record<string, SQL>>;
  /** Condition for the rows that the graph shows. */
  shown?: SQL;
  /** The published figures that count rows of the list. */
  published?: Published;
  /** Orders by value of the order-field enum. */
  orderBy: Readonly<Record<string, Order>>;
  /** By measure, when the figures of rows may be added. Figures of another measure always may. */
  additivity?: Readonly<Record<string, Additivity>>;
}

export const defineList = <Table extends PgTable>(list: List<Table>): List<Table> => list;
