import { and, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Database } from './database.ts';
import { whereOf } from './filter.ts';
import { dimensionOf, type GroupByInput } from './group-by.ts';
import { isNamed, isOneOf, type LinkName, linksOf } from './link.ts';
import type { List } from './list.ts';
import { type OrderInput, sortKeys, sourceOf } from './order.ts';
import { extreme, valueSql } from './related-order.ts';
import { rowsOf } from './statement.ts';

/** The wanted ids: those that rows hold in a link, or, without a link, the rows' own. A link may also be the name of a value of the rows. */
interface Wanted extends Partial<LinkName> {
  /** Condition for the ids in a link; undefined for all. */
  named?: SQL | undefined;
  /** A further filter for the rows. */
  besides?: Readonly<Record<string, unknown>> | null;
  /** Only ids in this list. */
  among?: readonly string[] | null;
  /** Maximum number of ids. The gateway asks for one more than it can use, to notice that there are too many. */
  first: number;
}

export interface KeysArgs extends Wanted {
  filter?: Readonly<Record<string, unknown>> | null;
  /** True for the rows that do not meet the filter, with those for which it is unknown. */
  negated: boolean;
  /** True if an id may be repeated for each row that holds it; then no more rows are read than are wanted. */
  repeated: boolean;
}

export interface ValuesArgs extends Wanted {
  order: OrderInput;
}

/** Returns the ids of rows that meet a filter, or the ids that those rows hold. */
export async function keysOf(db: Database, list: List, args: KeysArgs): Promise<string[]> {
  const where = whereOf(list, args.filter);
  const chosen = and(
    list.shown,
    whereOf(list, args.besides),
    args.negated ? sql`(${where ?? sql`true`}) is not true` : where,
  );
  const ways = waysTo(list, args, chosen).map(
    ({ key, from, where }) => sql`select ${key} as key from ${from} where ${where}`,
  );
  const rows = await rowsOf<{ key: string }>(
    db,
    sql`select ${args.repeated ? sql`` : sql`distinct `}key from (${sql.join(ways, sql` union all `)}) as found limit ${args.first}`,
  );
  return rows.map(({ key }) => key);
}

/** Keys and values at the same indices, as text, and the type of the values. */
export interface Values {
  type: string;
  keys: string[];
  values: string[];
}

/** Returns values to order by: one for each key that has any; of several the one that comes first. */
export async function valuesOf(db: Database, list: List, args: ValuesArgs): Promise<Values> {
  const [sortKey] = sortKeys(list, [args.order]);
  if (!sortKey) throw new Error('An order has a key.');
  const { expression, type, descending } = sortKey;
  const where = whereOf(list, args.besides);
  const source = sourceOf(list, [sortKey], where);
  const ways = waysTo(list, args, and(list.shown, where, sql`${expression} is not null`), source.from).map(
    ({ key, from, where }) => sql`select ${key} as key, ${expression} as value from ${from} where ${where}`,
  );
  const first = sql`${extreme(descending)}(${valueSql(sql`value`, type)})::text`;
  const rows = await rowsOf<{ key: string; value: string }>(
    db,
    sql`${source.with}select key, ${first} as value from (${sql.join(ways, sql` union all `)}) as found group by key limit ${args.first}`,
  );
  return { type, keys: rows.map(({ key }) => key), values: rows.map(({ value }) => value) };
}

export interface GroupsArgs extends Wanted {
  by: GroupByInput;
}

/** Returns the values for groups: every pair of a key and a value. */
export async function groupValuesOf(
  db: Database,
  list: List,
  { by, ...wanted }: GroupsArgs,
): Promise<Values> {
  const { value, join, kind } = dimensionOf(list, by, 'd0');
  const ways = waysTo(
    list,
    wanted,
    and(list.shown, whereOf(list, wanted.besides), sql`${value} is not null`),
    sql`${list.table} ${join}`,
  ).map(
    ({ key, from, where }) => sql`select ${key} as key, ${value}::text as value from ${from} where ${where}`,
  );
  const rows = await rowsOf<{ key: string; value: string }>(
    db,
    sql`select distinct key, value from (${sql.join(ways, sql` union all `)}) as found limit ${wanted.first}`,
  );
  return { type: kind, keys: rows.map(({ key }) => key), values: rows.map(({ value }) => value) };
}

/** Returns the sources and the conditions from which the wanted keys of the chosen rows are read. */
function waysTo(
  list: List,
  { link, to, among, named }: Wanted,
  chosen: SQL | undefined,
  rows: SQL = sql`${list.table}`,
) {
  const isAmong = (key: AnyPgColumn) => (among ? isOneOf(key, among) : undefined);
  const holds = (...conditions: (SQL | undefined)[]) => and(chosen, ...conditions) ?? sql`true`;
  if (!link || !to) return [{ key: list.id, from: rows, where: holds(isAmong(list.id)) }];
  const value = list.values?.[link];
  if (value) return [{ key: value, from: rows, where: holds() }];
  return linksOf(list, link).map((each) => ({
    key: each.target,
    from:
      each.owner && chosen
        ? sql`${rows} join ${each.owner.table} on ${each.owner} = ${list.id}`
        : sql`${each.owner ? each.owner.table : rows}`,
    where: holds(isNamed(each, to), isAmong(each.target), named && sql`${each.target} in (${named})`),
  }));
}
