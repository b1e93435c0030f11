import type { Fact } from '@wenshu/schema/evidence.ts';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { isObject, type Json } from '../lib/json.ts';

/** A field of a selection: its key in the answer, and its coordinate and type. */
type Selected = {
  readonly key: string;
  readonly name: string;
  readonly coordinate: string;
  readonly type: GraphQLNamedType;
  readonly below: SelectionSetNode | undefined;
};

/** Returns each value of an answer with its coordinate, and with the id and the version of its object. */
export const factsInAnswer = (
  data: Json,
  { selectionSet }: OperationDefinitionNode,
  schema: GraphQLSchema,
): Fact[] => listFacts(data, selectionSet, schema.getQueryType() ?? undefined, schema);

function listFacts(
  object: Json,
  selection: SelectionSetNode,
  parent: GraphQLNamedType | undefined,
  schema: GraphQLSchema,
): Fact[] {
  const fields = listSelected(selection, parent, schema).filter(({ key }) => key in object);
  const scalarOf = (name: string) => {
    const field = fields.find((each) => each.name === name);
    return field && object[field.key];
  };
  const id = scalarOf('id');
  const version = scalarOf('version');
  const row = {
    ...(typeof id === 'string' && { id }),
    ...(typeof version === 'number' && { version }),
  };
  return fields.flatMap(({ key, coordinate, type, below }) => {
    const value = object[key];
    if (!below || isLeafType(type) || value === null || value === undefined) {
      return [{ coordinate, ...row, value: value ?? null }];
    }
    return objectsIn(value).flatMap((each) => listFacts(each, below, type, schema));
  });
}

const objectsIn = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.flatMap(objectsIn) : isObject(value) ? [value] : [];

/** Returns the coordinate of the field at a path of an answer; undefined if the query has none there. */
export function coordinateAt(
  path: readonly (string | number)[],
  { selectionSet }: OperationDefinitionNode,
  schema: GraphQLSchema,
): string | undefined {
  let selection: SelectionSetNode | undefined = selectionSet;
  let parent: GraphQLNamedType | undefined = schema.getQueryType() ?? undefined;
  let found: string | undefined;
  for (const key of path.filter((segment) => typeof segment === 'string')) {
    const field: Selected | undefined =
      selection && listSelected(selection, parent, schema).find((each) => each.key === key);
    if (!field) return found;
    found = field.coordinate;
    selection = field.below;
    parent = field.type;
  }
  return found;
}

function listSelected(
  { selections }: SelectionSetNode,
  parent: GraphQLNamedType | undefined,
  schema: GraphQLSchema,
): Selected[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return [];
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const condition = node.typeCondition && schema.getType(node.typeCondition.name.value);
      return listSelected(node.selectionSet, condition ?? parent, schema);
    }
    const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {};
    const field = fields[node.name.value];
    if (!field || !parent) return [];
    return [
      {
        key: node.alias?.value ?? node.name.value,
        name: field.name,
        coordinate: `${parent.name}.${field.name}`,
        type: getNamedType(field.type),
        below: node.selectionSet,
      },
    ];
  });
}
