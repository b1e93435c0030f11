import { badInput } from '@wenshu/schema/errors.ts';
import { camelCase } from '@wenshu/schema/filter-sharing.ts';
import { and, Column, eq, type SQL, sql } from 'drizzle-orm';
import type { Dimension, DimensionKind, ParentLink } from './dimension.ts';
import type { Condition, Grouping, List } from './list.ts';
import { ofParent, pairedByPart } from './paired.ts';
import { type RelatedValues, relatedDimension } from './related-dimension.ts';

/** A dimension of the request: a field of the list, or values of a related row that the gateway brings. */
export interface GroupByInput {
  readonly field?: string | null;
  readonly direction: 'ASC' | 'DESC';
  readonly _related?: RelatedValues | null;
}

/** Returns the unique name of a dimension. */
export const nameOf = ({ field, _related }: GroupByInput): string => _related?.name ?? field ?? '';

/** Functions that convert a value before grouping, by the suffix of the dimension's name. */
const parts = {
  Year: (value: SQL) => sql`extract(year from ${value})::int`,
  Month: (value: SQL) => sql`date_trunc('month', ${value})::date`,
} as const;
const levels = ['Province', 'Prefecture', 'County'] as const;

const splitName = /^(?<base>.+?)(?<part>Year|Month|Province|Prefecture|County)$/;

/**
 * Returns the dimensions of a list. Those whose values stand in the same row of a link table, such as a host and its role, stay together.
 * In the list of a parent, such as a host, its own rows of the link table count.
 */
export const dimensionsOf = (
  list: List,
  groupBy: readonly GroupByInput[],
  parentLinks: readonly ParentLink[] = [],
): Dimension[] =>
  pairedByPart(
    list,
    ofParent(
      groupBy.map((each, i) => dimensionOf(list, each, `d${i}`)),
      parentLinks,
    ),
  );

/** Returns a dimension of a list; `alias` is its unique name in the SQL. */
export function dimensionOf(list: List, { field, _related }: GroupByInput, alias: string): Dimension {
  if (_related) return relatedDimension(list, _related, alias);
  if (field) return ownDimension(list, field, alias);
  throw badInput(
    'groupBy',
    'Each entry of "groupBy" must give a field or a relation.',
    '“groupBy”的每一项都须给出字段或关联。',
  );
}

/** Returns a dimension by its name in the graph, such as `FOUNDED_ON_YEAR`. */
function ownDimension(list: List, name: string, alias: string): Dimension {
  const field = camelCase(name);
  const whole = list.filter[field];
  const { base = '', part } = (whole ? undefined : splitName.exec(field)?.groups) ?? {};
  const condition = whole ?? list.filter[base];
  if (!condition) throw new Error(`No condition of ${list.type} is for the dimension ${name}.`);
  const source = condition instanceof Column ? { values: condition } : groupingOf(list, condition);
  if (isLevel(part)) return { field, isRelated: false, kind: 'region', ...rolledUp(source, part, alias) };
  const of = part === 'Year' || part === 'Month' ? parts[part] : (value: SQL) => value;
  const kind = 'regions' in source ? 'region' : periodOf(field);
  return { field, isRelated: false, kind, ...valuesOf(source, of, alias) };
}

const isLevel = (part: string | undefined): part is (typeof levels)[number] =>
  levels.some((level) => level === part);

function periodOf(field: string): DimensionKind {
  if (/(^y|Y)ear$/.test(field)) return 'year';
  return field.endsWith('Month') ? 'month' : 'other';
}

function valuesOf({ values: source, part }: Grouping, of: (value: SQL) => SQL, alias: string) {
  if (typeof source !== 'function') return { join: sql``, value: of(sql`${source}`) };
  const held = part && { ...part, value: of(part.value) };
  const values = sql`select distinct ${of(sql`every.value`)} from (${source()}) as every(value)`;
  return { ...each(values, alias), part: held };
}

/** Rolls a region up to its ancestor at a level, or itself. */
function rolledUp({ values, regions: tables }: Grouping, level: (typeof levels)[number], alias: string) {
  if (!tables) throw new Error('Only regions have levels.');
  const { regions, regionClosure } = tables;
  const own = typeof values === 'function' ? each(values(), alias) : { join: sql``, value: sql`${values}` };
  const above = sql.identifier(`${alias}above`);
  const ofLevel = sql`select ${regionClosure.code}, ${regionClosure.ancestor} from ${regionClosure} join ${regions} on ${regions.code} = ${regionClosure.ancestor} where ${regions.level} = ${level.toUpperCase()}`;
  return {
    join: sql`${own.join} left join (${ofLevel}) as ${above}(code, value) on ${above}.code = ${own.value}`,
    value: sql`${above}.value`,
  };
}

/** Joins a subquery of values: a row appears once for each of its values. */
const each = (values: SQL, alias: string) => ({
  join: sql`left join lateral (${values}) as ${sql.identifier(alias)}(value) on true`,
  value: sql`${sql.identifier(alias)}.value`,
});

/** Returns how rows are grouped by a condition; for a condition on ids of another list, by the linked ids. */
function groupingOf({ id }: Pick<List, 'id'>, { grouping, links }: Condition): Grouping {
  if (grouping) return grouping;
  if (!links) throw new Error('Rows cannot be grouped by this condition.');
  const ways = links.map(({ owner, target, counted }) =>
    owner
      ? sql`select ${target} from ${target.table} where ${and(eq(owner, id), counted)}`
      : sql`select ${target} where ${target} is not null`,
  );
  const [only, ...others] = links;
  const part =
    only?.owner && others.length === 0
      ? { owner: only.owner, target: only.target, counted: only.counted, value: sql`${only.target}` }
      : undefined;
  return { values: () => sql.join(ways, sql` union all `), part };
}
