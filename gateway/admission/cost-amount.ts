import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  Kind,
  type SelectionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Json } from '../lib/json.ts';

/** A number, or a function of the variables. Constant parts are computed once. */
export type Amount = number | ((variables: Json) => number);

/** A constant value, or one that depends on variables. */
type Value = { readonly value: unknown } | { readonly from: (variables: Json) => unknown };

/** Computes an amount; once, when no variable changes it. */
export function amount(given: readonly Value[], compute: (values: unknown[]) => number): Amount {
  const known = given.flatMap((each) => ('value' in each ? [each.value] : []));
  if (known.length === given.length) {
    // Errors of a constant value are thrown for the request, not while compiling.
    return computeOnce(() => compute(known));
  }
  return (variables) => compute(given.map((each) => ('value' in each ? each.value : each.from(variables))));
}

function computeOnce(compute: () => number): Amount {
  try {
    return compute();
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

export const toAmount = (node: ValueNode): Value =>
  usesVariables(node)
    ? { from: (variables) => valueFromASTUntyped(node, variables) }
    : { value: valueFromASTUntyped(node) };

function usesVariables(node: ValueNode): boolean {
  switch (node.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return node.values.some(usesVariables);
    case Kind.OBJECT:
      return node.fields.some(({ value }) => usesVariables(value));
    default:
      return false;
  }
}

export function argumentOf(field: GraphQLField<unknown, unknown>, node: FieldNode, name: string): Value {
  const standard = field.args.find((each: GraphQLArgument) => each.name === name)?.defaultValue;
  const given = node.arguments?.find((each: ArgumentNode) => each.name.value === name);
  if (!given) return { value: standard };
  const value = toAmount(given.value);
  return 'from' in value ? { from: (variables) => value.from(variables) ?? standard } : value;
}

/** 0 when `@skip` or `@include` removes a selection; otherwise 1. */
export function includedOf({ directives = [] }: SelectionNode): Amount {
  return directives
    .map(({ name, arguments: [condition] = [] }): Amount => {
      const excludedWhen = name.value === 'skip' ? true : name.value === 'include' ? false : undefined;
      if (excludedWhen === undefined || !condition) return 1;
      return amount([toAmount(condition.value)], ([value]) => (value === excludedWhen ? 0 : 1));
    })
    .reduce(times, 1);
}

export const evaluate = (given: Amount, variables: Json): number =>
  typeof given === 'number' ? given : given(variables);

export function plus(amounts: readonly Amount[]): Amount {
  const known = amounts.filter((each) => typeof each === 'number').reduce((sum, each) => sum + each, 0);
  const open = amounts.filter((each) => typeof each === 'function');
  if (open.length === 0) return known;
  return (variables) => {
    let sum = known;
    for (const each of open) sum += each(variables);
    return sum;
  };
}

export function times(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 0) return 0;
  if (a === 1) return b;
  return (variables) => {
    const factor = evaluate(a, variables);
    return factor === 0 ? 0 : factor * evaluate(b, variables);
  };
}
