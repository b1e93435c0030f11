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

/** Of which things: those that rows name by a link, or, without one, the rows themselves. */
interface Wanted extends Partial<LinkName> {
  /** Of what is named, only ids among these: undefined where all are. */
  named?: SQL | undefined;
  /** Of rows that meet this besides. */
  besides?: Readonly<Record<string, unknown>> | null;
  /** Only these. */
  among?: readonly string[] | null;
  /** At most so many: one more than can be used tells that there are too many. */
  first: number;
}

export interface KeysArgs extends Wanted {
  filter?: Readonly<Record<string, unknown>> | null;
  /** Of the rows that do not meet the filter, those included for which it is unknown. */
  negated: boolean;
  /** Whether an id may be given again for each row that names it: then no more rows are read than are wanted. */
  repeated: boolean;
}

export interface ValuesArgs extends Wanted {
  order: OrderInput;
}

/** The ids of rows that meet a filter, or the ids that those rows name. */
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

/** A key and a value at each index, as text, and what the values are. */
export interface Values {
  type: string;
  keys: string[];
  values: string[];
}

/** Values to order by: one for each key that has any, of several the one that comes first. */
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

/** The values by which rows are grouped: every pair of a key and a value that it has. */
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

/** From where, and under which condition, the wanted keys of the chosen rows are read. */
function waysTo(
  list: List,
  { link, to, among, named }: Wanted,
  chosen: SQL | undefined,
  rows: SQL = sql`${list.table}`,
) {
  const isAmong = (key: AnyPgColumn) => (among ? isOneOf(key, among) : undefined);
  const holds = (...conditions: (SQL | undefined)[]) => and(chosen, ...conditions) ?? sql`true`;
  if (!link || !to) return [{ key: list.id, from: rows, where: holds(isAmong(list.id)) }];
  return linksOf(list, link).map((each) => ({
    key: each.target,
    from:
      each.owner && chosen
        ? sql`${rows} join ${each.owner.table} on ${each.owner} = ${list.id}`
        : sql`${each.owner ? each.owner.table : rows}`,
    where: holds(isNamed(each, to), isAmong(each.target), named && sql`${each.target} in (${named})`),
  }));
}
