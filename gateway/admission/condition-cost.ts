import { type GraphQLInputType, getNamedType, getNullableType, isInputObjectType, isListType } from 'graphql';
import { isObject } from '../lib/json.ts';
import type { CostWeights } from './cost-weights.ts';

/** Size of an argument of an input type: its conditions, orders and groups. */
export type Conditions = {
  /** Number of compared values, plus one for each object of a list, as in `or`. */
  readonly count: number;
  /** Cost in the unit of `@cost`. */
  readonly cost: number;
};

/**
 * Cost of one comparison. To compare a row takes an eighth of the time that it takes to read and send it; a value of a
 * list (`in`) takes a sixteenth of that. Both are powers of two, so that sums are exact.
 */
const comparisonCost = 1 / 8;
const valueCost = 1 / 128;

const none: Conditions = { count: 0, cost: 0 };

/** Counts the conditions of a value of this type. A type or field with a weight of its own adds that weight. */
export function conditionsOf(type: GraphQLInputType, value: unknown, weights: CostWeights): Conditions {
  if (value === null || value === undefined) return none;
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return none;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return sumOf(items.map((each) => ofItem(conditionsOf(nullable.ofType, each, weights))));
  }
  if (!isObject(value)) return none;
  const fields = named.getFields();
  return sumOf(
    // This loop runs over the given fields, which are few, not over all fields of the type.
    Object.entries(value).map(([name, given]) => {
      const field = fields[name];
      if (!field || given === null || given === undefined) return none;
      const weight = weights.weightOf(`${named.name}.${field.name}`) ?? 0;
      const inner = isInputObjectType(getNamedType(field.type))
        ? conditionsOf(field.type, given, weights)
        : comparison(given);
      return { count: inner.count, cost: weight + inner.cost };
    }),
  );
}

/**
 * Returns the cost of several orders. Each one sorts the ties of those before it, and needs a comparison with each of
 * them.
 */
export const costOfOrders = (count: number): number => (count * (count - 1)) / 2;

/**
 * Returns the cost of several dimensions of groups. Each needs one row; from the third on there are very many
 * combinations.
 */
export const costOfGroups = (count: number): number => (3 / 8) * count + ((count - 1) * (count - 2)) / 2;

/** Cost factor of further groups on the same list: the whole list is read again. */
export const furtherGroupsCost = 3;

const comparison = (given: unknown): Conditions => ({
  count: 1,
  cost: comparisonCost + (Array.isArray(given) ? given.length * valueCost : 0),
});

/** Counts an empty object too, because a list may hold thousands of them. */
const ofItem = ({ count, cost }: Conditions): Conditions => ({
  count: Math.max(count, 1),
  cost: Math.max(cost, comparisonCost),
});

const sumOf = (parts: readonly Conditions[]): Conditions => {
  let count = 0;
  let cost = 0;
  for (const part of parts) {
    count += part.count;
    cost += part.cost;
  }
  return { count, cost };
};
