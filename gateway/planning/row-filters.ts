import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  parseValue,
  type ValueNode,
  type VariableNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Json } from '../lib/json.ts';
import type { Authorization } from '../request/authorization.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** A variable that holds the caller's filter, given by another variable, with the row filter. */
type FilterVariable = {
  readonly name: string;
  readonly given: string;
  readonly input: string;
  readonly filter: unknown;
};

export type RowFilters = {
  /** Returns a list with the row filter in its filter argument; any other field unchanged. */
  addRowFilter(field: FieldNode, definition: GraphQLField<unknown, unknown> | null | undefined): FieldNode;
  /** Returns an operation that declares the added variables. */
  declareIn(definition: Definition): Definition;
  /** Returns the variables of a request with the values of the added ones. */
  withFilters(variables: Json): Json;
};

/** Adds row filters to lists, so that rows, counts and pages contain only what the caller may see. */
export function createRowFilters({ listFilterOf }: Pick<Authorization, 'listFilterOf'>): RowFilters {
  const filterVariables = new Map<string, FilterVariable>();

  const filterVariableFor = (
    { name: { value: given } }: VariableNode,
    input: string,
    filter: ValueNode,
  ): VariableNode => {
    const key = `${given} ${input}`;
    const filterVariable = filterVariables.get(key) ?? {
      name: `_filter_${filterVariables.size}`,
      given,
      input,
      filter: valueFromASTUntyped(filter),
    };
    filterVariables.set(key, filterVariable);
    return variable(filterVariable.name);
  };

  return {
    addRowFilter(field, definition) {
      const type = getNamedType(definition?.args.find(({ name }) => name === 'filter')?.type);
      const text = type && listFilterOf(type.name);
      if (!type || text === undefined) return field;
      const filter = parseValue(text, { noLocation: true });
      const given = field.arguments?.find(({ name }) => name.value === 'filter')?.value;
      const others = (field.arguments ?? []).filter(({ name }) => name.value !== 'filter');
      const filtered =
        given === undefined || given.kind === Kind.NULL
          ? filter
          : given.kind === Kind.VARIABLE
            ? filterVariableFor(given, type.name, filter)
            : allOf([given, filter]);
      return { ...field, arguments: [...others, argument('filter', filtered)] };
    },
    declareIn(definition) {
      if (definition.kind !== Kind.OPERATION_DEFINITION || filterVariables.size === 0) return definition;
      const declared = [...filterVariables.values()].map(({ name, input }) => ({
        kind: Kind.VARIABLE_DEFINITION as const,
        variable: variable(name),
        type: { kind: Kind.NAMED_TYPE as const, name: { kind: Kind.NAME as const, value: input } },
      }));
      return { ...definition, variableDefinitions: [...(definition.variableDefinitions ?? []), ...declared] };
    },
    withFilters(variables) {
      if (filterVariables.size === 0) return variables;
      const values = [...filterVariables.values()].map(({ name, given, filter }) => {
        const own = variables[given];
        return [name, own == null ? filter : { and: [own, filter] }];
      });
      return { ...variables, ...Object.fromEntries(values) };
    },
  };
}

const variable = (name: string): VariableNode => ({
  kind: Kind.VARIABLE,
  name: { kind: Kind.NAME, value: name },
});

const argument = (name: string, value: ValueNode): ArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: { kind: Kind.NAME, value: name },
  value,
});

const allOf = (values: readonly ValueNode[]): ValueNode => ({
  kind: Kind.OBJECT,
  fields: [
    { kind: Kind.OBJECT_FIELD, name: { kind: Kind.NAME, value: 'and' }, value: { kind: Kind.LIST, values } },
  ],
});
