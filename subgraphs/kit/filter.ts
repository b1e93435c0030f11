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
import { searchable, searchableSql } from './searchable.ts';
import { type SharedTables, tripled } from './tables.ts';

type Input = Readonly<Record<string, unknown>>;

/** Returns the filter input of a list as SQL; `undefined` if it has no condition. */
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
      // A row for which the condition is unknown (null) does not meet it, so "not" keeps that row.
      return inner && sql`(${inner}) is not true`;
    }
    // Keys that the gateway found for a condition on a related row.
    if (name === '_related') return and(...(value as Related[]).map((related) => namesOneOf(list, related)));
    // Row filters from the gateway.
    if (name === '_holding') return and(...Object.entries(value as Input).map(holdingOneOf(list)));
    const condition = Object.hasOwn(list.filter, name) ? list.filter[name] : undefined;
    if (!condition) throw new Error(`No condition is defined for ${here}.`);
    if (asksNothing(value)) return undefined;
    return condition instanceof Column
      ? columnCondition(condition, value as Input, here)
      : (condition as Condition)(value as never, here);
  });
  return and(...conditions);
}

/** Whether all operators of a condition are null, as of variables without a value. `not` of such a condition keeps all rows. */
const asksNothing = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((operand) => operand == null);

/** Returns the condition that the required related row meets a filter of its own list. */
const holdingOneOf =
  ({ holds }: Pick<List, 'holds'>) =>
  ([field, filter]: [string, unknown]): SQL => {
    const held = holds && Object.hasOwn(holds, field) ? holds[field] : undefined;
    if (!held) throw new Error(`No row is known to be held as ${field}.`);
    const { id, table, ...list } = held.list();
    const where = whereOf({ id, ...list }, filter as Input) ?? sql`true`;
    return sql`${held.by} in (select ${id} from ${table} where ${where})`;
  };

/** Joins the parts by `or`; a part without conditions is true for every row, an empty list for none. */
function anyOf(parts: (SQL | undefined)[]): SQL | undefined {
  if (parts.length === 0) return sql`false`;
  return parts.includes(undefined) ? undefined : or(...parts);
}

const operators: Record<string, (column: SQLWrapper, value: never) => SQL | undefined> = {
  // Booleans go as text, so that Postgres plans by how many rows have each value.
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
  contains: (column, value: string) => sql`${tripled(searchableSql(column))} like ${`%${patternOf(value)}%`}`,
  startsWith: (column, value: string) =>
    sql`${tripled(searchableSql(column))} like ${`${patternOf(value)}%`}`,
};

/** Returns a condition by which rows can also be grouped. */
export const groupable = <Value>(
  condition: (value: Value, path: string) => SQL,
  grouping: Grouping,
): Condition => Object.assign(condition as (value: never, path: string) => SQL, { grouping });

/** Returns the condition that all operators of one column or expression hold. */
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

/** Operators of a record's name. `contains` and `startsWith` search its aliases too. */
export function nameOrAlias({ nameZh, searchedNames }: NamedTable): Condition {
  const searched = tripled(searchedNames);
  // Each name is a line of its own.
  const begins = (pattern: string) =>
    sql`(${searched} like ${`${pattern}%`} or ${searched} like ${`%\n\n\n${pattern}%`})`;
  return ({ contains, startsWith, ...others }: Input, path: string) =>
    and(
      typeof contains === 'string' ? sql`${searched} like ${`%${patternOf(contains)}%`}` : undefined,
      typeof startsWith === 'string' ? begins(patternOf(startsWith)) : undefined,
      columnCondition(nameZh, others, path),
    ) ?? sql`true`;
}

type NamedTable = { readonly nameZh: AnyPgColumn; readonly searchedNames: AnyPgColumn };

/** Adds `within` to the operators of a column: the region and everything below it, by the closure of its parents. */
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
 * Returns the condition that a row of another table that belongs to the list's row meets the filter, as for the hosts of an event; with
 * `isNull: true` that there is no such row.
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

/** Like `someOf` over several tables: one of them has a row that meets the condition; with `isNull: true`, none has any row. */
export const someOfEither = (...conditions: readonly Condition[]): Condition =>
  withLinks(
    conditions.flatMap(({ links = [] }) => links),
    (input: Input, path) => {
      const parts = conditions.map((condition) => condition(input as never, path));
      return (input.isNull ? and(...parts) : or(...parts)) ?? sql`true`;
    },
  );

/** Operators of a column that holds several values: one of them meets the condition. */
export const anyOfArray = (column: AnyPgColumn): Condition =>
  groupable(
    ({ eq: wanted, in: several, isNull: isWithout }: Input) =>
      and(
        wanted == null ? undefined : sql`${column} @> ${sql.param([wanted])}::text[]`,
        several == null ? undefined : sql`${column} && ${sql.param(several)}::text[]`,
        isWithout == null ? undefined : isWithout ? isNull(column) : isNotNull(column),
      ) ?? sql`true`,
    { values: () => sql`select unnest(${column})` },
  );

/** Operators of a column that holds the id of one of several types. */
export const idOfType = (target: AnyPgColumn, type: AnyPgColumn): Condition =>
  withLinks([{ target, type }], (input: Input, path) => columnCondition(target, input, path));

const withLinks = (links: readonly Link[], condition: (input: Input, path: string) => SQL): Condition =>
  Object.assign(condition, { links }) as Condition;

/** Refuses bounds that no value can meet: they are a mistake of the caller, not an empty answer. */
function refuseContradiction(input: Input, path: string): void {
  const lower = bound(input.gt, false) ?? bound(input.gte, true);
  const upper = bound(input.lt, false) ?? bound(input.lte, true);
  if (lower && upper) {
    const order = compare(lower.value, upper.value);
    if (order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive))) {
      throw badInput(
        path,
        `The bounds of ${path} exclude each other: nothing is above ${lower.value} and below ${upper.value}.`,
        `${path} 的上下限互相排斥:没有既高于 ${lower.value} 又低于 ${upper.value} 的值。`,
      );
    }
  }
  if (
    input.isNull === true &&
    Object.entries(input).some(([name, value]) => name !== 'isNull' && value != null)
  ) {
    throw badInput(path, `${path} asks for null and for a value at once.`, `${path} 同时要求为空和为某值。`);
  }
}

const bound = (value: unknown, inclusive: boolean) =>
  value === undefined || value === null ? undefined : { value: String(value), inclusive };

/** Compares numbers by value, dates and other text by their characters. */
function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return a < b ? -1 : Number(a > b);
  return x - y;
}

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');
const patternOf = (text: string) =>
  [...searchable(text)].map((character) => escaped(character).repeat(3)).join('');
