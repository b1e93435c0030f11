import { and, type SQL, sql } from 'drizzle-orm';
import { type GraphQLResolveInfo, getNamedType } from 'graphql';
import { columnsFor } from './columns.ts';
import { fieldsAsked } from './fields-asked.ts';
import { whereOf } from './filter.ts';
import type { List } from './list.ts';
import { orderSql, rangesFrom, sortKeys, sourceOf } from './order.ts';
import { extentOf, type PageArgs } from './page-args.ts';
import type { SortKey } from './sort-key.ts';

type Row = Readonly<Record<string, unknown>>;

/** Parts of a page as SQL. */
export interface PageQuery {
  keys: SortKey[];
  needsRows: boolean;
  size: number;
  backward: boolean;
  with: SQL;
  select: SQL;
  from: SQL;
  where: SQL | undefined;
  /** Ranges of the order after the cursor; empty without a cursor. */
  ranges: SQL[];
  limit: number;
}

export function queryOf(list: List, args: PageArgs, info: GraphQLResolveInfo, maxSize?: number): PageQuery {
  const { size, backward } = extentOf(args, maxSize);
  const keys = sortKeys(list, args.orderBy);
  const cursor = backward ? args.before : args.after;
  const columns = columnsFor(list, rowFields(list, info));
  const where = whereOf(list, args.filter);
  return {
    keys,
    needsRows: rowsAsked.some((field) => fieldsAsked(info, getNamedType(info.returnType).name).has(field)),
    size,
    backward,
    ...sourceOf(list, keys, where),
    select: columns.sql,
    where,
    ranges: rangesFrom(cursor, args.orderBy, keys, backward),
    // One more than requested shows whether there is a next page.
    limit: size + 1,
  };
}

/** Returns the column of a page that holds a key of its order. */
export const sortColumn = (i: number): SQL => sql`${sql.identifier(`sort${i}`)}`;

export type Read = Pick<PageQuery, 'keys' | 'select' | 'from' | 'where' | 'ranges' | 'backward'> & {
  limit: number | SQL;
};

/** Returns the SQL that reads the rows of a page that meet a further condition. It goes after `with`. */
export function readOf(query: Read, condition?: SQL): SQL {
  const { keys, select, from, where, ranges, backward, limit } = query;
  const sorts = keys.map(({ expression }, i) => sql`${expression} as ${sortColumn(i)}`);
  const selected = sql.join([select, ...sorts], sql`, `);
  const read = (range?: SQL) =>
    sql`select ${selected} from ${from} where ${all(condition, where, range)} order by ${orderSql(keys, backward)} limit ${limit}`;
  if (ranges.length < 2) return read(ranges[0]);
  const reads = sql.join(
    ranges.map((range) => sql`(${read(range)})`),
    sql` union all `,
  );
  // Each range is sorted, so Postgres merges them and reads only the needed rows of the second.
  const merged = keys.map((key, i) => ({ ...key, expression: sortColumn(i) }));
  return sql`select * from (${reads}) as range order by ${orderSql(merged, backward)} limit ${limit}`;
}

/** Fields of a connection that need the rows of the page. */
const rowsAsked = ['nodes', 'edges', 'pageInfo'];

export const rowFields = (list: List, info: GraphQLResolveInfo) =>
  fieldsAsked(info, list.type, 'edges.node', 'nodes');

/** Returns the values of a row for the keys of its order. */
export const sortValuesOf = (row: Row, keys: readonly SortKey[]): (string | null)[] =>
  keys.map((_, i) => {
    const value = row[`sort${i}`];
    return value == null ? null : String(value);
  });

export const all = (...conditions: (SQL | undefined)[]) => and(...conditions) ?? sql`true`;
