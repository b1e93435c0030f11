import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  Kind,
  type TypeInfo,
  type ValueNode,
} from 'graphql';
import type { Authorization } from '../request/authorization.ts';
import type { Denial } from '../request/denial.ts';

type TakenOut = { readonly byArguments?: Denial | undefined; readonly bySelection?: Denial };

/**
 * Returns why a field is removed: for its arguments, or because the caller may see it on no possible type. Undefined
 * if it stays. Nothing below a removed field is read.
 */
export function takenOut(
  field: FieldNode,
  types: TypeInfo,
  schema: GraphQLSchema,
  authorization: Authorization,
): TakenOut | undefined {
  const parent = types.getParentType();
  const bySelection = parent && authorization.denialOfSelection?.(parent, field);
  if (bySelection) return { bySelection };
  const byArguments = denialOfArguments(field, types, authorization);
  const isGone = byArguments || seenOf(field, types, schema, authorization)?.fetched.length === 0;
  return isGone ? { byArguments } : undefined;
}

export function seenOf(
  { name: { value: name } }: FieldNode,
  types: TypeInfo,
  schema: GraphQLSchema,
  authorization: Authorization,
): Seen | undefined {
  const parent = types.getParentType();
  if (!parent || name.startsWith('__')) return undefined;
  const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
  const fetched = possible.flatMap((type) => {
    const denial = authorization.denialOf(`${type.name}.${name}`);
    return isFetched(denial) ? [{ type: type.name, needs: denial?.exempt?.needs }] : [];
  });
  return { fetched, isWhole: fetched.length === possible.length };
}

/** The types on which a field is fetched, with the fields that its row rule needs. */
type Seen = {
  readonly fetched: readonly { readonly type: string; readonly needs: string | undefined }[];
  /** Whether these are all possible types. */
  readonly isWhole: boolean;
};

/** A masked field, or one that is visible in some rows, is fetched all the same. */
const isFetched = (denial: Denial | undefined) =>
  denial === undefined || denial.mask !== undefined || denial.exempt !== undefined;

function denialOfArguments(
  field: FieldNode,
  types: TypeInfo,
  { denialOfUse, usedByVariables }: Authorization,
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

/** Returns the coordinates of the input fields and enum values that an argument names. */
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
