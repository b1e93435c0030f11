import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Json } from '../lib/json.ts';
import { Refusal } from '../request/refusal.ts';
import { conditionsOf, costOfGroups, costOfOrders, furtherGroupsCost } from './condition-cost.ts';
import type { CostWeights, ListSize } from './cost-weights.ts';
import { tooManyConditions } from './query-limits.ts';

/**
 * Returns the cost of an operation with these variables, in the unit of `@cost`: a whole number, at least 1. Throws a
 * Refusal.
 */
export type CostOf = (variables: Json) => number;

export type CostOptions = {
  readonly schema: GraphQLSchema;
  readonly weights: CostWeights;
  /** Assumed length of a list whose length is not declared. */
  readonly listSize: number;
  /** Maximum number of conditions, orders and groups in an operation. */
  readonly maxConditions: number;
};

/** Base cost of a mutation, as Apollo defines it. */
const mutationCost = 10;

/** Cost of `__schema` and of `__type`. The gateway answers both itself, but not for free. */
const introspectionCost = 100;

/** A number, or a function of the variables. Constant parts are computed once. */
type Amount = number | CostOf;

/** The list that the fields of a selection set belong to, and its length. */
type Sized = { readonly fields: readonly string[]; readonly size: Amount };

/**
 * Compiles the static cost of a query by IBM's specification with Apollo's weights: an object is 1, a scalar is 0, and
 * `@cost` on a field overrides `@cost` on its type. The sum is multiplied by the length of the list around it; the
 * weights of arguments are added. The result is an upper bound: fragments on several types are added up, and a field
 * that is requested twice counts twice. https://www.apollographql.com/docs/graphos/routing/security/demand-control
 */
export function compileCost(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  options: CostOptions,
): CostOf {
  const { total, conditions } = new CostCompiler(fragments, options).ofOperation(operation);
  const { maxConditions } = options;
  const defaults = defaultsOf(operation);
  return (given) => {
    const variables = defaults ? { ...defaults, ...given } : given;
    const count = evaluate(conditions, variables);
    if (count > maxConditions) throw tooManyConditions(count, maxConditions);
    return Math.max(1, Math.round(evaluate(total, variables)));
  };
}

/** Compiles the cost and the number of conditions of one operation. */
class CostCompiler {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #options: CostOptions;
  /** Number of conditions of each argument. */
  readonly #counts: Amount[] = [];
  #isGrouped = false;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, options: CostOptions) {
    this.#fragments = fragments;
    this.#options = options;
  }

  ofOperation({ operation, selectionSet }: OperationDefinitionNode) {
    const root = this.#options.schema.getRootType(operation);
    const total = plus([
      operation === 'mutation' ? mutationCost : 0,
      root ? this.#ofSet(selectionSet, root, undefined) : 0,
    ]);
    return { total, conditions: plus(this.#counts) };
  }

  #ofSet({ selections }: SelectionSetNode, parent: GraphQLCompositeType, sized: Sized | undefined): Amount {
    return plus(selections.map((each) => times(includedOf(each), this.#ofSelection(each, parent, sized))));
  }

  #ofSelection(selection: SelectionNode, parent: GraphQLCompositeType, sized: Sized | undefined): Amount {
    if (selection.kind === Kind.FIELD) return this.#ofField(selection, parent, sized);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
    if (!fragment) return 0;
    const type = fragment.typeCondition && this.#options.schema.getType(fragment.typeCondition.name.value);
    return this.#ofSet(fragment.selectionSet, isCompositeType(type) ? type : parent, sized);
  }

  #ofField(node: FieldNode, parent: GraphQLCompositeType, sized: Sized | undefined): Amount {
    const name = node.name.value;
    if (name === '__schema' || name === '__type') return introspectionCost;
    const field = isUnionType(parent) ? undefined : parent.getFields()[name];
    if (!field) return 0;
    const place = `${parent.name}.${name}`;
    const type: GraphQLNamedType = getNamedType(field.type);
    const declared = this.#options.weights.listSizeOf(place);
    const size = declared && this.#sizeOf(declared, field, node);
    const below: Sized | undefined =
      size !== undefined && declared ? { fields: declared.sizedFields, size } : undefined;
    const each = plus([
      this.#options.weights.weightOf(place) ?? this.#weightOfType(type),
      node.selectionSet && isCompositeType(type) ? this.#ofSet(node.selectionSet, type, below) : 0,
    ]);
    return plus([
      times(this.#countOf(field, declared, size, sized), each),
      this.#ofArguments(place, field, node),
      declared ? this.#refusalWithoutSize(declared, field, node, place) : 0,
    ]);
  }

  #countOf(
    field: GraphQLField<unknown, unknown>,
    declared: ListSize | undefined,
    size: Amount | undefined,
    sized: Sized | undefined,
  ): Amount {
    if (size !== undefined && declared?.sizedFields.length === 0) return size;
    if (sized?.fields.includes(field.name)) return sized.size;
    return isListType(getNullableType(field.type)) ? this.#options.listSize : 1;
  }

  #weightOfType(type: GraphQLNamedType): number {
    const own = this.#options.weights.weightOf(type.name) ?? (isCompositeType(type) ? 1 : 0);
    if (!isAbstractType(type)) return own;
    return Math.max(
      own,
      ...this.#options.schema
        .getPossibleTypes(type)
        .map((each) => this.#options.weights.weightOf(each.name) ?? 1),
    );
  }

  #sizeOf(
    { slicingArguments, assumedSize }: ListSize,
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
  ): Amount {
    const otherwise = assumedSize ?? this.#options.listSize;
    const given = slicingArguments.map((name) => argumentOf(field, node, name));
    return amount(given, (values) => {
      const sizes = values.filter((value) => typeof value === 'number');
      return sizes.length === 0 ? otherwise : Math.min(Math.max(...sizes, 0), maxInt);
    });
  }

  /** Returns a refusal when a list that must have exactly one size argument has none or several; else undefined. */
  #refusalWithoutSize(
    { slicingArguments, requireOneSlicingArgument }: ListSize,
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    place: string,
  ): Amount {
    if (!requireOneSlicingArgument || slicingArguments.length === 0) return 0;
    const given = slicingArguments.map((name) => argumentOf(field, node, name));
    return amount(given, (values) => {
      if (values.filter((value) => value != null).length === 1) return 0;
      throw withoutSize(place, slicingArguments);
    });
  }

  #ofArguments(place: string, field: GraphQLField<unknown, unknown>, node: FieldNode): Amount {
    return plus(
      (node.arguments ?? []).map(({ name, value }) => {
        const argument = field.args.find((each) => each.name === name.value);
        if (!argument) return 0;
        const weight = this.#options.weights.weightOf(`${place}(${name.value}:)`) ?? 0;
        if (weight === 0 && !isInputObjectType(getNamedType(argument.type))) return 0;
        const given = [toAmount(value)];
        const ofSeveral = this.#severalOf(argument.name);
        this.#counts.push(
          amount(given, ([each]) => conditionsOf(argument.type, each, this.#options.weights).count),
        );
        return amount(given, ([each]) =>
          each == null
            ? 0
            : weight + conditionsOf(argument.type, each, this.#options.weights).cost + ofSeveral(each),
        );
      }),
    );
  }

  /** Returns the function that computes the cost of several orders or groups from their number. */
  #severalOf(argument: string): (given: unknown) => number {
    const lengthOf = (given: unknown) => (Array.isArray(given) ? given.length : 1);
    if (argument === 'orderBy') return (given) => costOfOrders(lengthOf(given));
    if (argument !== 'groupBy') return () => 0;
    const again = this.#isGrouped ? furtherGroupsCost : 0;
    this.#isGrouped = true;
    return (given) => again + (lengthOf(given) > 0 ? costOfGroups(lengthOf(given)) : 0);
  }
}

/** A constant value, or one that depends on variables. */
type Value = { readonly value: unknown } | { readonly from: (variables: Json) => unknown };

/** Computes an amount; once, when no variable changes it. */
function amount(given: readonly Value[], compute: (values: unknown[]) => number): Amount {
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

const toAmount = (node: ValueNode): Value =>
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

function argumentOf(field: GraphQLField<unknown, unknown>, node: FieldNode, name: string): Value {
  const standard = field.args.find((each: GraphQLArgument) => each.name === name)?.defaultValue;
  const given = node.arguments?.find((each: ArgumentNode) => each.name.value === name);
  if (!given) return { value: standard };
  const value = toAmount(given.value);
  return 'from' in value ? { from: (variables) => value.from(variables) ?? standard } : value;
}

/** 0 when `@skip` or `@include` removes a selection; otherwise 1. */
function includedOf({ directives = [] }: SelectionNode): Amount {
  return directives
    .map(({ name, arguments: [condition] = [] }): Amount => {
      const excludedWhen = name.value === 'skip' ? true : name.value === 'include' ? false : undefined;
      if (excludedWhen === undefined || !condition) return 1;
      return amount([toAmount(condition.value)], ([value]) => (value === excludedWhen ? 0 : 1));
    })
    .reduce(times, 1);
}

/** Returns the default values of variables; undefined when there are none. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Json | undefined {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return defaults.length === 0 ? undefined : Object.fromEntries(defaults);
}

const evaluate = (given: Amount, variables: Json): number =>
  typeof given === 'number' ? given : given(variables);

function plus(amounts: readonly Amount[]): Amount {
  const known = amounts.filter((each) => typeof each === 'number').reduce((sum, each) => sum + each, 0);
  const open = amounts.filter((each) => typeof each === 'function');
  if (open.length === 0) return known;
  return (variables) => {
    let sum = known;
    for (const each of open) sum += each(variables);
    return sum;
  };
}

function times(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 0) return 0;
  if (a === 1) return b;
  return (variables) => {
    const factor = evaluate(a, variables);
    return factor === 0 ? 0 : factor * evaluate(b, variables);
  };
}

/** Maximum of GraphQL's `Int`. */
const maxInt = 2_147_483_647;

const withoutSize = (place: string, names: readonly string[]) =>
  new Refusal('LIST_SIZE_REQUIRED', `${place} must be asked for with exactly one of: ${names.join(', ')}.`, {
    field: place,
  });
