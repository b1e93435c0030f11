import { badInput } from '@wenshu/schema/errors.ts';
import { defaultPageSize } from '@wenshu/schema/page-sizes.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { and, type SQL, sql } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import { type AggregateArgs, type Group, type GroupQuery, groupQuery } from './aggregate.ts';
import { columnsFor } from './columns.ts';
import type { Context } from './context.ts';
import { fieldsAsked } from './fields-asked.ts';
import { whereOf } from './filter.ts';
import { readLinked } from './linked-page.ts';
import type { List } from './list.ts';
import {
  cursorOf,
  type OrderInput,
  orderSql,
  rangesFrom,
  type SortKey,
  sortKeys,
  sourceOf,
} from './order.ts';
import { rowsOf } from './statement.ts';
import { ofOneKind, readsSynthetic } from './synthetic.ts';

/** The arguments of every list. */
export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  filter?: Readonly<Record<string, unknown>> | null;
  orderBy?: readonly OrderInput[] | null;
}

/** The argument of a number that takes no filter. */
export interface KindArgs {
  synthetic?: boolean | null;
}

interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

/** A Relay connection; what costs something is made only when it is resolved. */
export interface Page<Row> {
  edges: () => { cursor: string; node: Row }[];
  nodes: Row[];
  pageInfo: () => PageInfo;
  totalCount: () => Promise<number>;
}

/** A page of a list in the database, with what all rows that match come to. */
export interface ListPage<Row> extends Page<Row> {
  aggregates: (args: AggregateArgs, context: Context, info: GraphQLResolveInfo) => Promise<Group[]>;
}

/** What is told of all rows that match, and not of those of the page. */
type Whole = Pick<ListPage<never>, 'totalCount' | 'aggregates'>;

const unasked: Whole = { totalCount: async () => 0, aggregates: async () => [] };

/** How the rows of a list belong to a parent. The name tells relations apart in a request. */
export interface Relation {
  name: string;
  belongsTo: (parentKey: SQL) => SQL;
  condition?: SQL | undefined;
  /** Whether what rows belong to is itself synthetic; undefined where it is no record, as a region. */
  isSynthetic?: (parentKey: string) => boolean | undefined;
}

export const maxPageSize = 500;

/** Of a whole list, where it is read to its end in one snapshot: nobody waits for one page of many then. */
const maxBulkPageSize = 20_000;

export const maxSizeFor = ({ snapshot }: Context) => (snapshot === undefined ? maxPageSize : maxBulkPageSize);

/** A page of a whole list, as a resolver asks for it. */
export interface AskedPage {
  readonly list: List;
  readonly args: PageArgs;
  readonly info: GraphQLResolveInfo;
  readonly condition: SQL | undefined;
}

type Row = Record<string, unknown>;

/** A page of the whole list, or of those of its rows for which `condition` holds. */
export async function page(
  context: Context,
  list: List,
  asked: PageArgs,
  info: GraphQLResolveInfo,
  condition: SQL | undefined = list.shown,
): Promise<ListPage<never>> {
  const args = ofOneKind(list, asked, context);
  const query = queryOf(list, args, info, maxSizeFor(context));
  if (context.onPage) {
    context.onPage({ list, args, info, condition });
    return pageOf([], query, args, unasked);
  }
  const rows = query.needsRows
    ? await rowsOf<Row>(context.db, readPage(list, args.filter, query, condition))
    : [];
  const where = all(condition, query.where);
  return pageOf(rows, query, args, {
    totalCount: async () => {
      const [row] = await rowsOf<Row>(
        context.db,
        sql`select count(*)::int as count from ${list.table} where ${where}`,
      );
      return Number(row?.count);
    },
    aggregates: async (groupArgs, _context, groupInfo) => {
      const { select, groupOf } = groupQuery(list, groupArgs, groupInfo);
      return (await rowsOf<Row>(context.db, select(where))).map(groupOf);
    },
  });
}

/**
 * The page of one parent out of a list, as in the parks of a region: `belongsTo`
 * says, for the SQL of a parent's key, which rows are its own. The pages of all
 * parents in a request are one statement, and so are their counts.
 */
export function pageBy(
  context: Context,
  list: List,
  relation: Relation,
  parentKey: string,
  asked: PageArgs,
  info: GraphQLResolveInfo,
): Promise<ListPage<never>> {
  const { isSynthetic = isSyntheticId } = relation;
  const args = ofOneKind(list, asked, context, isSynthetic(parentKey));
  // All parents ask with the same arguments for the same fields, so the query is built once, for their batch.
  const { names } = columnsFor(list, rowFields(list, info));
  const pages = context.batch<string, (whole: Whole) => ListPage<never>>(
    `pages of ${relation.name} ${textOf(args)} ${names}`,
    async (keys) => {
      const query = queryOf(list, args, info);
      const own = relation.belongsTo(sql`parent.key`);
      const rows = query.needsRows
        ? await rowsOf<Row>(
            context.db,
            sql`${query.with}select parent.key as "parentKey", row.* from ${parents(keys)} cross join lateral (${readOf(query, all(own, relation.condition))}) as row`,
          )
        : [];
      const byKey = Map.groupBy(rows, (row) => row.parentKey);
      return keys.map((key) => (whole) => pageOf(byKey.get(key) ?? [], query, args, whole));
    },
  );
  const selected = { ...relation, name: `${relation.name} ${textOf(selectingOf(args))}` };
  const where = () => whereOf(list, args.filter);
  const whole: Whole = {
    totalCount: () => countBy(context, list, selected, parentKey, where()),
    aggregates: (groupArgs, _context, groupInfo) =>
      groupsBy(context, list, selected, parentKey, where(), queryOfGroups(list, groupArgs, groupInfo)),
  };
  return pages.load(parentKey).then((pageWith) => pageWith(whole));
}

const groupQueries = new WeakMap<AggregateArgs, GroupQuery>();

/** All parents ask with one object of arguments, so that it is read once. */
function queryOfGroups(list: List, args: AggregateArgs, info: GraphQLResolveInfo): GroupQuery {
  const query = groupQueries.get(args) ?? groupQuery(list, args, info);
  groupQueries.set(args, query);
  return query;
}

/** The groups of those rows of a list that belong to a parent. */
function groupsBy(
  context: Context,
  list: List,
  { name, belongsTo, condition }: Relation,
  parentKey: string,
  where: SQL | undefined,
  query: GroupQuery,
): Promise<Group[]> {
  return context
    .batch<string, Group[]>(`groups of ${name} ${list.type} ${query.name}`, async (keys) => {
      const groups = query.select(all(belongsTo(sql`parent.key`), condition, where));
      const rows = await rowsOf<Row>(
        context.db,
        sql`select parent.key as "parentKey", groups.* from ${parents(keys)} cross join lateral (${groups}) as groups`,
      );
      const byKey = Map.groupBy(rows, (row) => row.parentKey);
      return keys.map((key) => (byKey.get(key) ?? []).map(query.groupOf));
    })
    .load(parentKey);
}

/** How many rows of a list, synthetic or real ones, belong to a parent that has both, as a region has. */
export function countOfKind(
  context: Context,
  list: List,
  relation: Relation,
  parentKey: string,
  { synthetic: asked }: KindArgs,
): Promise<number> {
  const synthetic = readsSynthetic(context, asked);
  const ofKind = { ...relation, name: `${synthetic ? 'synthetic' : 'real'} ${relation.name}` };
  return countBy(context, list, ofKind, parentKey, whereOf(list, { synthetic: { eq: synthetic } }));
}

/** How many rows of a list belong to a parent. */
function countBy(
  context: Context,
  list: List,
  { name, belongsTo, condition }: Relation,
  parentKey: string,
  where?: SQL,
): Promise<number> {
  return context
    .batch<string, number>(`count of ${name} ${list.type}`, async (keys) => {
      const rows = await rowsOf<Row>(
        context.db,
        sql`select parent.key, (select count(*)::int from ${list.table} where ${all(belongsTo(sql`parent.key`), condition, where)}) as count from ${parents(keys)}`,
      );
      const byKey = new Map(rows.map((row) => [row.key, Number(row.count)]));
      return keys.map((key) => byKey.get(key) ?? 0);
    })
    .load(parentKey);
}

/** Those that say which rows there are, not which of them are shown, nor in what order. */
const selectingOf = once((args: PageArgs): PageArgs => {
  const {
    first: _first,
    after: _after,
    last: _last,
    before: _before,
    orderBy: _orderBy,
    ...selecting
  } = args;
  return selecting;
});

/** Written once for all parents: the keys of something related may be many. */
const textOf = once((args: PageArgs): string => JSON.stringify(args));

/** Made once of the same arguments: all parents in a request are asked with one object. */
function once<Value>(make: (args: PageArgs) => Value): (args: PageArgs) => Value {
  const made = new WeakMap<PageArgs, Value>();
  return (args) => {
    const known = made.get(args);
    if (known !== undefined) return known;
    const value = make(args);
    made.set(args, value);
    return value;
  };
}

const parents = (keys: readonly string[]) => sql`unnest(${sql.param(keys)}::text[]) as parent(key)`;

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

/** Reads the rows of a page of a list for which a condition holds too, in the way that is the quickest for its filter. */
export const readPage = (
  list: List,
  filter: PageArgs['filter'],
  query: Read & Pick<PageQuery, 'with'>,
  condition: SQL | undefined,
): SQL =>
  (condition ? undefined : readLinked(list, filter, query)) ?? sql`${query.with}${readOf(query, condition)}`;

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

const rowFields = (list: List, info: GraphQLResolveInfo) =>
  fieldsAsked(info, list.type, 'edges.node', 'nodes');

const connectionType = (list: List) => `${list.type}Connection`;

/** How many rows a page holds, and from which end it is read. Refuses arguments that do not go together. */
export function extentOf(
  { first, last, after, before }: PageArgs,
  maxSize = maxPageSize,
): { size: number; backward: boolean } {
  for (const [name, value] of Object.entries({ first, last })) {
    if (value != null && (value < 0 || value > maxSize)) {
      throw badInput(name, `"${name}" must be from 0 to ${maxSize}, not ${value}.`);
    }
  }
  if (first != null && last != null) throw badInput('last', 'Ask for "first" or "last", not for both.');
  if (last != null && after != null)
    throw badInput('after', '"after" goes with "first"; "last" goes with "before".');
  if (last == null && before != null)
    throw badInput('before', '"before" goes with "last"; "first" goes with "after".');
  return { size: first ?? last ?? defaultPageSize, backward: last != null };
}

function pageOf(rows: Row[], query: PageQuery, args: PageArgs, whole: Whole): ListPage<never> {
  const more = rows.length > query.size;
  const shown = rows.slice(0, query.size);
  if (query.backward) shown.reverse();
  const cursor = (row: Row | undefined) => row && cursorOf(args.orderBy, sortValuesOf(row, query.keys));
  return {
    edges: () => shown.map((row) => ({ cursor: cursor(row) ?? '', node: row as never })),
    nodes: shown as never[],
    pageInfo: () => ({
      hasNextPage: query.backward ? args.before != null : more,
      hasPreviousPage: query.backward ? more : args.after != null,
      startCursor: cursor(shown[0]) ?? null,
      endCursor: cursor(shown.at(-1)) ?? null,
    }),
    ...whole,
  };
}

/** What a row that was read so holds of each key of its order. */
export const sortValuesOf = (row: Row, keys: readonly SortKey[]): (string | null)[] =>
  keys.map((_, i) => {
    const value = row[`sort${i}`];
    return value == null ? null : String(value);
  });

export const all = (...conditions: (SQL | undefined)[]) => and(...conditions) ?? sql`true`;
