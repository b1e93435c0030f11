import {
  type DocumentNode,
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
import type { Touch } from '../audit/record.ts';
import { isObject, type Json } from '../execution/json.ts';
import type { Denial, Restrict, Restriction } from '../execution/restriction.ts';
import type { Ground } from './decide.ts';
import { createNaming } from './enterprise-naming.ts';
import type { GraphShape } from './graph-shape.ts';
import type { Rights, RightsOf } from './rights.ts';

/** What an operation touches, whoever asks: found once for each. */
type Touches = {
  /** Coordinates that carry a sharing class. */
  readonly coordinates: ReadonlySet<string>;
  /** Types of which rows may come, or be counted. */
  readonly types: readonly string[];
  /** Variables whose values may name such coordinates. */
  readonly variables: readonly { readonly name: string; readonly type: GraphQLInputType }[];
  /** By the key of rights: what it comes to where no variable names anything, the same for each request. */
  readonly restrictions: Map<string, Restriction>;
};

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
        ? byText
        : withVariables(byText, touches, variables, rights, ground, namingOf);
    return isStrict ? { ...restriction, isStrict: true } : restriction;
  };
}

/** What the values of variables name counts as what the text names. */
function withVariables(
  byText: Restriction,
  { coordinates, variables: declared }: Touches,
  variables: Json,
  rights: Rights,
  ground: Ground,
  namingOf: NamingOf,
): Restriction {
  const usedByVariables = new Map(
    declared.map(({ name, type }) => [name, usesOf(variables[name], type)] as const),
  );
  const used = new Set([...usedByVariables.values()].flat());
  const more = [...used].filter((coordinate) => !coordinates.has(coordinate));
  const byValues = [...used].flatMap((coordinate) => rights.denialOfUse(coordinate) ?? []);
  const seen = more.length === 0 ? byText.seen : [...byText.seen, ...lookAt(more, rights, ground).seen];
  return {
    ...byText,
    key: byValues.length === 0 ? byText.key : keyOf(rights, usedByVariables),
    denied: byValues.length === 0 ? byText.denied : [...byText.denied, ...byValues],
    usedByVariables,
    seen,
    naming: more.length === 0 ? byText.naming : namingOf(seen),
  };
}

type NamingOf = ReturnType<typeof createNaming>;

/** Callers may differ in rights that this operation does not touch; then their plans are the same. */
const keyOf = (rights: Rights, usedByVariables: ReadonlyMap<string, readonly string[]>) =>
  JSON.stringify([rights.key, ...[...usedByVariables].map(([name, uses]) => [name, ...uses.toSorted()])]);

function restrictionOf(
  { coordinates, types, restrictions }: Touches,
  rights: Rights,
  ground: Ground,
  namingOf: NamingOf,
): Restriction {
  const known = restrictions.get(rights.key);
  if (known) return known;
  const leavesRowsOut = types.some((type) => rights.rowDenialOf(type) !== undefined);
  const { seen, denied } = lookAt(coordinates, rights, ground);
  const restriction: Restriction = {
    rights: rights.key,
    key: denied.length === 0 && !leavesRowsOut ? '' : rights.key,
    denied,
    denialOf: rights.denialOf,
    rowDenialOf: rights.rowDenialOf,
    narrowingOf(inputName) {
      const rowType = ground.shape.rowTypeOfInput(inputName);
      return rowType && rights.rowDenialOf(rowType)?.exempt.filter;
    },
    denialOfUse: rights.denialOfUse,
    usedByVariables: new Map(),
    seen,
    naming: namingOf(seen),
    isStrict: false,
  };
  if (restrictions.size >= rightsKept) restrictions.clear();
  restrictions.set(rights.key, restriction);
  return restriction;
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
  { sharing: { of }, shape }: Ground,
): Touches {
  const coordinates = new Set<string>();
  const rowTypes = new Set<string>();
  const types = new TypeInfo(schema);
  const touch = (coordinate: string) => {
    if (of(coordinate)) coordinates.add(coordinate);
  };
  const definitions = document.definitions.filter(
    (definition) => definition === operation || definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  visit(
    { ...document, definitions },
    visitWithTypeInfo(types, {
      Field({ name }) {
        const parent = types.getParentType();
        if (!parent) return;
        const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
        for (const type of possible) touch(`${type.name}.${name.value}`);
        for (const type of rowTypesOf(types, schema, shape)) rowTypes.add(type);
      },
      ObjectField({ name, value }) {
        const parent = getNamedType(types.getParentInputType());
        if (parent && value.kind !== Kind.NULL) touch(`${parent.name}.${name.value}`);
      },
      EnumValue({ value }) {
        const type = getNamedType(types.getInputType());
        if (type) touch(`${type.name}.${value}`);
      },
    }),
  );
  const variables = (operation.variableDefinitions ?? []).flatMap(({ variable, type: node }) => {
    const type = typeFromAST(schema, node as never);
    const named = getNamedType(type);
    const mayName = isInputObjectType(named) || isEnumType(named);
    return mayName && isInputType(type) ? [{ name: variable.name.value, type }] : [];
  });
  return { coordinates, types: [...rowTypes], variables, restrictions: new Map() };
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
