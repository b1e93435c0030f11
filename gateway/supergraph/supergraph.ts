import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { textScalars } from '@wenshu/schema/scalars.ts';
import type {
  ConstDirectiveNode,
  DefinitionNode,
  DocumentNode,
  GraphQLSchema,
  OperationTypeNode,
  SelectionSetNode,
  TypeDefinitionNode,
  TypeNode,
} from 'graphql';
import {
  assertValidSchema,
  buildASTSchema,
  isScalarType,
  isTypeDefinitionNode,
  Kind,
  parse,
  print,
  specifiedScalarTypes,
  visit,
} from 'graphql';
import { readFeatures, refuseUnknownFeatures } from './features.ts';

/** A composed graph, read once when it is loaded. */
export type Supergraph = {
  readonly sdl: string;
  /** The SDL, parsed. */
  readonly document: DocumentNode;
  /** The schema for callers, without federation directives and `@inaccessible` elements. */
  readonly publicSchema: GraphQLSchema;
  readonly subgraphs: readonly SubgraphAddress[];
  /** Whether a type is an interface or a union, hidden or not. An `@interfaceObject` counts as one. */
  isAbstract(typeName: string): boolean;
  /** Whether an object of type `typeName` matches the fragment `... on condition`. */
  satisfies(typeName: string, condition: string): boolean;
  /** The keys by which `subgraph` finds entities of a type. */
  keysOf(subgraph: string, typeName: string): readonly SelectionSetNode[];
  /** The keys of a type, in any subgraph, that consist of plain fields, as field names. */
  plainKeysOf(typeName: string): readonly (readonly string[])[];
  /** The named type of a field, without lists and non-nulls. Hidden fields have one too. */
  typeOfField(typeName: string, fieldName: string): string | undefined;
  /** What two fields of one name have in common if one operation can ask for both: lists, non-nulls, and the type of a leaf. */
  shapeOfField(typeName: string, fieldName: string): string | undefined;
  rootTypeOf(operation: OperationTypeNode): string | undefined;
  /** The first subgraph that resolves a field of `Query`. */
  subgraphOfRoot(fieldName: string): string | undefined;
};

export type SubgraphAddress = { readonly name: string; readonly url: string };

let last: Supergraph | undefined;

/**
 * Reads the SDL of a federation v2 supergraph. Throws if the SDL is not one, or needs a feature that is not
 * implemented here. The last supergraph is kept, because the gateway and the catalogue read the same one, and so do
 * the many hubs of a test run.
 */
export function loadSupergraph(sdl: string): Supergraph {
  if (last?.sdl !== sdl) last = readSupergraph(sdl);
  return last;
}

function readSupergraph(sdl: string): Supergraph {
  const document = parse(sdl, { noLocation: true });
  refuseUnknownFeatures(readFeatures(document));
  const types = document.definitions.filter(isTypeDefinitionNode);
  const nameOfGraph = new Map<string, string>();
  const subgraphs: SubgraphAddress[] = [];
  for (const { value, name, url } of listGraphs(types)) {
    nameOfGraph.set(value, name);
    subgraphs.push({ name, url });
  }
  if (subgraphs.length === 0) {
    throw new Error('The supergraph names no subgraph: it has no enum join__Graph.');
  }
  const members = membersOfAbstractTypes(types);
  const keys = keysOfEntities(types, nameOfGraph);
  const plainKeys = plainKeysOfEntities(keys);
  const fieldTypes = typesOfFields(types, nameOfType);
  const fieldShapes = typesOfFields(types, shapeBeside(types));
  const rootFields = subgraphsOfRootFields(types, nameOfGraph);
  const publicSchema = withTextScalars(buildASTSchema(publicDocument(document)));
  // Apollo Server would refuse it only when the graph is already open.
  assertValidSchema(publicSchema);
  return {
    sdl,
    document,
    publicSchema,
    subgraphs,
    isAbstract: (typeName) => members.has(typeName),
    satisfies: (typeName, condition) =>
      typeName === condition || members.get(condition)?.has(typeName) === true,
    keysOf: (subgraph, typeName) => keys.get(typeName)?.get(subgraph) ?? [],
    plainKeysOf: (typeName) => plainKeys.get(typeName) ?? [],
    typeOfField: (typeName, fieldName) => fieldTypes.get(`${typeName}.${fieldName}`),
    shapeOfField: (typeName, fieldName) => fieldShapes.get(`${typeName}.${fieldName}`),
    rootTypeOf: (operation) => publicSchema.getRootType(operation)?.name,
    subgraphOfRoot: (fieldName) => rootFields.get(fieldName),
  };
}

/** Lists the subgraphs of a supergraph, each with its value of the enum `join__Graph`. */
export function listGraphs(types: readonly TypeDefinitionNode[]) {
  const graphs = types.find((type) => type.name.value === 'join__Graph');
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (graphs.values ?? []).map((value) => {
    const graph = value.directives?.find((directive) => directive.name.value === 'join__graph');
    return {
      value: value.name.value,
      name: stringArgument(graph, 'name') ?? value.name.value,
      url: stringArgument(graph, 'url') ?? '',
    };
  });
}

function membersOfAbstractTypes(types: readonly TypeDefinitionNode[]) {
  const members = new Map<string, Set<string>>();
  for (const type of types) {
    if (type.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      members.set(type.name.value, members.get(type.name.value) ?? new Set());
    }
    if (type.kind === Kind.UNION_TYPE_DEFINITION) {
      members.set(type.name.value, new Set(type.types?.map((member) => member.name.value)));
    }
    if (type.kind === Kind.OBJECT_TYPE_DEFINITION) {
      for (const { name } of type.interfaces ?? []) {
        const implementing = members.get(name.value) ?? new Set();
        members.set(name.value, implementing.add(type.name.value));
      }
    }
  }
  return members;
}

/** Reads the keys in `@join__type(graph: PARKS, key: "id")` as key fields by type and subgraph. */
function keysOfEntities(types: readonly TypeDefinitionNode[], nameOfGraph: ReadonlyMap<string, string>) {
  const keys = new Map<string, Map<string, SelectionSetNode[]>>();
  for (const type of types) {
    for (const directive of type.directives ?? []) {
      const key = stringArgument(directive, 'key');
      if (directive.name.value !== 'join__type' || key === undefined) continue;
      if (argumentOf(directive, 'resolvable') === false) continue;
      const subgraph = nameOfGraph.get(String(argumentOf(directive, 'graph'))) ?? '';
      const ofType = keys.get(type.name.value) ?? new Map<string, SelectionSetNode[]>();
      keys.set(type.name.value, ofType.set(subgraph, [...(ofType.get(subgraph) ?? []), parseFieldSet(key)]));
    }
  }
  return keys;
}

function plainKeysOfEntities(keys: ReturnType<typeof keysOfEntities>) {
  const plainKeys = new Map<string, (readonly string[])[]>();
  for (const [typeName, bySubgraph] of keys) {
    const plain = [...bySubgraph.values()]
      .flat()
      .map(plainFieldsOf)
      .filter((names) => names !== undefined);
    plainKeys.set(typeName, [...new Map(plain.map((names) => [names.join(), names])).values()]);
  }
  return plainKeys;
}

/** The names of the fields of a key; undefined where one has fields of its own. */
export function plainFieldsOf({ selections }: SelectionSetNode): readonly string[] | undefined {
  const names = selections.flatMap((each) =>
    each.kind === Kind.FIELD && !each.selectionSet ? [each.name.value] : [],
  );
  return names.length === selections.length ? names : undefined;
}

const nameOfType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameOfType(type.type);

/** Returns the function that prints a type as a shape: the fields below an object have shapes of their own. */
function shapeBeside(types: readonly TypeDefinitionNode[]): (type: TypeNode) => string {
  const leaves = new Set(
    types
      .filter(({ kind }) => kind === Kind.SCALAR_TYPE_DEFINITION || kind === Kind.ENUM_TYPE_DEFINITION)
      .map(({ name }) => name.value),
  );
  const isLeaf = (name: string) =>
    leaves.has(name) || specifiedScalarTypes.some((each) => each.name === name);
  return (type) => print(type).replace(/\w+/, (name) => (isLeaf(name) ? name : '{}'));
}

function typesOfFields(
  types: readonly TypeDefinitionNode[],
  printed: (type: TypeNode) => string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const type of types) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      found.set(`${type.name.value}.${field.name.value}`, printed(field.type));
    }
  }
  return found;
}

/** `@join__field(graph: PARKS)` on the fields of `Query`. */
function subgraphsOfRootFields(
  types: readonly TypeDefinitionNode[],
  nameOfGraph: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const query = types.find(({ name }) => name.value === 'Query');
  if (query?.kind !== Kind.OBJECT_TYPE_DEFINITION) return new Map();
  return new Map(
    (query.fields ?? []).flatMap(({ name, directives }) => {
      const joined = directives?.find((directive) => directive.name.value === 'join__field');
      const subgraph = nameOfGraph.get(String(argumentOf(joined, 'graph')));
      return subgraph === undefined ? [] : [[name.value, subgraph] as const];
    }),
  );
}

function parseFieldSet(fields: string): SelectionSetNode {
  const [definition] = parse(`{${fields}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`"${fields}" is no set of fields.`);
  return definition.selectionSet;
}

/** A text, a boolean or the name of an enum's value. */
export function argumentOf(
  directive: ConstDirectiveNode | undefined,
  name: string,
): string | boolean | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value && 'value' in value ? value.value : undefined;
}

function stringArgument(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = argumentOf(directive, name);
  return typeof value === 'string' ? value : undefined;
}

/** Values of these scalars are checked where callers write them, before any agency is asked. */
function withTextScalars(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, { parseValue, parseLiteral }] of Object.entries(textScalars)) {
    const type = schema.getType(name);
    if (isScalarType(type)) Object.assign(type, { parseValue, parseLiteral });
  }
  return schema;
}

/** The public schema; unions and `implements` lose what is inaccessible, which the library leaves in them. */
function publicDocument(supergraph: DocumentNode): DocumentNode {
  const document = transformSupergraphToPublicSchema(supergraph);
  const names = new Set(document.definitions.map(nameOf));
  const isDefined = (type: { name: { value: string } }) => names.has(type.name.value);
  return visit(document, {
    UnionTypeDefinition: (node) => ({ ...node, types: node.types?.filter(isDefined) }),
    ObjectTypeDefinition: (node) => ({ ...node, interfaces: node.interfaces?.filter(isDefined) }),
    InterfaceTypeDefinition: (node) => ({ ...node, interfaces: node.interfaces?.filter(isDefined) }),
  });
}

const nameOf = (definition: DefinitionNode) =>
  'name' in definition && definition.name !== undefined ? definition.name.value : undefined;
