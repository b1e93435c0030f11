import { and, type SQL, sql } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import { columnsFor } from './columns.ts';
import { fieldsAsked } from './fields-asked.ts';
import { whereOf } from './filter.ts';
import type { List } from './list.ts';
import { orderSql, rangesFrom, sortKeys, sourceOf } from './order.ts';
import { extentOf, type PageArgs } from './page-args.ts';
import type { SortKey } from './sort-key.ts';

type Row = Readonly<Record<string, unknown>>;

/** A page as SQL, in its parts. */
export interface PageQuery {
  keys: SortKey[];
  needsRows: boolean;
  size: number;
  backward: boolean;
  with: SQL;
  select: SQL;
  from: SQL;
  where: SQL | undefined;
  /** Where there is a cursor: the ranges of the order that lie beyond it. */
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
    needsRows: rowsAsked.some((field) => fieldsAsked(info, connectionType(list)).has(field)),
    size,
    backward,
    ...sourceOf(list, keys, where),
    select: columns.sql,
    where,
    ranges: rangesFrom(cursor, args.orderBy, keys, backward),
    // One more than asked tells whether there is a next page.
    limit: size + 1,
  };
}

/** The column of a read page that holds a key of its order. */
export const sortColumn = (i: number): SQL => sql`${sql.identifier(`sort${i}`)}`;

export type Read = Pick<PageQuery, 'keys' | 'select' | 'from' | 'where' | 'ranges' | 'backward'> & {
  limit: number | SQL;
};

/** Reads the rows of a page for which a condition holds too. Goes after `with`. */
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
  // Each is in order, so that Postgres merges them, and reads of the second what is wanted of it.
  const merged = keys.map((key, i) => ({ ...key, expression: sortColumn(i) }));
  return sql`select * from (${reads}) as range order by ${orderSql(merged, backward)} limit ${limit}`;
}

/** The fields of a connection that are about the rows of the page. */
const rowsAsked = ['nodes', 'edges', 'pageInfo'];

export const rowFields = (list: List, info: GraphQLResolveInfo) =>
  fieldsAsked(info, list.type, 'edges.node', 'nodes');

const connectionType = (list: List) => `${list.type}Connection`;

/** What a row that was read so holds of each key of its order. */
export const sortValuesOf = (row: Row, keys: readonly SortKey[]): (string | null)[] =>
  keys.map((_, i) => {
    const value = row[`sort${i}`];
    return value == null ? null : String(value);
  });

export const all = (...conditions: (SQL | undefined)[]) => and(...conditions) ?? sql`true`;
