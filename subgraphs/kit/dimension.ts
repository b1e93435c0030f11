import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/** A dimension of groups, as SQL. */
export interface Dimension {
  /** Field of the group that holds the value, such as `foundedOnYear`; for a related row its name, such as `park.LEVEL`. */
  readonly field: string;
  readonly isRelated: boolean;
  /** Join to the list's table. It repeats a row that has several values, once for each. */
  readonly join: SQL;
  readonly value: SQL;
  readonly kind: DimensionKind;
  /** Where the values stand, if each is in a row of one link table. */
  readonly part?: PartValue | undefined;
}

/** A value in the rows of a link table. */
export interface PartValue {
  /** Column of the table for the id of the list's row. */
  readonly owner: AnyPgColumn;
  /** Column of the table whose value it is, or whose ids lead to it. */
  readonly target: AnyPgColumn;
  /** Condition for the rows of the table that count. */
  readonly counted?: SQL | undefined;
  /** Condition for the rows of the table that belong to the parent of the list, if only these count. */
  readonly ofParent?: SQL | undefined;
  /** A further join to the table, and the value in its rows. */
  readonly join?: SQL | undefined;
  readonly value: SQL;
}

/** The rows of a link table through which a list belongs to its parent. */
export interface ParentLink {
  /** Column of the table for the id of the list's row. */
  readonly owner: AnyPgColumn;
  /** Column of the table for the id of the parent. */
  readonly target: AnyPgColumn;
  readonly rows: (parentKey: SQL) => SQL | undefined;
}

/** Kind of the values, where it matters: years and months have a preceding year, and a region has a name. */
export type DimensionKind = 'year' | 'month' | 'region' | 'other';
