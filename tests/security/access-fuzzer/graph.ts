import { readFileSync } from 'node:fs';
import {
  type Sharing,
  sharingByCoordinate,
  type TypeSharing,
  typeSharingOf,
} from '@wenshu/schema/sharing.ts';
import {
  buildASTSchema,
  type GraphQLField,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';

/** The graph as callers see it, read from `api.graphql` only. */
const document = parse(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
export const schema = buildASTSchema(document);

const declared = sharingByCoordinate(document);
export const coordinates: readonly string[] = [...declared.keys()];
export const sharingOf = (coordinate: string): Sharing | undefined => declared.get(coordinate);

const ofTypes = new Map<string, TypeSharing>(
  document.definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION
      ? [[definition.name.value, typeSharingOf(definition)]]
      : [],
  ),
);
export const ofType = (typeName: string): TypeSharing => ofTypes.get(typeName) ?? {};

export const ownerOf = (coordinate: string): string => coordinate.slice(0, coordinate.indexOf('.'));

export const fieldsOf = (typeName: string): readonly GraphQLField<unknown, unknown>[] => {
  const type = schema.getType(typeName);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
};

const isPage = (typeName: string) => /(Connection|Edge)$/.test(typeName);
const roots = ['Query', 'Mutation'];
/** True for types that only lead to rows: the root, pages, and parts of pages. */
export const leadsOnly = (typeName: string): boolean =>
  isPage(typeName) || roots.includes(typeName) || typeName === 'PageInfo';

/** Returns the row type of a page; any other type itself. */
export function rowsBehind(typeName: string): string {
  if (!isPage(typeName)) return typeName;
  const row = fieldsOf(typeName).find(({ name }) => name === 'nodes' || name === 'node');
  return row ? getNamedType(row.type).name : typeName;
}

const outputs = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !isPage(type.name));
const allFields = outputs.flatMap((type) =>
  type.name.startsWith('__') ? [] : fieldsOf(type.name).map((field) => ({ typeName: type.name, field })),
);

/** By type: the fields that lead to its objects, also through pages, unions and aggregates. */
const leaders = new Map<string, string[]>();
for (const { typeName, field } of allFields) {
  const target = getNamedType(field.type);
  const row = schema.getType(rowsBehind(target.name));
  const behind = isAbstractType(row)
    ? schema.getPossibleTypes(row).map(({ name }) => name)
    : [rowsBehind(target.name)];
  const sums = fieldsOf(target.name).filter(({ name }) => isPage(target.name) && name === 'aggregates');
  for (const each of [...behind, ...sums.map(({ type }) => getNamedType(type).name)]) {
    leaders.set(each, [...(leaders.get(each) ?? []), `${typeName}.${field.name}`]);
  }
}
export const leadersTo = (typeName: string): readonly string[] => leaders.get(typeName) ?? [];

/** Returns the row type that a field leads to, by its coordinate. */
export function rowTypeAt(coordinate: string): string | undefined {
  const field = fieldsOf(ownerOf(coordinate)).find(({ name }) => coordinate.endsWith(`.${name}`));
  return field && rowsBehind(getNamedType(field.type).name);
}

/** By input or enum of orders and dimensions: the types of the rows that it filters, orders or groups. */
const picked = new Map<string, Set<string>>();
const pick = (input: string, rowType: string) =>
  picked.set(input, (picked.get(input) ?? new Set()).add(rowType));
for (const { field } of allFields) {
  const target = getNamedType(field.type).name;
  if (!isPage(target)) continue;
  const sums = fieldsOf(target).find(({ name }) => name === 'aggregates');
  for (const { name, type } of [...field.args, ...(sums?.args ?? [])]) {
    const input = getNamedType(type);
    if (!isInputObjectType(input) || !['filter', 'orderBy', 'groupBy', 'having'].includes(name)) continue;
    pick(input.name, rowsBehind(target));
    const values = getNamedType(input.getFields().field?.type);
    if (isEnumType(values)) pick(values.name, rowsBehind(target));
  }
}
/** Returns the row type of a condition or an order; undefined if there is none, or several. */
export function rowTypeOfInput(inputName: string): string | undefined {
  const types = [...(picked.get(inputName) ?? [])];
  return types.length === 1 ? types[0] : undefined;
}
