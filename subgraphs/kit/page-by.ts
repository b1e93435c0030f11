import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { type AggregateArgs, type Group, type GroupQuery, groupQuery } from './aggregate.ts';
import { columnsFor, idNameOf } from './columns.ts';
import { completenessOf, countsOf, type Part } from './completeness/completeness.ts';
import type { Context } from './context.ts';
import type { ParentLink } from './dimension.ts';
import { whereOf } from './filter.ts';
import type { List } from './list.ts';
import { type ListPage, pageOf, type Totals } from './page.ts';
import type { KindArgs, PageArgs } from './page-args.ts';
import { all, queryOf, readOf, rowFields } from './page-query.ts';
import { rowsOf } from './statement.ts';
import { ofOneKind, readsSynthetic } from './synthetic.ts';

/** Relation of a list's rows to a parent. The name is unique in a request. */
export interface Relation {
  name: string;
  belongsTo: (parentKey: SQL) => SQL;
  condition?: SQL | undefined;
  /** The link tables through which rows belong to the parent, if rows are grouped by other columns of these. */
  links?: readonly ParentLink[];
  /** Returns what belongs to the relation of a row to its parent, as JSON: fields of the edge, such as the role. */
  edge?: ((parentKey: SQL, rowId: SQL) => SQL) | undefined;
  /** The same relation as conditions of the list's filter; undefined if the filter has no such condition. */
  asFilter?: (parentKey: string) => Readonly<Record<string, unknown>>;
  /** Conditions of the list's filter that the edges tell anyway: everybody who sees them may count by them. */
  told?: readonly string[];
  /** True if the parent is synthetic; undefined if it is no record, such as a region. */
  isSynthetic?: (parentKey: string) => boolean | undefined;
}

/** Returns a relation as a condition of the list's filter that takes the id of the parent. */
export const asCondition = (name: string) => (parentKey: string) => ({ [name]: { eq: parentKey } });

type Row = Record<string, unknown>;

/**
 * Returns the page of a list for one parent, as in the parks of a region. `belongsTo` returns the condition for the rows of a parent,
 * given the SQL of its key. One statement reads the pages of all parents in a request, and one their counts.
 */
export function pageBy<Table extends PgTable>(
  context: Context,
  list: List<Table>,
  relation: Relation,
  parentKey: string,
  asked: PageArgs,
  info: GraphQLResolveInfo,
): Promise<ListPage<InferSelectModel<Table>>> {
  type Shown = InferSelectModel<Table>;
  const { isSynthetic = isSyntheticId } = relation;
  const args = ofOneKind(list, asked, context, isSynthetic(parentKey));
  // All parents have the same arguments and fields, so the query is built once, for their batch.
  const { names } = columnsFor(list, rowFields(list, info));
  const pages = context.batch<string, (totals: Totals) => ListPage<Shown>>(
    `pages of ${relation.name} ${textOf(args)} ${names}`,
    async (keys) => {
      const query = queryOf(list, args, info);
      const own = relation.belongsTo(sql`parent.key`);
      const rows = query.needsRows
        ? await rowsOf<Row>(
            context.db,
            sql`${query.with}select parent.key as "parentKey", row.*${edgeOf(list, relation)} from ${parents(keys)} cross join lateral (${readOf(query, all(own, relation.condition))}) as row`,
          )
        : [];
      const byKey = Map.groupBy(rows, (row) => row.parentKey);
      return keys.map((key) => (totals) => pageOf<Shown>(byKey.get(key) ?? [], query, args, totals));
    },
  );
  const selected = { ...relation, name: `${relation.name} ${textOf(selectingOf(args))}` };
  const where = () => whereOf(list, args.filter);
  const totals: Totals = {
    totalCount: () => countBy(context, list, selected, parentKey, where()),
    completeness: () =>
      completenessOf(context, list, {
        filter: args.filter,
        ofParent: relation.asFilter?.(parentKey),
        told: relation.told,
        isNarrower: !relation.asFilter || relation.condition !== undefined,
        count: (parts) => countPartsBy(context, list, selected, parentKey, where(), parts),
      }),
    aggregates: (groupArgs, _context, groupInfo) =>
      groupsBy(
        context,
        list,
        selected,
        parentKey,
        where(),
        queryOfGroups(list, relation, groupArgs, groupInfo),
      ),
  };
  return pages.load(parentKey).then((pageWith) => pageWith(totals));
}

/** Returns the column of a page for what belongs to the relation of a row. */
const edgeOf = ({ table, id }: List, { edge }: Relation): SQL =>
  edge
    ? sql`, (${edge(sql`parent.key`, sql`row.${sql.identifier(idNameOf({ table, id }))}`)}) as edge`
    : sql``;

const groupQueries = new WeakMap<AggregateArgs, Map<string, GroupQuery>>();

/** All parents share one arguments object, so it is read once for each relation. */
function queryOfGroups(
  list: List,
  { name, links }: Relation,
  args: AggregateArgs,
  info: GraphQLResolveInfo,
): GroupQuery {
  const byRelation = groupQueries.get(args) ?? new Map<string, GroupQuery>();
  groupQueries.set(args, byRelation);
  const query = byRelation.get(name) ?? groupQuery(list, args, info, links);
  byRelation.set(name, query);
  return query;
}

/** Returns the groups of a parent's rows. */
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

/** Counts the synthetic or the real rows of a list for a parent that has both, such as a region. */
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

/** Counts the rows of a list for a parent. */
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

/** Counts the rows of a list for a parent by parts. */
function countPartsBy(
  context: Context,
  list: List,
  { name, belongsTo, condition }: Relation,
  parentKey: string,
  where: SQL | undefined,
  parts: readonly Part[],
): Promise<readonly number[]> {
  const ofParts = parts.map((part) => part.name).join(' ');
  return context
    .batch<string, readonly number[]>(`parts of ${name} ${list.type} ${ofParts}`, async (keys) => {
      const rows = await rowsOf<{ key: string; counts: number[] }>(
        context.db,
        sql`select parent.key, parts.counts from ${parents(keys)} cross join lateral
          (select ${countsOf(parts)} from ${list.table} where ${all(belongsTo(sql`parent.key`), condition, where)}) as parts`,
      );
      const byKey = new Map(rows.map((row) => [row.key, row.counts]));
      return keys.map((key) => byKey.get(key) ?? []);
    })
    .load(parentKey);
}

/** Returns the arguments that select rows, without those for page and order. */
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

/** Serialized once for all parents, because there may be many related keys. */
const textOf = once((args: PageArgs): string => JSON.stringify(args));

/** Calls `make` once for each arguments object: all parents in a request share one. */
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
