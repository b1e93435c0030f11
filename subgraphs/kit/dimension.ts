import { camelCase } from '@wenshu/schema/filter-sharing.ts';
import { Column, type SQL, sql } from 'drizzle-orm';
import type { Condition, List } from './list.ts';

/** What groups are by, as SQL. */
export interface Dimension {
  /** The field of the group that holds it, as in `foundedOnYear`. */
  readonly field: string;
  /** What has to be joined to the list's table for it. A row with several values comes once for each. */
  readonly join: SQL;
  readonly value: SQL;
  /** Whether the values are years, or months, of which there is one a year before. */
  readonly period: 'year' | 'month' | undefined;
}

/** What is made of a value before groups are made by it, by the end of the dimension's name. */
const parts = {
  Year: (value: SQL) => sql`extract(year from ${value})::int`,
  Month: (value: SQL) => sql`date_trunc('month', ${value})::date`,
} as const;
const levels = ['Province', 'Prefecture', 'County'] as const;

const splitName = /^(?<base>.+?)(?<part>Year|Month|Province|Prefecture|County)$/;

/** A dimension of a list by its name in the graph, as in `FOUNDED_ON_YEAR`; `alias` tells it from others in the SQL. */
export function dimensionOf(list: Pick<List, 'type' | 'filter'>, name: string, alias: string): Dimension {
  const field = camelCase(name);
  const whole = list.filter[field];
  const { base = '', part } = (whole ? undefined : splitName.exec(field)?.groups) ?? {};
  const condition = whole ?? list.filter[base];
  if (!condition) throw new Error(`No condition of ${list.type} is for the dimension ${name}.`);
  if (isLevel(part)) return { field, period: undefined, ...rolledUp(condition, part, alias) };
  const of = part === 'Year' || part === 'Month' ? parts[part] : (value: SQL) => value;
  return { field, period: periodOf(field), ...valuesOf(condition, of, alias) };
}

const isLevel = (part: string | undefined): part is (typeof levels)[number] =>
  levels.some((level) => level === part);

function periodOf(field: string): Dimension['period'] {
  if (/(^y|Y)ear$/.test(field)) return 'year';
  return field.endsWith('Month') ? 'month' : undefined;
}

function valuesOf(condition: Column | Condition, of: (value: SQL) => SQL, alias: string) {
  if (condition instanceof Column) return { join: sql``, value: of(sql`${condition}`) };
  const value = sql`${sql.identifier(alias)}.value`;
  const values = sql`select distinct ${of(sql`every.value`)} from (${groupingOf(condition).values()}) as every(value)`;
  return { join: lateral(values, alias), value };
}

/** The region above, or the region itself, that is of a level. */
function rolledUp(condition: Column | Condition, level: (typeof levels)[number], alias: string) {
  const { values, regions: tables } = groupingOf(condition);
  if (!tables) throw new Error('Only regions have levels.');
  const { regions, regionClosure } = tables;
  const [of, above] = [sql.identifier(alias), sql.identifier(`${alias}above`)];
  const ofLevel = sql`select ${regionClosure.code}, ${regionClosure.ancestor} from ${regionClosure} join ${regions} on ${regions.code} = ${regionClosure.ancestor} where ${regions.level} = ${level.toUpperCase()}`;
  return {
    join: sql`${lateral(values(), alias)} left join (${ofLevel}) as ${above}(code, value) on ${above}.code = ${of}.value`,
    value: sql`${above}.value`,
  };
}

const lateral = (values: SQL, alias: string) =>
  sql`left join lateral (${values}) as ${sql.identifier(alias)}(value) on true`;

function groupingOf(condition: Column | Condition) {
  if (condition instanceof Column || !condition.values) throw new Error('The condition is not groupable.');
  return { values: condition.values, regions: condition.regions };
}
