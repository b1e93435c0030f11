import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import type { Words } from './errors.ts';

/** Returns a scalar whose values are sent as text: `accepts` tests what a caller wrote, `example` shows the form. */
function textScalar(
  name: string,
  accepts: (text: string) => boolean,
  example: string,
  exampleZh = example,
  serialize: (value: unknown) => unknown = (value) => value,
): GraphQLScalarType {
  const refuse = ({ message, messageZh }: Words, node?: ValueNode) =>
    new GraphQLError(message, {
      ...(node && { nodes: [node] }),
      extensions: { code: 'BAD_USER_INPUT', messageZh },
    });
  const read = (value: unknown, node?: ValueNode): string => {
    if (typeof value === 'string' && accepts(value)) return value;
    const given = shortened(JSON.stringify(value));
    const message = `${name} must look like ${example}, not ${given}.`;
    throw refuse({ message, messageZh: `${name} 应形如 ${exampleZh},不能是 ${given}。` }, node);
  };
  const readNumber = (value: number): string => {
    const text = String(value);
    if (digitsOf(text) <= exactDigits) return read(text);
    throw refuse({
      message: `${name} of more than ${exactDigits} digits must be text, like ${example}, because JSON numbers lose digits.`,
      messageZh: `超过 ${exactDigits} 位的 ${name} 须写成文本,形如 ${exampleZh}:JSON 数字会丢失位数。`,
    });
  };
  return new GraphQLScalarType({
    name,
    serialize,
    parseValue: (value) => (typeof value === 'number' ? readNumber(value) : read(value)),
    parseLiteral: (node) => read('value' in node ? node.value : undefined, node),
  });
}

/** Number of digits that a number keeps in JSON. */
const exactDigits = 15;
const digitsOf = (text: string) => text.replace(/^[-0.]+|\D/g, '').length;
const shortened = (text = 'nothing') => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const isCalendarDate = (text: string) => {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};
const isMoment = (text: string) =>
  /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text) &&
  !Number.isNaN(Date.parse(text));
const isDecimal = (text: string) => /^-?\d{1,30}(\.\d{1,10})?$/.test(text);
const decimalsAt = (example: string) =>
  [
    `"${example}" (at most 30 digits, and 10 after the point)`,
    `"${example}"(整数至多 30 位,小数至多 10 位)`,
  ] as const;

/** Converts the form of Postgres, `2024-07-21 08:00:00.5+00`. */
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

/** Scalars of `common.graphql` whose values are sent as text. The resolver checks whether a credit code is valid. */
export const textScalars = {
  CreditCode: textScalar('CreditCode', () => true, '"91350100M000100Y43"'),
  Date: textScalar('Date', isCalendarDate, '"2024-07-21"'),
  DateTime: textScalar('DateTime', isMoment, '"2024-07-21T08:00:00Z"', undefined, momentOfPostgres),
  Decimal: textScalar('Decimal', isDecimal, ...decimalsAt('97.44')),
  Yuan: textScalar('Yuan', isDecimal, ...decimalsAt('2528000')),
};

/** Parsers and serializers of the scalars of `common.graphql`. */
export const scalars = {
  ...textScalars,
  JSON: new GraphQLScalarType({ name: 'JSON', parseValue: (value) => value, parseLiteral: jsonOf }),
};
