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
import type { GatewayContext } from '../context.ts';
import { isObject, type Json } from '../execution/json.ts';
import type { Denial, Restrict } from '../execution/restriction.ts';
import type { Rights, RightsOf } from './rights.ts';
import type { SharingOfGraph } from './sharing.ts';

/** What an operation touches, whoever asks: found once for each. */
type Touches = {
  /** Coordinates that carry a sharing class. */
  readonly coordinates: ReadonlySet<string>;
  /** Variables whose values may name such coordinates. */
  readonly variables: readonly { readonly name: string; readonly type: GraphQLInputType }[];
  /** By the key of rights: what of it callers see, and what they are denied. */
  readonly sights: Map<string, Sight>;
};

type Sight = { readonly seen: readonly Touch[]; readonly denied: readonly Denial[] };

export type Restricting = {
  readonly restrict: Restrict;
  /** What the operation of a request reads that carries a sharing class, for the audit log. */
  seenBy(context: GatewayContext): readonly Touch[];
};

const rightsKept = 100;

/** Finds out for each request what its caller may not see. A request without a caller is the hub's own. */
export function createRestrict(
  schema: GraphQLSchema,
  sharing: SharingOfGraph,
  rightsOf: RightsOf,
): Restricting {
  const known = new WeakMap<OperationDefinitionNode, Touches>();
  const seen = new WeakMap<GatewayContext, readonly Touch[]>();

  const restrict: Restrict = (document, operation, variables, context) => {
    const { caller, occasion, headers } = context;
    if (!caller) return undefined;
    let touches = known.get(operation);
    if (!touches) {
      touches = touchesOf(document, operation, schema, sharing);
      known.set(operation, touches);
    }
    const rights = rightsOf(caller, occasion);
    const sight = sightOf(touches, rights, sharing);
    const usedByVariables = new Map(
      touches.variables.map(({ name, type }) => [name, usesOf(variables[name], type)] as const),
    );
    const used = new Set([...usedByVariables.values()].flat());
    const { coordinates } = touches;
    const more = [...used].filter((coordinate) => !coordinates.has(coordinate));
    seen.set(context, more.length === 0 ? sight.seen : [...sight.seen, ...seenOf(more, rights, sharing)]);
    const byValues = [...used].flatMap((coordinate) => {
      const denial = denialOfUse(rights, coordinate);
      return denial ? [denial] : [];
    });
    const denied = byValues.length > 0 ? [...sight.denied, ...byValues] : sight.denied;
    return {
      rights: rights.key,
      key: denied.length === 0 ? '' : keyOf(rights, usedByVariables, byValues),
      denied,
      denialOf: rights.denialOf,
      denialOfUse: (coordinate) => denialOfUse(rights, coordinate),
      usedByVariables,
      isStrict: headers.get('x-wenshu-sharing') === 'strict',
    };
  };
  return { restrict, seenBy: (context) => seen.get(context) ?? [] };
}

/** Rows of which a field is not shown would tell through a condition on it what they hold; what is open may be told. */
function denialOfUse({ denialOf }: Rights, coordinate: string): Denial | undefined {
  const denial = denialOf(coordinate);
  return denial?.exempt && denial.details.class === 'UNCONDITIONAL' ? undefined : denial;
}

/** Callers may differ in rights that this operation does not touch; then their plans are the same. */
const keyOf = (
  rights: Rights,
  usedByVariables: ReadonlyMap<string, readonly string[]>,
  byValues: readonly Denial[],
) =>
  byValues.length === 0
    ? rights.key
    : JSON.stringify([rights.key, ...[...usedByVariables].map(([name, uses]) => [name, ...uses.toSorted()])]);

function sightOf({ coordinates, sights }: Touches, rights: Rights, sharing: SharingOfGraph): Sight {
  const known = sights.get(rights.key);
  if (known) return known;
  const denied = [...coordinates].flatMap((coordinate) => rights.denialOf(coordinate) ?? []);
  const sight = { seen: seenOf(coordinates, rights, sharing), denied };
  if (sights.size >= rightsKept) sights.clear();
  sights.set(rights.key, sight);
  return sight;
}

/** A part of what is denied may be seen: of some rows, or masked. */
function seenOf(coordinates: Iterable<string>, rights: Rights, { of }: SharingOfGraph): Touch[] {
  return [...coordinates].flatMap((coordinate) => {
    const sharing = of(coordinate);
    const denial = rights.denialOf(coordinate);
    if (!sharing || (denial && !denial.exempt && !denial.mask)) return [];
    const { class: sharingClass, owner } = sharing;
    return [{ coordinate, class: sharingClass, owner, agreement: rights.agreementFor(coordinate) }];
  });
}

function touchesOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  { of }: SharingOfGraph,
): Touches {
  const coordinates = new Set<string>();
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
  return { coordinates, variables, sights: new Map() };
}

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
