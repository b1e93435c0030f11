import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** A scalar that travels as text: `accepts` says what a caller may write, `example` how it looks. */
function textScalar(
  name: string,
  accepts: (text: string) => boolean,
  example: string,
  serialize: (value: unknown) => unknown = (value) => value,
): GraphQLScalarType {
  const read = (value: unknown, node?: ValueNode): string => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && accepts(text)) return text;
    throw new GraphQLError(`${name} must look like ${example}, not ${JSON.stringify(value)}.`, {
      ...(node && { nodes: [node] }),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  };
  return new GraphQLScalarType({
    name,
    serialize,
    parseValue: (value) => read(value),
    parseLiteral: (node) => read('value' in node ? node.value : undefined, node),
  });
}

const isCalendarDate = (text: string) => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};
const isMoment = (text: string) =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text) &&
  !Number.isNaN(Date.parse(text));
const isDecimal = (text: string) => /^-?\d{1,30}(\.\d{1,10})?$/.test(text);

/** Postgres writes `2024-07-21 08:00:00.5+00`. */
const momentOfPostgres = (value: unknown) =>
  String(value)
    .replace(' ', 'T')
    .replace(/\+00(:00)?$/, 'Z');

function jsonOf(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, jsonOf(field.value)]));
    case Kind.LIST:
      return node.values.map(jsonOf);
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    default:
      return 'value' in node ? node.value : undefined;
  }
}

/** How the scalars of `common.graphql` are read. Whether a credit code is true is for its resolver to say. */
export const scalars = {
  CreditCode: textScalar('CreditCode', () => true, '"91350100M000100Y43"'),
  Date: textScalar('Date', isCalendarDate, '"2024-07-21"'),
  DateTime: textScalar('DateTime', isMoment, '"2024-07-21T08:00:00Z"', momentOfPostgres),
  Decimal: textScalar('Decimal', isDecimal, '"97.44"'),
  Yuan: textScalar('Yuan', isDecimal, '"2528000"'),
  JSON: new GraphQLScalarType({ name: 'JSON', parseValue: (value) => value, parseLiteral: jsonOf }),
};
