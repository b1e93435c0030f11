import {
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
} from 'graphql';
import { isObject, type Json } from '../lib/json.ts';
import type { Authorization, Authorize } from '../request/authorization.ts';
import type { Denial } from '../request/denial.ts';
import type { FieldAccess } from '../request/field-access.ts';
import { type Fragments, fragmentsOf } from '../request/fragments.ts';
import type { GraphShape } from '../supergraph/graph-shape.ts';
import type { AccessPolicy, AccessPolicyOf } from './access-policy.ts';
import { createDisclosure } from './enterprise-disclosure.ts';
import { type PolicyModel, typeNameIn } from './policy-model.ts';
import { takenOut } from './removed-fields.ts';
import { visitOperation } from './visit-operation.ts';

/** What an operation accesses. */
type Accessed = {
  /** Accessed coordinates with a sharing class. */
  readonly coordinates: ReadonlySet<string>;
  /** Types whose rows the answer may contain or count. */
  readonly types: ReadonlySet<string>;
  /** Names of the variables that the operation uses. */
  readonly used: ReadonlySet<string>;
};

/** The field accesses of an operation for any caller, found once for each operation. */
type OperationAccesses = Accessed & {
  /** Variables whose values may name coordinates with a sharing class. */
  readonly variables: readonly { readonly name: string; readonly type: GraphQLInputType }[];
  /**
   * Authorizations by the key of the access policy. They hold if no variable names a coordinate, so that all requests
   * share them.
   */
  readonly authorizations: Map<string, ByText>;
  /** Returns what the operation accesses after an authorization has removed its part. */
  without(authorization: Authorization): Accessed;
};

/** An authorization by the text of the operation, and the variables that the remaining fields use. */
type ByText = { readonly authorization: Authorization; readonly used: ReadonlySet<string> };

const policiesKept = 100;

/** Creates the function that authorizes each request. A request without a caller, or of the caller `system`, is the hub's own. */
export function createAuthorize(
  schema: GraphQLSchema,
  model: PolicyModel,
  accessPolicyOf: AccessPolicyOf,
): Authorize {
  const known = new WeakMap<OperationDefinitionNode, OperationAccesses>();
  const disclosureOf = createDisclosure(model);

  return (document, operation, variables, context) => {
    const { caller, purposeOfUse, isStrict } = context;
    // Nothing that the hub does by itself is shown to anybody.
    if (!caller || caller.kind === 'system') return undefined;
    let accesses = known.get(operation);
    if (!accesses) {
      accesses = operationAccessesOf(document, operation, schema, model);
      known.set(operation, accesses);
    }
    const policy = accessPolicyOf(caller, purposeOfUse);
    const byText = authorizationOf(accesses, policy, model, disclosureOf);
    const authorization =
      accesses.variables.length === 0
        ? byText.authorization
        : withVariables(byText, accesses, variables, policy, model, disclosureOf);
    return isStrict ? { ...authorization, isStrict: true } : authorization;
  };
}

/** Adds the coordinates that the values of variables name, as if the text of the operation named them. */
function withVariables(
  byText: ByText,
  accesses: OperationAccesses,
  variables: Json,
  policy: AccessPolicy,
  model: PolicyModel,
  disclosureOf: DisclosureOf,
): Authorization {
  const usedByVariables = new Map(
    accesses.variables.map(({ name, type }) => [name, usesOf(variables[name], type)] as const),
  );
  const named = [...usedByVariables.values()].flat();
  const byValues = [...new Set(named)].flatMap((coordinate) => policy.denialOfUse(coordinate) ?? []);
  const { authorization, used } =
    byValues.length === 0
      ? byText
      : deniedByValues(byText, accesses, byValues, usedByVariables, policy, model);
  const more = namedBesides(
    authorization.seen,
    [...used].flatMap((name) => usedByVariables.get(name) ?? []),
  );
  if (more.length === 0) return { ...authorization, usedByVariables };
  const seen = [...authorization.seen, ...lookAt(more, policy, model).seen];
  return { ...authorization, usedByVariables, seen, disclosure: disclosureOf(seen) };
}

const namedBesides = (seen: readonly FieldAccess[], named: readonly string[]): readonly string[] => {
  if (named.length === 0) return named;
  const known = new Set(seen.map(({ coordinate }) => coordinate));
  return [...new Set(named)].filter((coordinate) => !known.has(coordinate));
};

/** Denies the coordinates that the values of variables name, so that the fields with these arguments are removed. */
function deniedByValues(
  { authorization }: ByText,
  accesses: OperationAccesses,
  byValues: readonly Denial[],
  usedByVariables: ReadonlyMap<string, readonly string[]>,
  policy: AccessPolicy,
  model: PolicyModel,
): ByText {
  const key = authorizationKeyOf(policy, usedByVariables);
  const denied = { ...authorization, key, denied: [...authorization.denied, ...byValues], usedByVariables };
  const { coordinates, used } = accesses.without(denied);
  return { authorization: { ...denied, seen: lookAt(coordinates, policy, model).seen }, used };
}

type DisclosureOf = ReturnType<typeof createDisclosure>;

/**
 * Returns the key of a removal. An operation that uses nothing that two access policies decide differently shares its
 * plans.
 */
const authorizationKeyOf = (policy: AccessPolicy, usedByVariables: ReadonlyMap<string, readonly string[]>) =>
  JSON.stringify([policy.key, ...[...usedByVariables].map(([name, uses]) => [name, ...uses.toSorted()])]);

function authorizationOf(
  accesses: OperationAccesses,
  policy: AccessPolicy,
  model: PolicyModel,
  disclosureOf: DisclosureOf,
): ByText {
  const { coordinates, types, authorizations } = accesses;
  const known = authorizations.get(policy.key);
  if (known) return known;
  const leavesRowsOut = [...types].some((type) => policy.rowDenialOf(type) !== undefined);
  const { seen, denied } = lookAt(coordinates, policy, model);
  const exemptOf = (inputName: string) => {
    const rowType = model.shape.rowTypeOfInput(inputName);
    return rowType === undefined ? undefined : policy.rowDenialOf(rowType)?.exempt;
  };
  const whole: Authorization = {
    policy: policy.key,
    key: denied.length === 0 && !leavesRowsOut ? '' : policy.key,
    denied,
    denialOf: policy.denialOf,
    rowDenialOf: policy.rowDenialOf,
    listFilterOf: (inputName) => exemptOf(inputName)?.listFilter,
    isFilteredByRelated(inputName) {
      const { filter, listFilter } = exemptOf(inputName) ?? {};
      return filter !== listFilter;
    },
    denialOfUse: policy.denialOfUse,
    usedByVariables: new Map(),
    seen,
    disclosure: undefined,
    isStrict: false,
  };
  const left = denied.length === 0 ? accesses : accesses.without(whole);
  const read = denied.length === 0 ? seen : lookAt(left.coordinates, policy, model).seen;
  const byText = { authorization: { ...whole, seen: read, disclosure: disclosureOf(read) }, used: left.used };
  if (authorizations.size >= policiesKept) authorizations.clear();
  authorizations.set(policy.key, byText);
  return byText;
}

/** Divides coordinates into those that the caller sees and those that are denied. */
function lookAt(
  coordinates: Iterable<string>,
  policy: AccessPolicy,
  { sharing: { of }, shape }: PolicyModel,
): Pick<Authorization, 'seen' | 'denied'> {
  const seen: FieldAccess[] = [];
  const denied: Denial[] = [];
  for (const coordinate of coordinates) {
    const isUse = shape.rowTypeOfInput(typeNameIn(coordinate)) !== undefined;
    const denial = isUse ? policy.denialOfUse(coordinate) : policy.denialOf(coordinate);
    if (denial) denied.push(denial);
    const sharing = of(coordinate);
    // A denied field may be visible in some rows, or masked.
    if (!sharing || (denial && !denial.exempt && !denial.mask)) continue;
    seen.push({
      coordinate,
      class: policy.classOf(coordinate) ?? sharing.class,
      owner: sharing.owner,
      agreement: policy.agreementFor(coordinate),
    });
  }
  return { seen, denied };
}

function operationAccessesOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  model: PolicyModel,
): OperationAccesses {
  const fragments = fragmentsOf(document.definitions);
  const accessed = (isTakenOut: IsTakenOut) => accessedBy(operation, fragments, schema, model, isTakenOut);
  const variables = (operation.variableDefinitions ?? []).flatMap(({ variable, type: node }) => {
    const type = typeFromAST(schema, node as never);
    const named = getNamedType(type);
    const mayName = isInputObjectType(named) || isEnumType(named);
    return mayName && isInputType(type) ? [{ name: variable.name.value, type }] : [];
  });
  return {
    ...accessed(() => false),
    variables,
    authorizations: new Map(),
    without: (authorization) =>
      accessed((field, types) => takenOut(field, types, schema, authorization) !== undefined),
  };
}

type IsTakenOut = (field: FieldNode, types: TypeInfo) => boolean;

/** Finds what an operation and its fragments access, except for the removed fields and all below them. */
function accessedBy(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  schema: GraphQLSchema,
  { sharing: { of, isEntity }, shape }: PolicyModel,
  isTakenOut: IsTakenOut,
): Accessed {
  const coordinates = new Set<string>();
  const rowTypes = new Set<string>();
  const used = new Set<string>();
  const types = new TypeInfo(schema);
  const access = (coordinate: string) => {
    if (of(coordinate)) coordinates.add(coordinate);
  };
  visitOperation(operation, fragments, types, {
    Field(field) {
      const parent = types.getParentType();
      if (!parent) return undefined;
      if (isTakenOut(field, types)) return false;
      const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
      for (const type of possible) access(`${type.name}.${field.name.value}`);
      for (const type of rowTypesOf(types, schema, shape)) rowTypes.add(type);
      return undefined;
    },
    ObjectField({ name, value }) {
      const parent = getNamedType(types.getParentInputType());
      if (parent && value.kind !== Kind.NULL) access(`${parent.name}.${name.value}`);
    },
    EnumValue({ value }) {
      const type = getNamedType(types.getInputType());
      if (type) access(`${type.name}.${value}`);
    },
    VariableDefinition: () => false,
    Variable({ name }) {
      used.add(name.value);
    },
  });
  if (operation.operation === 'mutation') {
    // A change may look at rows of any type, whatever is selected of them.
    for (const { name } of Object.values(schema.getTypeMap()).filter(isObjectType)) {
      if (isEntity(name)) rowTypes.add(name);
    }
  }
  return { coordinates, types: rowTypes, used };
}

/** Returns the types whose rows a field may return, count or filter. */
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

/** Returns the coordinates of the input fields and enum values that a value names. */
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
