import { sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Context } from './context.ts';
import type { List } from './list.ts';
import { rowsOf } from './statement.ts';

/** Number of rows in each region itself, without the regions below it. */
export interface CountsByRegion {
  readonly real: Readonly<Record<string, number>>;
  readonly synthetic: Readonly<Record<string, number>>;
}

/** Counts the rows of all regions, once in a request: whether the number of one region may be disclosed depends on the others. */
export const countsByRegion = (
  context: Context,
  { type, table, filter }: List,
  regionCode: PgColumn,
): Promise<CountsByRegion> =>
  context
    .batch(`counts of ${type} by region`, async (keys: readonly 'all'[]) => {
      const rows = await rowsOf<{ code: string; synthetic: boolean; count: number }>(
        context.db,
        sql`select ${regionCode} as code, ${filter.synthetic} as synthetic, count(*)::int as count
          from ${table} where ${regionCode} is not null group by 1, 2`,
      );
      const of = (kind: boolean) =>
        Object.fromEntries(rows.flatMap((row) => (row.synthetic === kind ? [[row.code, row.count]] : [])));
      const counts = { real: of(false), synthetic: of(true) };
      return keys.map(() => counts);
    })
    .load('all');
