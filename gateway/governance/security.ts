import type { Caller } from '@wenshu/schema/caller.ts';
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { directiveNamed, readFeatures } from '../supergraph/features.ts';
import type { Policies } from './policies.ts';

/** A requirement that a caller must meet to see a field or a type. */
export type Requirement = {
  /** `Type` or `Type.field` */
  readonly coordinate: string;
  readonly directive: (typeof directives)[number];
  /** Alternative lists of scopes or policies. The caller must have all of one list. */
  readonly anyOf: readonly (readonly string[])[];
};

/**
 * The requirements of `@authenticated`, `@requiresScopes` and `@policy`:
 * https://www.apollographql.com/docs/graphos/routing/security/authorization
 */
export type Security = {
  /** Returns the requirements of a field in a selection of `parent`. */
  demandsOf(parent: GraphQLNamedType, field: FieldNode): readonly Requirement[];
  /** Returns the requirements of a fragment on a type, even of one with `__typename` only. */
  demandsOfFragment(typeName: string): readonly Requirement[];
  /** The names of all policies in the supergraph. */
  readonly policies: readonly string[];
};

const directives = ['authenticated', 'requiresScopes', 'policy'] as const;
const argumentOf = { requiresScopes: 'scopes', policy: 'policies' } as const;

/** Reads the requirements of a supergraph; undefined if it has none. Throws if one cannot be read. */
export function readSecurity(document: DocumentNode, schema: GraphQLSchema): Security | undefined {
  const requirements = requirementsByCoordinate(document);
  if (requirements.size === 0) return undefined;

  const roots = new Set(Object.values(OperationTypeNode).map((each) => schema.getRootType(each)?.name));
  const at = (coordinate: string) => requirements.get(coordinate) ?? [];
  /** Returns the requirements of a type, of its field and of the type that the field returns. */
  const ofField = (type: GraphQLNamedType, name: string): readonly Requirement[] => {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (!field) return [];
    return [...at(type.name), ...at(`${type.name}.${name}`), ...at(getNamedType(field.type).name)];
  };
  /** Returns the requirements of an interface's field in all implementations, because any of them may be behind it. */
  const ofImplementations = (type: GraphQLNamedType, name: string) =>
    isInterfaceType(type) ? schema.getPossibleTypes(type).flatMap((each) => ofField(each, name)) : [];
  const ofTypesBehind = (type: GraphQLNamedType, { name, selectionSet }: FieldNode) => {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name.value] : undefined;
    const behind = field && getNamedType(field.type);
    const asksForAll = selectionSet?.selections.some(
      (each) => each.kind === Kind.FIELD && each.name.value !== '__typename',
    );
    return asksForAll && isAbstractType(behind) && isInterfaceType(behind)
      ? schema.getPossibleTypes(behind).flatMap((each) => at(each.name))
      : [];
  };

  return {
    demandsOf: (parent, field) => [
      ...ofField(parent, field.name.value),
      ...ofImplementations(parent, field.name.value),
      ...ofTypesBehind(parent, field),
    ],
    // A fragment on a root type discloses nothing: its fields become null one by one.
    demandsOfFragment: (typeName) => (roots.has(typeName) ? [] : at(typeName)),
    policies: [
      ...new Set(
        [...requirements.values()]
          .flat()
          .flatMap(({ directive, anyOf }) => (directive === 'policy' ? anyOf.flat() : [])),
      ),
    ],
  };
}

function requirementsByCoordinate(document: DocumentNode): ReadonlyMap<string, readonly Requirement[]> {
  const features = readFeatures(document);
  const byName = new Map(
    directives.flatMap((directive) => {
      const name = directiveNamed(directive, features);
      return name === undefined ? [] : [[name, directive] as const];
    }),
  );
  const found = new Map<string, readonly Requirement[]>();
  const read = (coordinate: string, nodes: readonly DirectiveNode[] = []) => {
    const requirements = nodes.flatMap((node) => {
      const directive = byName.get(node.name.value);
      return directive ? [{ coordinate, directive, anyOf: alternativesOf(directive, node, coordinate) }] : [];
    });
    if (requirements.length > 0) found.set(coordinate, [...(found.get(coordinate) ?? []), ...requirements]);
  };
  for (const definition of document.definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) continue;
    read(definition.name.value, definition.directives);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) {
      read(`${definition.name.value}.${field.name.value}`, field.directives);
    }
  }
  return found;
}

function alternativesOf(
  directive: Requirement['directive'],
  node: DirectiveNode,
  coordinate: string,
): Requirement['anyOf'] {
  if (directive === 'authenticated') return [];
  const name = argumentOf[directive];
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  const lists = value && asLists(value);
  if (lists) return lists;
  throw new Error(
    `The supergraph protects ${coordinate} by @${node.name.value}, whose ${name} cannot be read.`,
  );
}

/** Reads a list of lists of texts. As in GraphQL, a single value counts as a list of one. */
function asLists(node: ValueNode): readonly (readonly string[])[] | undefined {
  const value: unknown = valueFromASTUntyped(node);
  const lists = inList(value).map(inList);
  const areTexts = lists.every((list) => list.every((each) => typeof each === 'string'));
  return areTexts ? (lists as string[][]) : undefined;
}

const inList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** The credentials that directives test. Partners with a key and anonymous callers count as not authenticated. */
export type Credentials = {
  readonly isAuthenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly policies: { has(policy: string): boolean };
};

export function credentialsOf(caller: Caller | undefined, policies: Policies): Credentials {
  const held = heldBy(caller);
  const scopes = new Set(held?.scopes);
  const roles = new Set(held?.roles);
  return {
    isAuthenticated: held !== undefined,
    scopes,
    policies: {
      has(name) {
        const policy = policies.get(name);
        return (
          policy?.roles.some((role) => roles.has(role)) ||
          policy?.scopes.some((each) => scopes.has(each)) ||
          false
        );
      },
    },
  };
}

function heldBy(caller: Caller | undefined) {
  if (caller?.kind === 'user') return caller;
  if (caller?.kind === 'department') return { scopes: caller.scopes ?? [], roles: [caller.role] };
  return undefined;
}

/** Returns whether the credentials meet a requirement. An empty list of alternatives is never met. */
export function isMet({ directive, anyOf }: Requirement, { isAuthenticated, scopes, policies }: Credentials) {
  if (directive === 'authenticated') return isAuthenticated;
  const held = directive === 'policy' ? policies : scopes;
  return anyOf.some((all) => all.every((each) => held.has(each)));
}
