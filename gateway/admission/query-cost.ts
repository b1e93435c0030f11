import {
  type FieldNode,
  type FragmentDefinitionNode,
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
  valueFromASTUntyped,
} from 'graphql';
import type { Json } from '../lib/json.ts';
import { Refusal } from '../request/refusal.ts';
import { conditionsOf, costOfGroups, costOfOrders, furtherGroupsCost } from './condition-cost.ts';
import {
  type Amount,
  amount,
  argumentOf,
  evaluate,
  includedOf,
  plus,
  times,
  toAmount,
} from './cost-amount.ts';
import type { CostWeights, ListSize } from './cost-weights.ts';
import { type CompiledList, costliestOf, type ListShare } from './costliest-list.ts';
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

/** The list that the fields of a selection set belong to, and its length. */
type Sized = { readonly fields: readonly string[]; readonly size: Amount };

/** Where a selection set stands in an operation. */
type Place = {
  readonly sized: Sized | undefined;
  /** Names in the answer that lead to it, without those of pages. */
  readonly path: string;
  /** Whether it is selected on the edges of a page. */
  readonly isEdge: boolean;
  /** The list around it; undefined at the root, and when lists are not compared. */
  readonly list: CompiledList | undefined;
  /** Number of the objects that it is selected on. */
  readonly times: Amount;
};

const atRoot: Place = { sized: undefined, path: '', isEdge: false, list: undefined, times: 1 };

/** The length of a field that may be a list. */
type Found = { readonly declared: ListSize | undefined; readonly size: Amount; readonly count: Amount };

const joined = (path: string, name: string) => (path ? `${path}.${name}` : name);

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

/** Finds the list that makes the largest part of an operation's cost. It compiles the operation once more. */
export function findCostliestList(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  options: CostOptions,
  given: Json,
): ListShare | undefined {
  const lists: CompiledList[] = [];
  const { total } = new CostCompiler(fragments, options, lists).ofOperation(operation);
  return costliestOf(lists, total, { ...defaultsOf(operation), ...given });
}

/** Compiles the cost and the number of conditions of one operation, and its lists when they are to be compared. */
class CostCompiler {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #options: CostOptions;
  /** Number of conditions of each argument. */
  readonly #counts: Amount[] = [];
  readonly #lists: CompiledList[] | undefined;
  #isGrouped = false;

  constructor(
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    options: CostOptions,
    lists?: CompiledList[],
  ) {
    this.#fragments = fragments;
    this.#options = options;
    this.#lists = lists;
  }

  ofOperation({ operation, selectionSet }: OperationDefinitionNode) {
    const root = this.#options.schema.getRootType(operation);
    const total = plus([
      operation === 'mutation' ? mutationCost : 0,
      root ? this.#ofSet(selectionSet, root, atRoot) : 0,
    ]);
    return { total, conditions: plus(this.#counts) };
  }

  #ofSet({ selections }: SelectionSetNode, parent: GraphQLCompositeType, place: Place): Amount {
    return plus(
      selections.map((each) => {
        const included = includedOf(each);
        const here = this.#lists ? { ...place, times: times(place.times, included) } : place;
        return times(included, this.#ofSelection(each, parent, here));
      }),
    );
  }

  #ofSelection(selection: SelectionNode, parent: GraphQLCompositeType, place: Place): Amount {
    if (selection.kind === Kind.FIELD) return this.#ofField(selection, parent, place);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
    if (!fragment) return 0;
    const type = fragment.typeCondition && this.#options.schema.getType(fragment.typeCondition.name.value);
    return this.#ofSet(fragment.selectionSet, isCompositeType(type) ? type : parent, place);
  }

  #ofField(node: FieldNode, parent: GraphQLCompositeType, place: Place): Amount {
    const name = node.name.value;
    if (name === '__schema' || name === '__type') return introspectionCost;
    const field = isUnionType(parent) ? undefined : parent.getFields()[name];
    if (!field) return 0;
    const coordinate = `${parent.name}.${name}`;
    const type: GraphQLNamedType = getNamedType(field.type);
    const declared = this.#options.weights.listSizeOf(coordinate);
    const size = declared && this.#sizeOf(declared, field, node);
    const count = this.#countOf(field, declared, size, place.sized);
    const ofOne = this.#options.weights.weightOf(coordinate) ?? this.#weightOfType(type);
    const found = this.#place(place, node, field, { declared, size: size ?? count, count });
    const below: Place = {
      ...found,
      sized: size !== undefined && declared ? { fields: declared.sizedFields, size } : undefined,
    };
    const each = plus([
      ofOne,
      node.selectionSet && isCompositeType(type) ? this.#ofSet(node.selectionSet, type, below) : 0,
    ]);
    const ofArguments = this.#ofArguments(coordinate, field, node);
    found.list?.parts.push(times(found.times, ofOne), times(place.times, ofArguments));
    return plus([
      times(count, each),
      ofArguments,
      declared ? this.#refusalWithoutSize(declared, field, node, coordinate) : 0,
    ]);
  }

  /** Returns where the fields below a field stand, and begins its list, if lists are compared. */
  #place(
    place: Place,
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    found: Found,
  ): Omit<Place, 'sized'> {
    if (!this.#lists) return atRoot;
    const isPart = place.sized?.fields.includes(field.name) ?? false;
    const path = isPart || place.isEdge ? place.path : joined(place.path, node.alias?.value ?? field.name);
    const list = isPart ? place.list : (this.#listAt(path, node, field, found) ?? place.list);
    return { path, list, times: times(place.times, found.count), isEdge: isPart && field.name === 'edges' };
  }

  /** Starts a list when the field is one. */
  #listAt(
    path: string,
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    { declared, size }: Found,
  ): CompiledList | undefined {
    if (!declared && !isListType(getNullableType(field.type))) return undefined;
    const given = (node.arguments ?? []).map(({ name }) => name.value);
    const sizedBy = (declared?.slicingArguments ?? []).filter((name) => given.includes(name));
    const list = { path, size, sizedBy, parts: [] };
    this.#lists?.push(list);
    return list;
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

/** Returns the default values of variables; undefined when there are none. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Json | undefined {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return defaults.length === 0 ? undefined : Object.fromEntries(defaults);
}

/** Maximum of GraphQL's `Int`. */
const maxInt = 2_147_483_647;

const withoutSize = (place: string, names: readonly string[]) =>
  new Refusal('LIST_SIZE_REQUIRED', `${place} must be asked for with exactly one of: ${names.join(', ')}.`, {
    field: place,
    messageZh: `${place} 须恰好用以下参数之一给出条数:${names.join('、')}。`,
  });
