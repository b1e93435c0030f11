import { type SQL, sql } from 'drizzle-orm';
import type { Dimension, DimensionKind } from './dimension.ts';
import { isNamed, type LinkName, linksOf } from './link.ts';
import type { List } from './list.ts';
import { planFor } from './statement.ts';

/** Values for keys: for what the rows of the list name, or, without a link, for their own id. */
export interface RelatedValues extends Partial<LinkName> {
  /** As in `park.LEVEL`. */
  readonly name: string;
  readonly type: DimensionKind;
  /** A key that has several values is there as often. */
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** Groups by the values of something related, which come from where they are kept. */
export function relatedDimension(
  list: List,
  { name, link, to, type, keys, values }: RelatedValues,
  alias: string,
): Dimension {
  const of = sql.identifier(alias);
  const pairs = sql`unnest(${planFor(keys)}, ${sql.param(values)}::text[]) as pairs(key, value)`;
  const byRow =
    link && to
      ? linksOf(list, link).map((each) => {
          const row = each.owner ?? list.id;
          const once = each.owner ? sql`distinct ` : sql``;
          return sql`select ${once}${row}, pairs.value from ${row.table} join ${pairs} on pairs.key = ${each.target} where ${isNamed(each, to)}`;
        })
      : [sql`select key, value from ${pairs}`];
  return {
    field: name,
    isRelated: true,
    kind: type,
    // Also where a row names several things with the same value, it is once in that group.
    join: sql`left join (${sql.join(byRow, sql` union `)}) as ${of}(key, value) on ${of}.key = ${list.id}`,
    value: typed(sql`${of}.value`, type),
  };
}

function typed(value: SQL, kind: DimensionKind): SQL {
  if (kind === 'year') return sql`${value}::int`;
  return kind === 'month' ? sql`${value}::date` : value;
}
