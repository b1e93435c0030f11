import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { isObject, type Json } from '../lib/json.ts';
import type { Denial, Restrict, Restriction } from '../request/authorization.ts';
import type { Touch } from '../request/field-access.ts';
import type { GraphShape } from '../supergraph/graph-shape.ts';
import type { Ground } from './decide.ts';
import { createNaming } from './enterprise-naming.ts';
import type { Rights, RightsOf } from './rights.ts';
import { takenOut } from './taken-out.ts';

/** What an operation touches. */
type Touched = {
  /** Coordinates that carry a sharing class. */
  readonly coordinates: ReadonlySet<string>;
  /** Types of which rows may come, or be counted. */
  readonly types: ReadonlySet<string>;
  /** Names of the variables that it uses. */
  readonly used: ReadonlySet<string>;
};

/** What it touches whoever asks: found once for each. */
type Touches = Touched & {
  /** Variables whose values may name such coordinates. */
  readonly variables: readonly { readonly name: string; readonly type: GraphQLInputType }[];
  /** By the key of rights: what it comes to where no variable names anything, the same for each request. */
  readonly restrictions: Map<string, ByText>;
  /** What it touches without what this restriction takes out of it. */
  without(restriction: Restriction): Touched;
};

/** A restriction, and the variables that are used by what stays. */
type ByText = { readonly restriction: Restriction; readonly used: ReadonlySet<string> };

const rightsKept = 100;

/** Finds out for each request what its caller may not see. A request without a caller is the hub's own. */
export function createRestrict(schema: GraphQLSchema, ground: Ground, rightsOf: RightsOf): Restrict {
  const known = new WeakMap<OperationDefinitionNode, Touches>();
  const namingOf = createNaming(ground);

  return (document, operation, variables, context) => {
    const { caller, occasion, isStrict } = context;
    if (!caller) return undefined;
    let touches = known.get(operation);
    if (!touches) {
      touches = touchesOf(document, operation, schema, ground);
      known.set(operation, touches);
    }
    const rights = rightsOf(caller, occasion);
    const byText = restrictionOf(touches, rights, ground, namingOf);
    const restriction =
      touches.variables.length === 0
        ? byText.restriction
        : withVariables(byText, touches, variables, rights, ground, namingOf);
    return isStrict ? { ...restriction, isStrict: true } : restriction;
  };
}

/** What the values of variables name counts as what the text names. */
function withVariables(
  byText: ByText,
  touches: Touches,
  variables: Json,
  rights: Rights,
  ground: Ground,
  namingOf: NamingOf,
): Restriction {
  const usedByVariables = new Map(
    touches.variables.map(({ name, type }) => [name, usesOf(variables[name], type)] as const),
  );
  const named = [...usedByVariables.values()].flat();
  const byValues = [...new Set(named)].flatMap((coordinate) => rights.denialOfUse(coordinate) ?? []);
  const { restriction, used } =
    byValues.length === 0
      ? byText
      : deniedByValues(byText, touches, byValues, usedByVariables, rights, ground);
  const more = namedBesides(
    restriction.seen,
    [...used].flatMap((name) => usedByVariables.get(name) ?? []),
  );
  if (more.length === 0) return { ...restriction, usedByVariables };
  const seen = [...restriction.seen, ...lookAt(more, rights, ground).seen];
  return { ...restriction, usedByVariables, seen, naming: namingOf(seen) };
}

const namedBesides = (seen: readonly Touch[], named: readonly string[]): readonly string[] => {
  if (named.length === 0) return named;
  const known = new Set(seen.map(({ coordinate }) => coordinate));
  return [...new Set(named)].filter((coordinate) => !known.has(coordinate));
};

/** What it comes to where the values of variables name what is denied: the fields that they are given to go. */
function deniedByValues(
  { restriction }: ByText,
  touches: Touches,
  byValues: readonly Denial[],
  usedByVariables: ReadonlyMap<string, readonly string[]>,
  rights: Rights,
  ground: Ground,
): ByText {
  const key = keyOf(rights, usedByVariables);
  const denied = { ...restriction, key, denied: [...restriction.denied, ...byValues], usedByVariables };
  const { coordinates, used } = touches.without(denied);
  return { restriction: { ...denied, seen: lookAt(coordinates, rights, ground).seen }, used };
}

type NamingOf = ReturnType<typeof createNaming>;

/** Callers may differ in rights that this operation does not touch; then their plans are the same. */
const keyOf = (rights: Rights, usedByVariables: ReadonlyMap<string, readonly string[]>) =>
  JSON.stringify([rights.key, ...[...usedByVariables].map(([name, uses]) => [name, ...uses.toSorted()])]);

function restrictionOf(touches: Touches, rights: Rights, ground: Ground, namingOf: NamingOf): ByText {
  const { coordinates, types, restrictions } = touches;
  const known = restrictions.get(rights.key);
  if (known) return known;
  const leavesRowsOut = [...types].some((type) => rights.rowDenialOf(type) !== undefined);
  const { seen, denied } = lookAt(coordinates, rights, ground);
  const exemptOf = (inputName: string) => {
    const rowType = ground.shape.rowTypeOfInput(inputName);
    return rowType === undefined ? undefined : rights.rowDenialOf(rowType)?.exempt;
  };
  const whole: Restriction = {
    rights: rights.key,
    key: denied.length === 0 && !leavesRowsOut ? '' : rights.key,
    denied,
    denialOf: rights.denialOf,
    rowDenialOf: rights.rowDenialOf,
    narrowingOf: (inputName) => exemptOf(inputName)?.narrowing,
    isNarrowedByRelated(inputName) {
      const { filter, narrowing } = exemptOf(inputName) ?? {};
      return filter !== narrowing;
    },
    denialOfUse: rights.denialOfUse,
    usedByVariables: new Map(),
    seen,
    naming: undefined,
    isStrict: false,
  };
  const left = denied.length === 0 ? touches : touches.without(whole);
  const read = denied.length === 0 ? seen : lookAt(left.coordinates, rights, ground).seen;
  const byText = { restriction: { ...whole, seen: read, naming: namingOf(read) }, used: left.used };
  if (restrictions.size >= rightsKept) restrictions.clear();
  restrictions.set(rights.key, byText);
  return byText;
}

/** What of this a caller sees, and what it is denied. */
function lookAt(
  coordinates: Iterable<string>,
  rights: Rights,
  { sharing: { of }, shape }: Ground,
): Pick<Restriction, 'seen' | 'denied'> {
  const seen: Touch[] = [];
  const denied: Denial[] = [];
  for (const coordinate of coordinates) {
    const isUse = shape.rowTypeOfInput(typeOf(coordinate)) !== undefined;
    const denial = isUse ? rights.denialOfUse(coordinate) : rights.denialOf(coordinate);
    if (denial) denied.push(denial);
    const sharing = of(coordinate);
    // A part of what is denied may be seen: of some rows, or masked.
    if (!sharing || (denial && !denial.exempt && !denial.mask)) continue;
    seen.push({
      coordinate,
      class: rights.classOf(coordinate) ?? sharing.class,
      owner: sharing.owner,
      agreement: rights.agreementFor(coordinate),
    });
  }
  return { seen, denied };
}

function touchesOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  ground: Ground,
): Touches {
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
  const touched = (isTakenOut: IsTakenOut) => touchedBy(operation, fragments, schema, ground, isTakenOut);
  const variables = (operation.variableDefinitions ?? []).flatMap(({ variable, type: node }) => {
    const type = typeFromAST(schema, node as never);
    const named = getNamedType(type);
    const mayName = isInputObjectType(named) || isEnumType(named);
    return mayName && isInputType(type) ? [{ name: variable.name.value, type }] : [];
  });
  return {
    ...touched(() => false),
    variables,
    restrictions: new Map(),
    without: (restriction) =>
      touched((field, types) => takenOut(field, types, schema, restriction) !== undefined),
  };
}

type IsTakenOut = (field: FieldNode, types: TypeInfo) => boolean;

/** What an operation touches, with the fragments that it comes to, but for what is taken out and all below that. */
function touchedBy(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  schema: GraphQLSchema,
  { sharing: { of }, shape }: Ground,
  isTakenOut: IsTakenOut,
): Touched {
  const coordinates = new Set<string>();
  const rowTypes = new Set<string>();
  const used = new Set<string>();
  const definitions = new Set<OperationDefinitionNode | FragmentDefinitionNode>([operation]);
  const types = new TypeInfo(schema);
  const touch = (coordinate: string) => {
    if (of(coordinate)) coordinates.add(coordinate);
  };
  const visitor = visitWithTypeInfo(types, {
    Field(field) {
      const parent = types.getParentType();
      if (!parent) return undefined;
      if (isTakenOut(field, types)) return false;
      const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
      for (const type of possible) touch(`${type.name}.${field.name.value}`);
      for (const type of rowTypesOf(types, schema, shape)) rowTypes.add(type);
      return undefined;
    },
    ObjectField({ name, value }) {
      const parent = getNamedType(types.getParentInputType());
      if (parent && value.kind !== Kind.NULL) touch(`${parent.name}.${name.value}`);
    },
    EnumValue({ value }) {
      const type = getNamedType(types.getInputType());
      if (type) touch(`${type.name}.${value}`);
    },
    VariableDefinition: () => false,
    Variable({ name }) {
      used.add(name.value);
    },
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (fragment) definitions.add(fragment);
    },
  });
  // What is added meanwhile is visited too.
  for (const definition of definitions) visit(definition, visitor);
  return { coordinates, types: rowTypes, used };
}

/** The types of which a field may bring, count or pick rows. */
function rowTypesOf(types: TypeInfo, schema: GraphQLSchema, shape: GraphShape): string[] {
  const filter = types.getFieldDef()?.args.find(({ name }) => name === 'filter');
  const filtered = filter && shape.rowTypeOfInput(getNamedType(filter.type).name);
  const type = getNamedType(types.getType());
  if (!type) return [];
  const brought = isAbstractType(type)
    ? schema.getPossibleTypes(type).map(({ name }) => name)
    : [type.name, shape.rowTypeBehind(type.name)];
  return filtered ? [...brought, filtered] : brought;
}

const typeOf = (coordinate: string) => coordinate.slice(0, coordinate.indexOf('.'));

/** The coordinates of input fields and enum values that a value names. */
function usesOf(value: unknown, inputType: GraphQLInputType): readonly string[] {
  if (value === null || value === undefined) return [];
  const type = getNamedType(inputType);
  if (Array.isArray(value)) return value.flatMap((each) => usesOf(each, type));
  if (isEnumType(type)) return [`${type.name}.${value}`];
  if (!isInputObjectType(type) || !isObject(value)) return [];
  return Object.entries(value as Json).flatMap(([name, part]) => {
    const field = type.getFields()[name];
    return field && part !== null && part !== undefined
      ? [`${type.name}.${name}`, ...usesOf(part, field.type)]
      : [];
  });
}
