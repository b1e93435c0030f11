import { sql } from 'drizzle-orm';
import type { Dimension } from './dimension.ts';
import { isNamed, type LinkName, linksOf } from './link.ts';
import type { List } from './list.ts';
import { planFor } from './statement.ts';

/** Values for keys: for what the rows of the list name, or, without a link, for their own id. */
export interface RelatedValues extends Partial<LinkName> {
  /** As in `park.LEVEL`. */
  readonly name: string;
  /** A key that has several values is there as often. */
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** Groups by the values of something related, which come from where they are kept. */
export function relatedDimension(
  list: List,
  { name, link, to, keys, values }: RelatedValues,
  alias: string,
): Dimension {
  const of = sql.identifier(alias);
  const pairs = sql`unnest(${planFor(keys)}, ${sql.param(values)}::text[]) as pairs(key, value)`;
  const byRow =
    link && to
      ? linksOf(list, link).map((each) => {
          const row = each.owner ?? list.id;
          return sql`select ${row}, pairs.value from ${row.table} join ${pairs} on pairs.key = ${each.target} where ${isNamed(each, to)}`;
        })
      : [sql`select key, value from ${pairs}`];
  return {
    field: name,
    isRelated: true,
    period: undefined,
    // Also where a row names several things, it is once in each group.
    join: sql`left join (${sql.join(byRow, sql` union `)}) as ${of}(key, value) on ${of}.key = ${list.id}`,
    value: sql`${of}.value`,
  };
}
