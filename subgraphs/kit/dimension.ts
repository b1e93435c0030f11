import type { SQL } from 'drizzle-orm';

/** A dimension of groups, as SQL. */
export interface Dimension {
  /** Field of the group that holds the value, such as `foundedOnYear`; for a related row its name, such as `park.LEVEL`. */
  readonly field: string;
  readonly isRelated: boolean;
  /** Join to the list's table. It repeats a row that has several values, once for each. */
  readonly join: SQL;
  readonly value: SQL;
  readonly kind: DimensionKind;
}

/** Kind of the values, where it matters: years and months have a preceding year, and a region has a name. */
export type DimensionKind = 'year' | 'month' | 'region' | 'other';
