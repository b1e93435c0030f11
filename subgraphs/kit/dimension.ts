import type { SQL } from 'drizzle-orm';

/** What groups are by, as SQL. */
export interface Dimension {
  /** The field of the group that holds it, as in `foundedOnYear`; of something related its name, as in `park.LEVEL`. */
  readonly field: string;
  readonly isRelated: boolean;
  /** What has to be joined to the list's table for it. A row with several values comes once for each. */
  readonly join: SQL;
  readonly value: SQL;
  readonly kind: DimensionKind;
}

/** What the values are, where that matters: there is a year before a year or a month, and a region has a name. */
export type DimensionKind = 'year' | 'month' | 'region' | 'other';
