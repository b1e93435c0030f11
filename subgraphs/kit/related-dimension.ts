import { type SQL, sql } from 'drizzle-orm';
import { parseConstValue, valueFromASTUntyped } from 'graphql';
import type { Dimension, DimensionKind } from './dimension.ts';
import { whereOf } from './filter.ts';
import { isNamed, type LinkName, linksOf } from './link.ts';
import type { List } from './list.ts';
import { planFor } from './statement.ts';

/** Values by key: for the ids that the rows of the list hold, or, without a link, for their own ids. */
export interface RelatedValues extends Partial<LinkName> {
  /** Name of the dimension, such as `park.LEVEL`. */
  readonly name: string;
  readonly type: DimensionKind;
  /** Keys; a key with several values is repeated. */
  readonly keys: readonly string[];
  readonly values: readonly string[];
  /** Value of a row that has none. */
  readonly without?: string | null;
  /** Filter of the list, as text: other rows have no value. */
  readonly among?: string | null;
}

/** Returns a dimension by the values of related rows, which the gateway brings from their subgraph. */
export function relatedDimension(
  list: List,
  { name, link, to, type, keys, values, without, among }: RelatedValues,
  alias: string,
): Dimension {
  const of = sql.identifier(alias);
  const pairs = valuesOfKeys(keys, values, 'pairs');
  const byRow =
    link && to
      ? linksOf(list, link).map((each) => {
          const row = each.owner ?? list.id;
          const once = each.owner ? sql`distinct ` : sql``;
          return sql`select ${once}${row}, pairs.value from ${row.table} join ${pairs} on pairs.key = ${each.target} where ${isNamed(each, to)}`;
        })
      : [sql`select key, value from ${pairs}`];
  const valued = without == null ? sql`${of}.value` : sql`coalesce(${of}.value, ${without})`;
  const [only, ...others] = link && to ? linksOf(list, link) : [];
  const part =
    only?.owner && others.length === 0
      ? {
          owner: only.owner,
          target: only.target,
          counted: only.counted,
          join: sql`left join ${valuesOfKeys(keys, values, `${alias}pairs`)} on ${sql.identifier(`${alias}pairs`)}.key = ${only.target} and ${isNamed(only, to ?? '')}`,
          value: typed(sql`${sql.identifier(`${alias}pairs`)}.value`, type),
        }
      : undefined;
  return {
    field: name,
    isRelated: true,
    kind: type,
    // A row that holds several ids with the same value is in that group once.
    join: sql`left join (${sql.join(byRow, sql` union `)}) as ${of}(key, value) on ${of}.key = ${list.id}`,
    value: typed(among == null ? valued : sql`case when ${whereIn(list, among)} then ${valued} end`, type),
    part,
  };
}

const whereIn = (list: List, filter: string): SQL =>
  whereOf(list, valueFromASTUntyped(parseConstValue(filter)) as Readonly<Record<string, unknown>>) ??
  sql`true`;

const valuesOfKeys = (keys: readonly string[], values: readonly string[], name: string): SQL =>
  sql`unnest(${planFor(keys)}, ${sql.param(values)}::text[]) as ${sql.identifier(name)}(key, value)`;

function typed(value: SQL, kind: DimensionKind): SQL {
  if (kind === 'year') return sql`${value}::int`;
  return kind === 'month' ? sql`${value}::date` : value;
}
