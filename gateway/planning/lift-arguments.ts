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
  const lifted = new Map<string, LiftedArgument>();
  const failures = new Map<string, ArgumentFailure>();
  const types = new TypeInfo(schema);
  const taken = new Set(
    definitions.flatMap((each) => each.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
  );
  /** The filters of the fields around the visited one. */
  const filters: (LiftedFilter | undefined)[] = [];
  const variableFor = (field: FieldNode, { name }: ArgumentNode) => {
    let variable = `${responseKeyOf(field)}_${name.value}`;
    while (taken.has(variable)) variable += '_';
    return variable;
  };

  const fragments = new Map(
    definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  /** Returns the parts asked of a root list; undefined if the filter is not that of a root list. */
  const askedOf = (field: FieldNode, filterType: GraphQLInputType): AskedOfList | undefined =>
    types.getParentType() === schema.getQueryType() &&
    !isFilteredByRelated(getNamedType(filterType).name) &&
    relations.listOfFilter(getNamedType(filterType).name)?.name === field.name.value
      ? askedOfList(field, types.getFieldDef(), schema, fragments)
      : undefined;

  const enter = (field: FieldNode): FieldNode | null | undefined => {
    const typeOf = ({ name }: ArgumentNode) =>
      types.getFieldDef()?.args.find((each) => each.name === name.value)?.type;
    const given = (field.arguments ?? []).flatMap((argument) => {
      const type = typeOf(argument);
      return type ? [{ argument: { ...argument, value: asText(argument.value, type) }, type }] : [];
    });
    const filter = given.find(({ type }) => relations.listOfFilter(getNamedType(type).name));
    const own = filter && { value: filter.argument.value, type: filter.type };
    // The groups of a list are made of the rows that its filter selects.
    const besides = own ?? filters.at(-1);
    const leading = given.filter(({ argument, type }) => mayLead(argument.value, type, relations));
    const variables = new Map<ArgumentNode, string>();
    let left = field;
    for (const { argument, type } of leading) {
      const variable = variableFor(field, argument);
      const failure = failed.get(variable);
      if (failure?.part === 'list') {
        failures.set(responseKeyOf(field), failure);
        return null;
      }
      if (failure) {
        const rows = onlyRows(field, types.getFieldDef(), schema, fragments);
        for (const gone of rows.gone) failures.set(`/${responseKeyOf(field)}/${gone}`, failure);
        left = rows.field;
      }
      variables.set(argument, variable);
      const known = lifted.get(variable);
      const asked = known ? both(known.asked, askedOf(field, type)) : askedOf(field, type);
      lifted.set(variable, { variable, value: argument.value, type, besides, asked });
    }
    filters.push(own);
    if (given.length === 0) return undefined;
    return {
      ...left,
      arguments: given.map(({ argument }) => {
        const variable = variables.get(argument);
        return variable ? { ...argument, value: variableNode(variable) } : argument;
      }),
    };
  };

  const leave = () => void filters.pop();
  const visitor = visitWithTypeInfo(types, { Field: { enter, leave }, SelectionSet: { leave: neverEmpty } });
  const visited = definitions.map((definition) => visit(definition, visitor));
  const added = [...lifted.values()].map(definitionOf);
  return {
    definitions: visited.map((each) =>
      each.kind === Kind.OPERATION_DEFINITION && added.length > 0
        ? { ...each, variableDefinitions: [...(each.variableDefinitions ?? []), ...added] }
        : each,
    ),
    arguments: [...lifted.values()],
    failures,
  };
}

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

/** Returns whether a field of an input is resolved by the gateway and unknown to subgraphs. */
export const isOfRelation = (input: string, field: string, relations: RelationsOfGraph): boolean =>
  relations.of(input, field) !== undefined ||
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
