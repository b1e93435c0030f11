import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { everyField } from './every-field.ts';
import { fieldsOfHub } from './key-hub.ts';

/** Ways to ask the lists of a graph for what they tell: a root field with all that is asked of it. */
export type Question = { readonly name: string; readonly field: string };

/**
 * Of each list, but for those of the hub's own part: every field of its rows, every condition, order, dimension and measure of its own, and each of those of
 * what is so many relations away.
 */
export function questionsOf(schema: GraphQLSchema, relations: number): Question[] {
  const roots = Object.values(schema.getQueryType()?.getFields() ?? {});
  return roots.flatMap(({ name, args, type }) => {
    const connection = getNamedType(type);
    const argument = (called: string) => args.find((each) => each.name === called)?.type;
    const filter = argument('filter');
    if (!filter || !isObjectType(connection) || fieldsOfHub.has(name)) return [];
    const rows = getNamedType(connection.getFields().nodes?.type);
    return [
      {
        name,
        field: `${name}(first: 60) { totalCount nodes { ${everyField(rows as GraphQLObjectType, 1)} } }`,
      },
      ...conditionsOf(filter, relations).map((condition) => ({
        name: `${name}(filter: ${condition})`,
        field: `${name}(first: 20, filter: ${condition}) { totalCount edges { cursor } }`,
      })),
      ...ordersOf(argument('orderBy'), relations).map((order) => ({
        name: `${name}(orderBy: ${order})`,
        field: `${name}(first: 20, orderBy: [${order}]) { edges { cursor } }`,
      })),
      ...aggregatesOf(connection, relations).map((aggregates) => ({
        name: `${name} ${aggregates}`,
        field: `${name} { ${aggregates} }`,
      })),
    ];
  });
}

/** Each root field that finds a row by its id, with each of these ids. */
export function lookUpsOf(schema: GraphQLSchema, ids: readonly string[]): Question[] {
  return Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, args, type }) => {
    const found = getNamedType(type);
    if (args.length !== 1 || args[0]?.name !== 'id' || !isObjectType(found) || fieldsOfHub.has(name))
      return [];
    return ids.map((id) => ({
      name: `${name}(id: ${id})`,
      field: `${name}(id: "${id}") { ${everyField(found, 0)} }`,
    }));
  });
}

function aggregatesOf(connection: GraphQLObjectType, relations: number): string[] {
  const aggregates = connection.getFields().aggregates;
  const group = getNamedType(aggregates?.type);
  if (!aggregates || !isObjectType(group)) return [];
  const argument = (called: string) => aggregates.args.find(({ name }) => name === called)?.type;
  const measures = everyField(group, 1);
  return [
    `aggregates { ${measures} }`,
    ...ordersOf(argument('groupBy'), relations).map(
      (by) => `aggregates(groupBy: [${by}]) { groupCount count }`,
    ),
    ...conditionsOf(argument('having'), 0).map((having) => `aggregates(having: ${having}) { groupCount }`),
  ];
}

/** Each condition that a filter takes by itself, and so many relations away. */
function conditionsOf(type: GraphQLInputType | undefined, relations: number): string[] {
  const input = getNamedType(type);
  if (!isInputObjectType(input)) return [];
  const fields = Object.values(input.getFields()).filter(({ name }) => !['and', 'or', 'not'].includes(name));
  return fields.flatMap(({ name, type: each }) => {
    const inner = getNamedType(each);
    if (!isInputObjectType(inner)) return [];
    const isRelation = 'some' in inner.getFields() || 'exists' in inner.getFields();
    if (!isRelation) return testsOf(inner).map((test) => `{${name}: ${test}}`);
    const own = [`{${name}: {exists: true}}`, `{not: {${name}: {exists: true}}}`];
    if (relations === 0) return own;
    const some = inner.getFields().some;
    const further = conditionsOf(some?.type ?? inner, relations - 1);
    return [...own, ...further.map((each) => `{${name}: ${some ? `{some: ${each}}` : each}}`)];
  });
}

/** Of an input with operators: some that are met by some values and not by others. */
function testsOf(input: GraphQLInputObjectType): string[] {
  const fields = input.getFields();
  const operator = ['gt', 'contains', 'in', 'eq'].find((each) => each in fields);
  const nested = Object.values(fields).filter(({ type }) => isInputObjectType(getNamedType(type)));
  return [
    ...(operator ? [`{${operator}: ${sampleOf(fields[operator]?.type)}}`] : []),
    ...('isNull' in fields ? ['{isNull: false}'] : []),
    ...nested.flatMap(({ name, type }) =>
      testsOf(getNamedType(type) as GraphQLInputObjectType).map((test) => `{${name}: ${test}}`),
    ),
  ];
}

const samples: Readonly<Record<string, string>> = {
  Boolean: 'true',
  Int: '1',
  Float: '1',
  Decimal: '"1"',
  Yuan: '"150"',
  Date: '"2024-06-01"',
  DateTime: '"2024-06-01T00:00:00Z"',
  ID: '"ent-bona-film"',
};

function sampleOf(type: GraphQLInputType | undefined): string {
  const named = getNamedType(type);
  const values = isEnumType(named) ? named.getValues().map(({ name }) => name) : [];
  // Half of them: some rows meet it.
  const sample = isEnumType(named)
    ? values.slice(0, Math.ceil(values.length / 2)).join(', ')
    : (samples[named?.name ?? ''] ?? '"机密"');
  const isOfMany = isListType(type);
  return isOfMany ? `[${sample}]` : isEnumType(named) ? (values[0] ?? '') : sample;
}

/** Each value that rows are ordered or grouped by, also so many relations away. */
function ordersOf(type: GraphQLInputType | undefined, relations: number): string[] {
  const input = getNamedType(type);
  if (!isInputObjectType(input)) return [];
  return Object.values(input.getFields()).flatMap(({ name, type: each }) => {
    const inner = getNamedType(each);
    if (name === 'field')
      return (inner as GraphQLEnumType).getValues().map((value) => `{field: ${value.name}}`);
    if (!isInputObjectType(inner) || relations === 0) return [];
    return ordersOf(inner, relations - 1).map((order) => `{${name}: ${order}}`);
  });
}
