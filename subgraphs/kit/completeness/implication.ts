import { Column } from 'drizzle-orm';
import type { List } from '../list.ts';

type Input = Readonly<Record<string, unknown>>;

/** A region of a figure with the regions above and below it, itself included. */
export interface RegionScope {
  readonly above: ReadonlySet<string>;
  readonly below: ReadonlySet<string>;
}

/** What is known of rows: by condition, the values that they can have. */
export interface Scope {
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  readonly region: RegionScope | undefined;
}

/** Returns the scope of a filter whose conditions are all `eq`, `in`, or `within` for the region. */
export const scopeOf = (filter: Input, region: RegionScope | undefined): Scope => ({
  values: new Map(
    Object.entries(filter).map(([name, value]) => [
      name,
      name === 'region' ? (region?.below ?? new Set<string>()) : valuesOf(value as Input),
    ]),
  ),
  region,
});

const valuesOf = (input: Input): ReadonlySet<string> =>
  new Set(input.in ? (input.in as unknown[]).map(String) : [String(input.eq)]);

/** True if all rows of a scope meet a filter, whatever else they are. */
export function implies(scope: Scope, filter: Input | null | undefined, list: Pick<List, 'filter'>): boolean {
  return Object.entries(filter ?? {}).every(([name, value]) => {
    if (value == null) return true;
    if (name === 'and') return (value as Input[]).every((part) => implies(scope, part, list));
    if (name === 'or') return (value as Input[]).some((part) => implies(scope, part, list));
    if (name === 'not') return excludes(scope, value as Input, list);
    const known = scope.values.get(name);
    return operatorsOf(value).every(([operator, operand]) =>
      known ? isMet(scope, known, operator, operand) : false,
    );
  });
}

/** True if no row of a scope meets a filter. */
function excludes(scope: Scope, filter: Input, list: Pick<List, 'filter'>): boolean {
  return Object.entries(filter).some(([name, value]) => {
    if (value == null) return false;
    if (name === 'and') return (value as Input[]).some((part) => excludes(scope, part, list));
    if (name === 'or') return (value as Input[]).every((part) => excludes(scope, part, list));
    if (name === 'not') return implies(scope, value as Input, list);
    const known = scope.values.get(name);
    // A row with several values may have others than those of the scope.
    if (!known || !hasOneValue(list, name)) return false;
    return operatorsOf(value).some(([operator, operand]) => isMissed(scope, known, operator, operand));
  });
}

function isMet({ region }: Scope, known: ReadonlySet<string>, operator: string, operand: unknown): boolean {
  if (operator === 'isNull') return operand === false;
  if (operator === 'within') return region?.above.has(String(operand)) ?? false;
  const wanted = wantedBy(operator, operand);
  return wanted !== undefined && isSubset(known, wanted);
}

function isMissed(
  { region }: Scope,
  known: ReadonlySet<string>,
  operator: string,
  operand: unknown,
): boolean {
  if (operator === 'isNull') return operand === true;
  if (operator === 'within' && region)
    return !region.above.has(String(operand)) && !region.below.has(String(operand));
  const wanted = wantedBy(operator, operand);
  return wanted !== undefined && ![...known].some((value) => wanted.has(value));
}

function wantedBy(operator: string, operand: unknown): ReadonlySet<string> | undefined {
  if (operator === 'eq') return new Set([String(operand)]);
  return operator === 'in' ? new Set((operand as unknown[]).map(String)) : undefined;
}

/** True if rows that meet a filter are all of a scope: the filter has a condition for each part of it. */
export function isWithin(scope: Scope, filter: Input | null | undefined): boolean {
  const conditions = conditionsOf(filter ?? {});
  return [...scope.values].every(([name, known]) =>
    conditions.some(
      (condition) =>
        condition.name === name &&
        operatorsOf(condition.value).some(([operator, operand]) => {
          if (operator === 'within') return scope.region?.below.has(String(operand)) ?? false;
          const wanted = wantedBy(operator, operand);
          return wanted !== undefined && isSubset(wanted, known);
        }),
    ),
  );
}

const isSubset = (some: ReadonlySet<string>, all: ReadonlySet<string>) =>
  [...some].every((value) => all.has(value));

/** Returns the conditions of a filter that every row must meet. */
const conditionsOf = (filter: Input): { readonly name: string; readonly value: unknown }[] =>
  Object.entries(filter).flatMap(([name, value]) => {
    if (value == null) return [];
    return name === 'and' ? (value as Input[]).flatMap(conditionsOf) : [{ name, value }];
  });

/** Returns the operators of a condition that ask for something. */
const operatorsOf = (condition: unknown): [string, unknown][] =>
  typeof condition === 'object' && condition !== null && !Array.isArray(condition)
    ? Object.entries(condition).filter(([, operand]) => operand != null)
    : [['', condition]];

function hasOneValue({ filter }: Pick<List, 'filter'>, name: string): boolean {
  const condition = filter[name];
  return condition instanceof Column || condition?.grouping?.values instanceof Column;
}
