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
import { fieldsOfHub } from './control-plane.ts';
import { everyField } from './every-field.ts';

/** A root field with a selection: one way to ask a list for what it discloses. */
export type Question = {
  readonly name: string;
  readonly field: string;
  /** Type of the variable `$filter`, if the field has one. */
  readonly filter?: string;
};

/**
 * Returns questions for each list, except those of the control plane: every field of its rows, every condition, order, dimension and
 * measure of its own, and those of rows that are this many relations away.
 */
export function questionsOf(schema: GraphQLSchema, relations: number, first: number): Question[] {
  const roots = Object.values(schema.getQueryType()?.getFields() ?? {});
  return roots.flatMap(({ name, args, type }) => {
    const connection = getNamedType(type);
    const argument = (called: string) => args.find((each) => each.name === called)?.type;
    const filter = argument('filter');
    if (!filter || !isObjectType(connection) || fieldsOfHub.has(name)) return [];
    const rows = getNamedType(connection.getFields().nodes?.type);
    // Lists of events and tasks are not counted.
    const count = connection.getFields().totalCount ? 'totalCount ' : '';
    return [
      {
        name,
        filter: getNamedType(filter).name,
        field: `${name}(first: ${first}, filter: $filter) { ${count}nodes { ${everyField(rows as GraphQLObjectType, 1)} } }`,
      },
      ...conditionsOf(filter, relations).map((condition) => ({
        name: `${name}(filter: ${condition})`,
        field: `${name}(first: 20, filter: ${condition}) { ${count}edges { cursor } }`,
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

/** Returns a look-up of each of these rows by its id, by the root field of its type. */
export function lookUpsOf(
  schema: GraphQLSchema,
  ids: Readonly<Record<string, readonly string[]>>,
): Question[] {
  return Object.entries(ids).flatMap(([root, each]) => {
    const found = getNamedType(schema.getQueryType()?.getFields()[root]?.type);
    if (!isObjectType(found)) throw new Error(`Query.${root} finds no row.`);
    return each.map((id) => ({
      name: `${root}(id: ${id})`,
      field: `${root}(id: "${id}") { ${everyField(found, 0)} }`,
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
    if (!isRelation)
      return testsOf(inner, codes[inner.name] ?? codes[name]).map((test) => `{${name}: ${test}}`);
    const own = [`{${name}: {exists: true}}`, `{not: {${name}: {exists: true}}}`];
    if (relations === 0) return own;
    const some = inner.getFields().some;
    const further = conditionsOf(some?.type ?? inner, relations - 1);
    return [...own, ...further.map((each) => `{${name}: ${some ? `{some: ${each}}` : each}}`)];
  });
}

/** Returns tests for an input with operators that some values meet and others do not. */
function testsOf(input: GraphQLInputObjectType, code?: string): string[] {
  const fields = input.getFields();
  const operator = ['gt', 'contains', 'in', 'eq'].find((each) => each in fields);
  const nested = Object.values(fields).filter(({ type }) => isInputObjectType(getNamedType(type)));
  return [
    ...(operator ? [`{${operator}: ${code ? `["${code}"]` : sampleOf(fields[operator]?.type)}}`] : []),
    ...('isNull' in fields ? ['{isNull: false}'] : []),
    ...nested.flatMap(({ name, type }) =>
      testsOf(getNamedType(type) as GraphQLInputObjectType).map((test) => `{${name}: ${test}}`),
    ),
  ];
}

/** Codes for conditions that refuse unknown ones, by their input or name. */
const codes: Readonly<Record<string, string>> = {
  RegionFilter: '370212',
  metric: 'TAX_PAID',
  topic: 'CULTURE_INDUSTRY',
};

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
