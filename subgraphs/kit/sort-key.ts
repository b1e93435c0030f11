import type { SQL } from 'drizzle-orm';

/** A key of an order. */
export interface SortKey {
  expression: SQL;
  /** Type of its values: an SQL type, or `pinyin`. */
  type: string;
  notNull: boolean;
  descending: boolean;
  /** Source of its values, if they are not in the list's rows. */
  source?: {
    /** Returns the `with` part for these ids, or for all rows. */
    with(ids: SQL | undefined): SQL;
    readonly join: SQL;
  };
}
