import { type GraphQLInputType, getNamedType, getNullableType, isInputObjectType, isListType } from 'graphql';
import { isObject } from '../lib/json.ts';
import type { CostWeights } from './cost-weights.ts';

/** What an argument of an input type asks for: conditions, orders, groups. */
export type Conditions = {
  /** How many: each value that is compared, and each object of a list, as in `or`. */
  readonly count: number;
  /** In the unit of `@cost`. */
  readonly cost: number;
};

/**
 * A comparison of each row takes an eighth of the time that it takes to read it and hand it out, a value of a list (`in`) a
 * sixteenth of that. Powers of two, so that sums are exact.
 */
const comparisonCost = 1 / 8;
const valueCost = 1 / 128;

const none: Conditions = { count: 0, cost: 0 };

/** What a value of this type comes to; what has a weight of its own costs that besides. */
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
    // Of what is given, which is little, and not of all fields of the type.
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

/** Orders by several things: each adds what those before it leave undecided, and has to be told apart by. */
export const costOfOrders = (count: number): number => (count * (count - 1)) / 2;

/** Groups by several things: they take a row of each, and from the third on there are very many of them. */
export const costOfGroups = (count: number): number => (3 / 8) * count + ((count - 1) * (count - 2)) / 2;

/** The whole list is read again for other groups of it. */
export const furtherGroupsCost = 3;

const comparison = (given: unknown): Conditions => ({
  count: 1,
  cost: comparisonCost + (Array.isArray(given) ? given.length * valueCost : 0),
});

/** An object without a condition counts too: there may be thousands of them. */
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
