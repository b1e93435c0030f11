import { textScalars } from '@wenshu/schema/scalars.ts';
import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  parseType,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { ArgumentFailure } from '../request/argument-failure.ts';
import { type Fragments, fragmentsOf } from '../request/fragments.ts';
import type { RelationsOfGraph } from '../supergraph/relations.ts';
import { type AskedOfList, askedOfList, onlyRows } from './asked-page.ts';
import { responseKeyOf } from './collect-fields.ts';
import { neverEmpty } from './empty-selection.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** An argument that can hold conditions or orders on related data. In calls to subgraphs a variable stands for it. */
export type LiftedArgument = {
  readonly variable: string;
  /** The value as the caller wrote it. */
  readonly value: ValueNode;
  readonly type: GraphQLInputType;
  /** The filter argument beside an order argument. */
  readonly besides: LiftedFilter | undefined;
  /** The parts that the operation asks of the root list with this filter. */
  readonly asked: AskedOfList | undefined;
};

type LiftedFilter = Pick<LiftedArgument, 'value' | 'type'>;

export type Lifted = {
  readonly definitions: readonly Definition[];
  readonly arguments: readonly LiftedArgument[];
  /**
   * The failures for which fields were removed: by the key of the field, or for totals of root lists by path, such as
   * `/parks/totalCount`.
   */
  readonly failures: ReadonlyMap<string, ArgumentFailure>;
};

/**
 * Puts a variable in place of each argument that can hold a condition or an order on related data, so that one plan
 * serves all values it resolves to. A field whose argument failed is removed, or reduced to its rows.
 * Other arguments keep all digits of their numbers. Pages of a list that is filtered by related data are not searched
 * row by row, because that would take time in proportion to the hidden rows.
 */
export function liftArguments(
  definitions: readonly Definition[],
  schema: GraphQLSchema,
  relations: RelationsOfGraph,
  failed: ReadonlyMap<string, ArgumentFailure>,
  isFilteredByRelated: (inputName: string) => boolean,
): Lifted {
  return new ArgumentLifter(definitions, schema, relations, failed, isFilteredByRelated).lift();
}

class ArgumentLifter {
  readonly #definitions: readonly Definition[];
  readonly #schema: GraphQLSchema;
  readonly #relations: RelationsOfGraph;
  readonly #failed: ReadonlyMap<string, ArgumentFailure>;
  readonly #isFilteredByRelated: (inputName: string) => boolean;
  readonly #types: TypeInfo;
  readonly #fragments: Fragments;
  /** The names of the caller's own variables. */
  readonly #taken: ReadonlySet<string>;
  readonly #lifted = new Map<string, LiftedArgument>();
  readonly #failures = new Map<string, ArgumentFailure>();
  /** The filters of the fields around the visited one. */
  readonly #filters: (LiftedFilter | undefined)[] = [];

  constructor(
    definitions: readonly Definition[],
    schema: GraphQLSchema,
    relations: RelationsOfGraph,
    failed: ReadonlyMap<string, ArgumentFailure>,
    isFilteredByRelated: (inputName: string) => boolean,
  ) {
    this.#definitions = definitions;
    this.#schema = schema;
    this.#relations = relations;
    this.#failed = failed;
    this.#isFilteredByRelated = isFilteredByRelated;
    this.#types = new TypeInfo(schema);
    this.#fragments = fragmentsOf(definitions);
    this.#taken = new Set(
      definitions
        .flatMap((each) => each.variableDefinitions ?? [])
        .map(({ variable }) => variable.name.value),
    );
  }

  lift(): Lifted {
    const visitor = visitWithTypeInfo(this.#types, {
      Field: { enter: (field) => this.#enter(field), leave: () => void this.#filters.pop() },
      SelectionSet: { leave: neverEmpty },
    });
    const visited = this.#definitions.map((definition) => visit(definition, visitor));
    const added = [...this.#lifted.values()].map(definitionOf);
    return {
      definitions: visited.map((each) =>
        each.kind === Kind.OPERATION_DEFINITION && added.length > 0
          ? { ...each, variableDefinitions: [...(each.variableDefinitions ?? []), ...added] }
          : each,
      ),
      arguments: [...this.#lifted.values()],
      failures: this.#failures,
    };
  }

  #enter(field: FieldNode): FieldNode | null | undefined {
    const given = this.#argumentsOf(field);
    const filter = given.find(({ type }) => this.#relations.listOfFilter(getNamedType(type).name));
    const own = filter && { value: filter.argument.value, type: filter.type };
    // The groups of a list are made of the rows that its filter selects.
    const besides = own ?? this.#filters.at(-1);
    const variables = new Map<ArgumentNode, string>();
    let left = field;
    for (const { argument, type } of given) {
      if (!mayLead(argument.value, type, this.#relations)) continue;
      const variable = this.#variableFor(field, argument);
      const resolvable = this.#resolvablePart(left, this.#failed.get(variable));
      if (!resolvable) return null;
      left = resolvable;
      variables.set(argument, variable);
      this.#note({ variable, value: argument.value, type, besides, asked: this.#askedOf(field, type) });
    }
    this.#filters.push(own);
    return given.length === 0 ? undefined : withVariables(left, given, variables);
  }

  /** Returns the arguments of a field with their types. */
  #argumentsOf(field: FieldNode): readonly Given[] {
    const defined = this.#types.getFieldDef()?.args ?? [];
    return (field.arguments ?? []).flatMap((argument) => {
      const type = defined.find(({ name }) => name === argument.name.value)?.type;
      return type ? [{ argument: { ...argument, value: asText(argument.value, type) }, type }] : [];
    });
  }

  #variableFor(field: FieldNode, { name }: ArgumentNode): string {
    let variable = `${responseKeyOf(field)}_${name.value}`;
    while (this.#taken.has(variable)) variable += '_';
    return variable;
  }

  /** Returns the part of a field that does not need a failed argument; undefined if nothing is left. */
  #resolvablePart(field: FieldNode, failure: ArgumentFailure | undefined): FieldNode | undefined {
    if (!failure) return field;
    const key = responseKeyOf(field);
    if (failure.part === 'list') {
      this.#failures.set(key, failure);
      return undefined;
    }
    const rows = onlyRows(field, this.#types.getFieldDef(), this.#schema, this.#fragments);
    for (const gone of rows.gone) this.#failures.set(`/${key}/${gone}`, failure);
    return rows.field;
  }

  #note(lifted: LiftedArgument): void {
    const known = this.#lifted.get(lifted.variable);
    const asked = known ? both(known.asked, lifted.asked) : lifted.asked;
    this.#lifted.set(lifted.variable, { ...lifted, asked });
  }

  /** Returns the parts asked of a root list; undefined if the filter is not that of a root list. */
  #askedOf(field: FieldNode, filterType: GraphQLInputType): AskedOfList | undefined {
    const { name } = getNamedType(filterType);
    const isOfRootList =
      this.#types.getParentType() === this.#schema.getQueryType() &&
      !this.#isFilteredByRelated(name) &&
      this.#relations.listOfFilter(name)?.name === field.name.value;
    return isOfRootList
      ? askedOfList(field, this.#types.getFieldDef(), this.#schema, this.#fragments)
      : undefined;
  }
}

/** An argument of a field, and its type. */
type Given = { readonly argument: ArgumentNode; readonly type: GraphQLInputType };

const withVariables = (
  field: FieldNode,
  given: readonly Given[],
  variables: ReadonlyMap<ArgumentNode, string>,
): FieldNode => ({
  ...field,
  arguments: given.map(({ argument }) => {
    const variable = variables.get(argument);
    return variable ? { ...argument, value: variableNode(variable) } : argument;
  }),
});

/** Joins what a field asks for in several places. */
const both = (one: AskedOfList | undefined, other: AskedOfList | undefined): AskedOfList | undefined =>
  one && other && { rows: one.rows ?? other.rows, hasTotals: one.hasTotals || other.hasTotals };

const variableNode = (name: string) =>
  ({ kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } }) as const;

const definitionOf = ({ variable, type }: LiftedArgument): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: variableNode(variable),
  type: parseType(String(type)),
});

/** Returns whether a value names related data, or holds a variable that may. */
function mayLead(node: ValueNode, inputType: GraphQLInputType, relations: RelationsOfGraph): boolean {
  const type = getNamedType(inputType);
  if (node.kind === Kind.VARIABLE) return relations.isReachable(type);
  if (node.kind === Kind.LIST) return node.values.some((each) => mayLead(each, type, relations));
  if (node.kind !== Kind.OBJECT || !isInputObjectType(type)) return false;
  return node.fields.some(({ name, value }) => {
    const field = type.getFields()[name.value];
    return (
      isOfRelation(type.name, name.value, relations) ||
      namesOthers(type.name, name.value, value, relations) ||
      (field && mayLead(value, field.type, relations))
    );
  });
}

/** Returns whether a condition or a group may use ids of other rows, some of which may be hidden from the caller. */
const namesOthers = (input: string, field: string, value: ValueNode, relations: RelationsOfGraph) =>
  (value.kind === Kind.VARIABLE && relations.listOfGroupBy(input) !== undefined) ||
  relations.namedBy(input, value.kind === Kind.ENUM ? value.value : field).length > 0;

/** Returns whether the gateway resolves a field of an input before a subgraph gets it. */
export const isOfRelation = (input: string, field: string, relations: RelationsOfGraph): boolean =>
  relations.of(input, field) !== undefined ||
  relations.broughtTo(input, field) !== undefined ||
  (field === 'exists' && relations.listOfFilter(input) !== undefined);

/** Turns numbers for a scalar that travels as text into text: as numbers they would lose digits on the way. */
function asText(node: ValueNode, inputType: GraphQLInputType): ValueNode {
  const type = getNamedType(inputType);
  if (node.kind === Kind.LIST) return { ...node, values: node.values.map((each) => asText(each, type)) };
  if (node.kind === Kind.OBJECT && isInputObjectType(type)) {
    const fields = node.fields.map((each) => {
      const field = type.getFields()[each.name.value];
      return field ? { ...each, value: asText(each.value, field.type) } : each;
    });
    return { ...node, fields };
  }
  const isNumber = node.kind === Kind.INT || node.kind === Kind.FLOAT;
  return isNumber && type.name in textScalars ? { kind: Kind.STRING, value: node.value } : node;
}
