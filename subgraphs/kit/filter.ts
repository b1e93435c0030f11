import { badInput } from '@wenshu/schema/errors.ts';
import {
  and,
  Column,
  eq,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { namesOneOf, type Related } from './link.ts';
import type { Condition, Grouping, Link, List } from './list.ts';
import { type SharedTables, tripled } from './tables.ts';

type Input = Readonly<Record<string, unknown>>;

/** The filter input of a list as SQL; `undefined` where it asks for nothing. */
export function whereOf(
  list: Pick<List, 'filter' | 'id' | 'holds'>,
  filter: Input | null | undefined,
  path = 'filter',
): SQL | undefined {
  if (!filter) return undefined;
  const conditions = Object.entries(filter).map(([name, value]): SQL | undefined => {
    const here = `${path}.${name}`;
    if (value === null || value === undefined) return undefined;
    if (name === 'and')
      return and(...(value as Input[]).map((part, i) => whereOf(list, part, `${here}.${i}`)));
    if (name === 'or') return anyOf((value as Input[]).map((part, i) => whereOf(list, part, `${here}.${i}`)));
    if (name === 'not') {
      const inner = whereOf(list, value as Input, here);
      // A row for which the condition is unknown (null) does not satisfy it, so "not" keeps that row.
      return inner && sql`(${inner}) is not true`;
    }
    // What the gateway made of a condition on something related.
    if (name === '_related') return and(...(value as Related[]).map((related) => namesOneOf(list, related)));
    // What the gateway says of the rows that its caller may see.
    if (name === '_holding') return and(...Object.entries(value as Input).map(holdingOneOf(list)));
    const condition = Object.hasOwn(list.filter, name) ? list.filter[name] : undefined;
    if (!condition) throw new Error(`No condition is defined for ${here}.`);
    return condition instanceof Column
      ? columnCondition(condition, value as Input, here)
      : (condition as Condition)(value as never, here);
  });
  return and(...conditions);
}

/** That the row which a row cannot be without meets a filter of its own list. */
const holdingOneOf =
  ({ holds }: Pick<List, 'holds'>) =>
  ([field, filter]: [string, unknown]): SQL => {
    const held = holds && Object.hasOwn(holds, field) ? holds[field] : undefined;
    if (!held) throw new Error(`No row is known to be held as ${field}.`);
    const { id, table, ...list } = held.list();
    const where = whereOf({ id, ...list }, filter as Input) ?? sql`true`;
    return sql`${held.by} in (select ${id} from ${table} where ${where})`;
  };

/** One of the parts; a part without conditions holds for every row, an empty list for none. */
function anyOf(parts: (SQL | undefined)[]): SQL | undefined {
  if (parts.length === 0) return sql`false`;
  return parts.includes(undefined) ? undefined : or(...parts);
}

const operators: Record<string, (column: SQLWrapper, value: never) => SQL | undefined> = {
  // Yes or no as text, so that Postgres plans by how many rows are which.
  eq: (column, value: unknown) =>
    typeof value === 'boolean'
      ? sql`${column} = ${sql.raw(String(value))}`
      : eq(column as AnyPgColumn, value),
  in: (column, value: unknown[]) => sql`${column} = any(${sql.param(value)})`,
  gt,
  gte,
  lt,
  lte,
  isNull: (column, value: boolean) => (value ? isNull(column) : isNotNull(column)),
  contains: (column, value: string) => sql`${tripled(column)} like ${`%${tripledPattern(value)}%`}`,
  startsWith: (column, value: string) => sql`${tripled(column)} like ${`${tripledPattern(value)}%`}`,
};

/** Makes a condition one by which rows can be grouped too. */
export const groupable = <Value>(
  condition: (value: Value, path: string) => SQL,
  grouping: Grouping,
): Condition => Object.assign(condition as (value: never, path: string) => SQL, { grouping });

/** Every operator of one column or expression, all of which must hold. */
export function columnCondition(column: SQLWrapper, input: Input, path: string): SQL {
  refuseContradiction(input, path);
  const parts = Object.entries(input).map(([name, value]) => {
    if (value === null || value === undefined) return undefined;
    const operator = operators[name];
    if (!operator) throw new Error(`No operator is defined for ${path}.${name}.`);
    return operator(column as AnyPgColumn, value as never);
  });
  return and(...parts) ?? sql`true`;
}

/** `within` beside the operators of a column: the region and everything below it, by the roll-up of its parents. */
export function regionCondition(
  column: AnyPgColumn,
  { regions, regionClosure }: Pick<SharedTables, 'regions' | 'regionClosure'>,
): Condition {
  const condition = ({ within, ...others }: Input, path: string) => {
    const inside =
      typeof within === 'string'
        ? sql`${column} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${within})`
        : undefined;
    return and(inside, columnCondition(column, others, path)) ?? sql`true`;
  };
  return groupable(condition, { values: column, regions: { regions, regionClosure } });
}

/**
 * That one of the rows of another table which belong to a row of the list meets the
 * condition, as in the hosts of an event; `isNull: true`: that it has no such rows.
 */
export const someOf = (
  rowId: AnyPgColumn,
  owner: AnyPgColumn,
  target: AnyPgColumn,
  { type, counted }: Pick<Link, 'type' | 'counted'> = {},
): Condition =>
  withLinks([{ owner, target, type, counted }], (input: Input, path) => {
    const condition = columnCondition(target, input, path);
    if (Object.values(input).every((value) => value == null)) return condition;
    const own = sql`select 1 from ${target.table} where ${and(eq(owner, rowId), counted)}`;
    return input.isNull ? sql`not exists (${own})` : sql`exists (${own} and ${condition})`;
  });

/** `someOf` over several tables: in one of them is a row that meets the condition; `isNull: true`: in none is any. */
export const someOfEither = (...conditions: readonly Condition[]): Condition =>
  withLinks(
    conditions.flatMap(({ links = [] }) => links),
    (input: Input, path) => {
      const parts = conditions.map((condition) => condition(input as never, path));
      return (input.isNull ? and(...parts) : or(...parts)) ?? sql`true`;
    },
  );

/** The operators of a column that holds the id of something of one of several types. */
export const idOfType = (target: AnyPgColumn, type: AnyPgColumn): Condition =>
  withLinks([{ target, type }], (input: Input, path) => columnCondition(target, input, path));

const withLinks = (links: readonly Link[], condition: (input: Input, path: string) => SQL): Condition =>
  Object.assign(condition, { links }) as Condition;

/** Bounds that no value can meet are a mistake of the caller, not an empty answer. */
function refuseContradiction(input: Input, path: string): void {
  const lower = bound(input.gt, false) ?? bound(input.gte, true);
  const upper = bound(input.lt, false) ?? bound(input.lte, true);
  if (lower && upper) {
    const order = compare(lower.value, upper.value);
    if (order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive))) {
      throw badInput(
        path,
        `The bounds of ${path} exclude each other: nothing is above ${lower.value} and below ${upper.value}.`,
      );
    }
  }
  if (
    input.isNull === true &&
    Object.entries(input).some(([name, value]) => name !== 'isNull' && value != null)
  ) {
    throw badInput(path, `${path} asks for null and for a value at once.`);
  }
}

const bound = (value: unknown, inclusive: boolean) =>
  value === undefined || value === null ? undefined : { value: String(value), inclusive };

/** Numbers by value, dates and other text by their characters. */
function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return a < b ? -1 : Number(a > b);
  return x - y;
}

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');
const tripledPattern = (text: string) =>
  [...text.toLowerCase()].map((character) => escaped(character).repeat(3)).join('');
