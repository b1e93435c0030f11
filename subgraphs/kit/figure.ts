import { Column, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { type Additivity, precisionSql, unlikeSql } from './additivity.ts';
import type { List } from './list.ts';

/** A figure of a group, such as `count`, `share` or `registeredCapital.sum`: of a measure, or of the records themselves. */
export interface Figure {
  readonly name: string;
  readonly kind: string;
  readonly measure: Measure | undefined;
}

/** A measure of a list. */
export interface Measure {
  readonly name: string;
  /** Name of its type in the graph, such as `YuanAggregate`. */
  readonly type: string;
  readonly column: PgColumn;
  readonly additivity: Additivity;
}

export type Measures = ReadonlyMap<string, Measure>;

/** Returns the measures of a list: the fields of its aggregates that are named after a condition. */
export function measuresOf(list: List, schema: GraphQLSchema): Measures {
  const type = schema.getType(`${list.type}Aggregate`);
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  return new Map(
    fields.flatMap(({ name, type }): [string, Measure][] => {
      const column = list.filter[name];
      if (!(column instanceof Column)) return [];
      const additivity = list.additivity?.[name] ?? alwaysAdded;
      return [[name, { name, type: getNamedType(type).name, column, additivity }]];
    }),
  );
}

/** The additivity of a measure whose figures may always be added. */
export const alwaysAdded: Additivity = {};

export const figure = (kind: string, measure?: Measure): Figure => ({
  name: measure ? `${measure.name}.${kind}` : kind,
  kind,
  measure,
});

/**
 * Returns the base of a figure that is computed from other figures of groups: the sum of its measure, or the count, for a share or a
 * growth. Any other figure is its own base.
 */
export function baseOf(one: Figure): Figure {
  if (one.kind === 'share' || one.kind === 'growth')
    return figure(one.measure ? 'sum' : 'count', one.measure);
  return one.kind === 'reason' ? figure('problem', one.measure) : one;
}

/**
 * Returns a quotient rounded half up; null for a zero divisor. Postgres divides to about 16 digits, the last of which are rounded already,
 * so large amounts would be rounded twice.
 */
export const quotient = (dividend: SQL, divisor: SQL, decimals: number): SQL =>
  sql`round(round((${dividend})::numeric, 20) / nullif(${divisor}, 0), ${sql.raw(String(decimals))})`;

/** Returns what must be the same in two years for a growth, as a figure; undefined if it always is. */
export const comparableOf = ({ measure }: Figure): Figure | undefined =>
  measure?.additivity.comparable && figure('comparable', measure);

/** Returns the SQL of a figure over the rows of a group. A sum or mean is not checked yet. */
export function baseSql({ name, kind, measure }: Figure): SQL {
  if (!measure) return sql`count(*)::int`;
  const { column, type, additivity } = measure;
  const { unit, comparable } = additivity;
  const counted = sql`filter (where ${column} is not null)`;
  // Figures with different units cannot be compared.
  const ofOneUnit = (value: SQL) =>
    unit ? sql`case when min(${unit}) ${counted} = max(${unit}) ${counted} then ${value} end` : value;
  switch (kind) {
    case 'count':
      return sql`count(${column})::int`;
    case 'sum':
      return sql`sum(${column})`;
    case 'avg':
      return quotient(sql`sum(${column})`, sql`count(${column})`, type === 'YuanAggregate' ? 2 : 4);
    case 'min':
      return ofOneUnit(sql`min(${column})`);
    case 'max':
      return ofOneUnit(sql`max(${column})`);
    case 'approx':
      return precisionSql(additivity, counted);
    case 'unlike':
      return unlikeSql(additivity, counted);
    case 'comparable':
      return sql`string_agg(distinct ${comparable}, ' ') ${counted}`;
    default:
      throw new Error(`${name} is not worked out of rows.`);
  }
}

/** Returns a figure as the database gives it: counts as numbers, all others as exact text. */
export function figureText({ name, kind, measure }: Figure): SQL {
  const value = sql.identifier(name);
  if (kind === 'count') return sql`${value}`;
  const isStored = (kind === 'sum' || kind === 'min' || kind === 'max') && measure?.type !== 'DateAggregate';
  return isStored ? sql`trim_scale(${value})::text` : sql`${value}::text`;
}
