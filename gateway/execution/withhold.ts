import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { keyOf } from './collect-fields.ts';
import { neverEmpty } from './empty-selection.ts';
import type { Denial, Restriction } from './restriction.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** What is left of an operation for one caller, and why each field that is gone for its arguments is gone. */
export type Withheld = {
  readonly definitions: readonly Definition[];
  readonly denials: ReadonlyMap<string, Denial>;
};

/**
 * Takes out of an operation what its caller may not see, so that it is never fetched. A field of an
 * interface or union stays for those types behind it whose field the caller may see. A field whose
 * arguments use what is denied (a condition, an order) goes as a whole: its rows would tell.
 */
export function withhold(
  definitions: readonly Definition[],
  schema: GraphQLSchema,
  restriction: Restriction,
): Withheld {
  const denials = new Map<string, Denial>();
  const types = new TypeInfo(schema);

  const visitor = visitWithTypeInfo(types, {
    Field(field): FieldNode | SelectionNode | null | undefined {
      const parent = types.getParentType();
      const { value: name } = field.name;
      if (!parent || name.startsWith('__')) return undefined;
      const denial = denialOfArguments(field, types, restriction);
      if (denial) {
        denials.set(keyOf(field), denial);
        return null;
      }
      const possible = objectTypesOf(parent, schema);
      const allowed = possible.filter((type) => !isGone(restriction.denialOf(`${type}.${name}`)));
      if (allowed.length === possible.length) return undefined;
      const [only, ...more] = allowed.map((type) => onType(type, field));
      if (!only) return null;
      return more.length === 0 ? only : { kind: Kind.INLINE_FRAGMENT, ...selecting([only, ...more]) };
    },
    SelectionSet: { leave: neverEmpty },
  });
  return { definitions: definitions.map((definition) => visit(definition, visitor)), denials };
}

/** A masked field is fetched all the same. */
const isGone = (denial: Denial | undefined) => denial !== undefined && denial.mask === undefined;

const objectTypesOf = (type: GraphQLCompositeType, schema: GraphQLSchema): readonly string[] =>
  isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];

const onType = (type: string, field: FieldNode) => ({
  kind: Kind.INLINE_FRAGMENT as const,
  typeCondition: { kind: Kind.NAMED_TYPE as const, name: { kind: Kind.NAME as const, value: type } },
  ...selecting([field]),
});

const selecting = (selections: readonly SelectionNode[]) => ({
  selectionSet: { kind: Kind.SELECTION_SET as const, selections },
});

function denialOfArguments(
  field: FieldNode,
  types: TypeInfo,
  { denialOfUse, usedByVariables }: Restriction,
): Denial | undefined {
  const defined = types.getFieldDef()?.args ?? [];
  const usedBy = ({ name, value }: ArgumentNode): string[] => {
    const type = defined.find((each) => each.name === name.value)?.type;
    return type ? usesOfNode(value, type, usedByVariables) : [];
  };
  for (const coordinate of (field.arguments ?? []).flatMap(usedBy)) {
    const denial = denialOfUse(coordinate);
    if (denial) return denial;
  }
  return undefined;
}

/** The coordinates of input fields and enum values that an argument names. */
function usesOfNode(
  node: ValueNode,
  inputType: GraphQLInputType,
  usedByVariables: ReadonlyMap<string, readonly string[]>,
): string[] {
  const type = getNamedType(inputType);
  if (node.kind === Kind.VARIABLE) return [...(usedByVariables.get(node.name.value) ?? [])];
  if (node.kind === Kind.LIST) return node.values.flatMap((each) => usesOfNode(each, type, usedByVariables));
  if (node.kind === Kind.ENUM && isEnumType(type)) return [`${type.name}.${node.value}`];
  if (node.kind !== Kind.OBJECT || !isInputObjectType(type)) return [];
  return node.fields.flatMap(({ name, value }) => {
    const field = type.getFields()[name.value];
    if (!field || value.kind === Kind.NULL) return [];
    return [`${type.name}.${name.value}`, ...usesOfNode(value, field.type, usedByVariables)];
  });
}
