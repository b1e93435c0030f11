import {
  type FieldNode,
  type GraphQLError,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type GraphQLUnionType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import { collectFields, type FieldsByKey } from './collect-fields.ts';
import { placeholder } from './empty-selection.ts';
import { ExecutionError } from './errors.ts';
import { isObject, type Json } from './json.ts';
import type { PlannedOperation } from './operation.ts';

/**
 * Makes the answer out of the data: the fields asked for, in their order, under the
 * caller's names; and nulls where the GraphQL specification wants them.
 * https://spec.graphql.org/October2021/#sec-Executing-Selection-Sets
 */
export type Project = (data: Json, errors: GraphQLError[]) => Json | null;

export function compileProjection(operation: PlannedOperation, schema: GraphQLSchema): Project {
  const rootType = schema.getRootType(operation.definition.operation);
  if (!rootType) throw new Error(`The graph has no ${operation.definition.operation}.`);
  const project = compiler(operation, schema).object(rootType, [operation.definition]);
  return (data, errors) => (project(data, { path: [], errors }) as Json | undefined) ?? null;
}

/** Where the projection stands, and what is known to have failed. */
type Cursor = { readonly path: (string | number)[]; readonly errors: GraphQLError[] };

/**
 * Makes one value of the answer out of one that is not null. Undefined says that there
 * is none, and that the error which explains it is already known.
 */
type Complete = (value: unknown, cursor: Cursor) => unknown;

type Field = {
  readonly source: string;
  readonly responseKey: string;
  readonly complete: Complete;
  /** What `__typename` says. */
  readonly constant?: string;
  /** For `Cannot return null for non-nullable field Park.name.` */
  readonly nonNull: string | undefined;
};

function compiler({ fragments, responseKeys }: PlannedOperation, schema: GraphQLSchema) {
  /** Fields of an object type are compiled when its first object comes by. */
  function object(
    type: GraphQLObjectType | GraphQLInterfaceType,
    nodes: readonly { selectionSet?: FieldNode['selectionSet'] }[],
  ): Complete {
    let fields: readonly Field[] | undefined;
    return (value, cursor) => {
      if (!isObject(value)) return mismatch(cursor, `an object of type ${type.name}`);
      fields ??= compileFields(type, nodes);
      return completeFields(fields, value, cursor);
    };
  }

  function abstract(type: GraphQLInterfaceType | GraphQLUnionType, nodes: readonly FieldNode[]): Complete {
    const completeByType = new Map<string, Complete>();
    const completeOf = (name: string) => {
      const known = completeByType.get(name);
      if (known) return known;
      const runtimeType = schema.getType(name);
      if (!isObjectType(runtimeType) && !(isInterfaceType(runtimeType) && runtimeType === type))
        return undefined;
      const complete = object(runtimeType, nodes);
      completeByType.set(name, complete);
      return complete;
    };
    return (value, cursor) => {
      // Where only fields of the interface are asked for, a plan may not ask what the object is.
      const { __typename: name = type.name } = isObject(value) ? value : {};
      const complete = completeOf(String(name));
      return complete ? complete(value, cursor) : mismatch(cursor, `an object of type ${type.name}`);
    };
  }

  function compileFields(
    type: GraphQLObjectType | GraphQLInterfaceType,
    nodes: readonly { selectionSet?: FieldNode['selectionSet'] }[],
  ): readonly Field[] {
    const selectionSets = nodes.flatMap((node) => node.selectionSet ?? []);
    return [...entriesOf(collectFields(schema, fragments, type, selectionSets))].map(
      ([source, name, fieldNodes]) => {
        const responseKey = responseKeys.get(source) ?? source;
        if (name === '__typename') return typenameField(source, responseKey, type);
        const field = metaFields.get(name) ?? type.getFields()[name];
        if (!field) throw new Error(`There is no field ${type.name}.${name}.`);
        return {
          source,
          responseKey,
          complete: completer(field.type, fieldNodes, `${type.name}.${name}`),
          nonNull: isNonNullType(field.type) ? `${type.name}.${name}` : undefined,
        };
      },
    );
  }

  function completer(type: GraphQLOutputType, nodes: readonly FieldNode[], coordinate: string): Complete {
    if (isNonNullType(type)) return completer(type.ofType, nodes, coordinate);
    if (isListType(type)) {
      const nonNull = isNonNullType(type.ofType) ? coordinate : undefined;
      return list(completer(type.ofType, nodes, coordinate), nonNull);
    }
    if (isEnumType(type)) {
      const values = new Set(type.getValues().map((value) => value.name));
      return (value, cursor) =>
        values.has(String(value)) ? value : mismatch(cursor, `a value of enum ${type.name}`);
    }
    if (isLeafType(type)) return asIs;
    return isObjectType(type) ? object(type, nodes) : abstract(type, nodes);
  }

  return { object };
}

/** What an object is, is known from its type; what only passes for an interface, is not. */
const typenameField = (source: string, responseKey: string, type: GraphQLNamedType): Field => ({
  source,
  responseKey,
  complete: (_, cursor) => mismatch(cursor, `the type of an object behind ${type.name}`),
  ...(isObjectType(type) && { constant: type.name }),
  nonNull: `${type.name}.__typename`,
});

const metaFields = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));

const asIs: Complete = (value) => value;

function completeFields(fields: readonly Field[], from: Json, cursor: Cursor): Json | undefined {
  const { path } = cursor;
  const into: Json = {};
  for (const { source, responseKey, complete, constant, nonNull } of fields) {
    path.push(responseKey);
    const completed = constant ?? completeNullable(from[source], complete, nonNull, cursor);
    path.pop();
    if (completed === undefined) return undefined;
    into[responseKey] = completed;
  }
  return into;
}

const list =
  (complete: Complete, nonNull: string | undefined): Complete =>
  (value, cursor) => {
    if (!Array.isArray(value)) return mismatch(cursor, 'a list');
    const { path } = cursor;
    const into = new Array<unknown>(value.length);
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      const completed = completeNullable(value[index], complete, nonNull, cursor);
      path.pop();
      if (completed === undefined) return undefined;
      into[index] = completed;
    }
    return into;
  };

/** Undefined where a null breaks a non-null type: then the parent becomes null. */
function completeNullable(value: unknown, complete: Complete, nonNull: string | undefined, cursor: Cursor) {
  const isMissing = value === null || value === undefined;
  const completed = isMissing ? undefined : complete(value, cursor);
  if (completed !== undefined) return completed;
  if (nonNull === undefined) return null;
  if (isMissing) explain(cursor, `Cannot return null for non-nullable field ${nonNull}.`);
  return undefined;
}

function mismatch(cursor: Cursor, expected: string): undefined {
  explain(cursor, `Expected ${expected}, but a subgraph answered with something else.`);
}

/** Adds an error, unless one at, above or below this place already says why. */
function explain({ path, errors }: Cursor, message: string): void {
  const isExplained = errors.some((error) => {
    const known = error.path ?? [];
    const shared = Math.min(known.length, path.length);
    return path.slice(0, shared).every((segment, index) => segment === known[index]);
  });
  if (!isExplained) errors.push(new ExecutionError('INTERNAL_SERVER_ERROR', message, [...path]));
}

function* entriesOf(fields: FieldsByKey) {
  for (const [source, nodes] of fields) {
    const [first] = nodes;
    if (first && source !== placeholder) yield [source, first.name.value, nodes] as const;
  }
}
