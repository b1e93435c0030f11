import { and, type SQL, sql } from 'drizzle-orm';
import { isNamed, type LinkName, linksOf } from './link.ts';
import type { List } from './list.ts';
import type { SortKey } from './sort-key.ts';
import { planFor } from './statement.ts';
import { byPinyin } from './tables.ts';

/**
 * An order by values of related rows, which the gateway brings: a value for each key. The key is the id that a row holds, or, without a
 * link, its own id.
 */
export interface RelatedOrder extends Partial<LinkName> {
  /** Unique name of the order, for cursors, such as `park.FLOOR_AREA`. */
  name: string;
  /** Type of the values: an SQL type, or `pinyin`. */
  type: string;
  keys: readonly string[];
  values: readonly string[];
}

/**
 * Returns the sort key of such an order: the row's value, of several the smallest if ascending and the largest if descending, or null.
 * `alias` is unique within a statement.
 */
export function relatedKey(list: List, related: RelatedOrder, descending: boolean, alias: string): SortKey {
  const { type, keys, values } = related;
  const name = sql.identifier(alias);
  const pairs = sql`(select key, ${valueSql(sql`value::${sqlTypeOf(type)}`, type)} as value
    from unnest(${planFor(keys)}, ${sql.param(values)}::text[]) as pair(key, value)) as pairs`;
  const byRow = (ids: SQL | undefined) =>
    related.link
      ? valuesByRow(list, related as LinkName, pairs, descending, ids)
      : sql`select key, value from ${pairs}`;
  return {
    expression: valueSql(sql`${name}.value`, type),
    type,
    notNull: false,
    descending,
    source: {
      // Materialized once, even for a page for each parent.
      with: (ids) => sql`${name} as materialized (${byRow(ids)})`,
      join: sql`left join ${name} on ${name}.key = ${list.id}`,
    },
  };
}

function valuesByRow(
  list: List,
  { link, to }: LinkName,
  pairs: SQL,
  descending: boolean,
  ids: SQL | undefined,
): SQL {
  const ways = linksOf(list, link).map((each) => {
    const row = each.owner ?? list.id;
    const where = and(isNamed(each, to), ids && sql`${row} in (${ids})`);
    return sql`select ${row} as key, pairs.value from ${row.table} join ${pairs} on pairs.key = ${each.target} where ${where}`;
  });
  return sql`select key, ${extreme(descending)}(value) as value from (${sql.join(ways, sql` union all `)}) as named group by key`;
}

/** Aggregate that selects the value that comes first. */
export const extreme = (descending: boolean): SQL => (descending ? sql`max` : sql`min`);

/** Returns a value with its comparison: pinyin for Chinese names, otherwise that of its SQL type. */
export const valueSql = (value: SQL, type: string): SQL => (type === 'pinyin' ? byPinyin(value) : value);

const sqlTypes = new Map(
  ['text', 'numeric', 'integer', 'date', 'timestamp with time zone'].map((type) => [type, sql.raw(type)]),
);

/** Returns the SQL type for a name from the gateway. Accepts only types that lists use. */
export function sqlTypeOf(type: string): SQL {
  const name = type === 'pinyin' ? 'text' : type.replace(/\(.*\)$/, '');
  const known = sqlTypes.get(name);
  if (!known) throw new Error(`Values of type ${type} cannot be compared.`);
  return known;
}
