import type { SQL } from 'drizzle-orm';

/** One key of a sort. */
export interface SortKey {
  expression: SQL;
  /** Of its values: an SQL type, or `pinyin`. */
  type: string;
  notNull: boolean;
  descending: boolean;
  /** Where its values are, if not in a row of the list. */
  source?: {
    /** For these ids alone, or for all rows. */
    with(ids: SQL | undefined): SQL;
    readonly join: SQL;
  };
}
