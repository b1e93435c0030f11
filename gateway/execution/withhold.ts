import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
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
import type { Json } from './json.ts';
import { createNarrowing } from './narrowing.ts';
import type { Denial, Restriction } from './restriction.ts';
import { fieldsOf, inFragment } from './selections.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** What is left of an operation for one caller, and why each field that is gone for its arguments is gone. */
export type Withheld = {
  readonly definitions: readonly Definition[];
  readonly denials: ReadonlyMap<string, Denial>;
  /** Why each field that may not stand where it does is gone. */
  readonly deniedSelections: ReadonlyMap<FieldNode, Denial>;
  /** Variables of an operation with those that stand for the filters of narrowed lists. */
  withFilters(variables: Json): Json;
};

/**
 * Takes out of an operation what its caller may not see, so that it is never fetched. A field of an
 * interface or union stays for those types behind it whose field the caller may see. A field whose
 * arguments use what is denied (a condition, an order) goes as a whole: its rows would tell. Lists of rows of
 * which some are left out are filtered by that, and what tells such rows is fetched for every row.
 */
export function withhold(
  definitions: readonly Definition[],
  schema: GraphQLSchema,
  restriction: Restriction,
): Withheld {
  const denials = new Map<string, Denial>();
  const deniedSelections = new Map<FieldNode, Denial>();
  const types = new TypeInfo(schema);
  const narrowing = createNarrowing(restriction);

  const visitor = visitWithTypeInfo(types, {
    Field: {
      enter(field): null | undefined {
        const reason = takenOut(field, types, schema, restriction);
        if (reason?.byArguments) denials.set(keyOf(field), reason.byArguments);
        if (reason?.bySelection) deniedSelections.set(field, reason.bySelection);
        return reason && null;
      },
      // On the way out, because what is put in is visited again on the way in.
      leave(asked): FieldNode | InlineFragmentNode {
        const seen = seenOf(asked, types, schema, restriction);
        const field = narrowing.narrow(asked, types.getFieldDef());
        if (!seen || (seen.isWhole && seen.fetched.every(({ needs }) => needs === undefined))) return field;
        return inFragment(
          seen.fetched.map(({ type, needs }) => inFragment([field, ...fieldsOf(needs)], type)),
        );
      },
    },
    SelectionSet: {
      leave: (node) =>
        neverEmpty({ ...node, selections: [...node.selections, ...tellingRows(types, schema, restriction)] }),
    },
  });
  const shown = definitions.map((definition) => visit(definition, visitor));
  const { declareIn, withFilters } = narrowing;
  return { definitions: shown.map(declareIn), denials, deniedSelections, withFilters };
}

/** Why a field goes; neither where no type behind it has it for the caller. */
type TakenOut = { readonly byArguments?: Denial | undefined; readonly bySelection?: Denial };

/**
 * Why a field goes, where it does: for its arguments, or because no type behind it has it for this caller. Nothing
 * below it is read then.
 */
export function takenOut(
  field: FieldNode,
  types: TypeInfo,
  schema: GraphQLSchema,
  restriction: Restriction,
): TakenOut | undefined {
  const parent = types.getParentType();
  const bySelection = parent && restriction.denialOfSelection?.(parent, field);
  if (bySelection) return { bySelection };
  const byArguments = denialOfArguments(field, types, restriction);
  const isGone = byArguments || seenOf(field, types, schema, restriction)?.fetched.length === 0;
  return isGone ? { byArguments } : undefined;
}

function seenOf(
  { name: { value: name } }: FieldNode,
  types: TypeInfo,
  schema: GraphQLSchema,
  restriction: Restriction,
): Seen | undefined {
  const parent = types.getParentType();
  if (!parent || name.startsWith('__')) return undefined;
  const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
  const fetched = possible.flatMap((type) => {
    const denial = restriction.denialOf(`${type.name}.${name}`);
    return isFetched(denial) ? [{ type: type.name, needs: denial?.exempt?.needs }] : [];
  });
  return { fetched, isWhole: fetched.length === possible.length };
}

/** What tells which rows of a type are left out. */
function tellingRows(types: TypeInfo, schema: GraphQLSchema, restriction: Restriction): SelectionNode[] {
  const type = types.getParentType();
  if (!type) return [];
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const telling = possible.flatMap(({ name }) => {
    const denial = restriction.rowDenialOf(name);
    return denial ? [inFragment(fieldsOf(denial.exempt.needs), name)] : [];
  });
  return isAbstractType(type) && telling.length > 0 ? [...fieldsOf('__typename'), ...telling] : telling;
}

/** For which types a field is fetched, and what tells their rows apart. */
type Seen = {
  readonly fetched: readonly { readonly type: string; readonly needs: string | undefined }[];
  /** Whether those are all types that it could be of. */
  readonly isWhole: boolean;
};

/** A field that is masked, or shown of some rows, is fetched all the same. */
const isFetched = (denial: Denial | undefined) =>
  denial === undefined || denial.mask !== undefined || denial.exempt !== undefined;

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
