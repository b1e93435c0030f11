import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  isScalarType,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';

const schema = buildASTSchema(
  parse(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8')),
  { assumeValidSDL: true },
);
const fieldsOf = (name: string) => {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
};
type Field = GraphQLField<unknown, unknown>;

const isNumber = (field: Field) =>
  ['Int', 'Float', 'Decimal', 'Yuan'].includes(getNamedType(field.type).name);

/** Whether a field is a number over many rows, or an object with such numbers that is no record. */
function isOverRows({ type }: Field): boolean {
  const named = getNamedType(type);
  if (isScalarType(named)) return isNumber({ type } as Field);
  return isObjectType(named) && !isListType(getNullableType(type)) && /(Summary|Coverage)$/.test(named.name);
}

const takesSynthetic = ({ args }: Field) => args.some(({ name }) => name === 'synthetic');

/** Whether the rows of a list are real or synthetic. */
function hasBothKinds({ type }: Field): boolean {
  const page = getNamedType(type);
  const nodes = isObjectType(page) ? page.getFields().nodes : undefined;
  const row = nodes ? getNamedType(nodes.type) : isListType(getNullableType(type)) ? page : undefined;
  return isObjectType(row) && row.getFields().synthetic !== undefined;
}

/** Whether a list takes the kind, as an argument or in its filter. */
function choosesKind(field: Field): boolean {
  const filter = field.args.find(({ name }) => name === 'filter');
  const input = filter && getNamedType(filter.type);
  return takesSynthetic(field) || (isInputObjectType(input) && input.getFields().synthetic !== undefined);
}

/* Before, `enterpriseCount` of a region rose from 4 to 171 when a synthetic city was generated. */
describe.each(['Query', 'Region'])('real and synthetic rows of %s', (name) => {
  const fields = fieldsOf(name);
  const numbers = fields.filter(isOverRows).map((field) => [field.name, field] as const);
  const lists = fields.filter(hasBothKinds).map((field) => [field.name, field] as const);

  it('has numbers or lists', () => {
    expect(numbers.length + lists.length).toBeGreaterThan(10);
  });

  it.each(numbers)('are never in one number: %s takes the kind and says it', (_name, field) => {
    expect(takesSynthetic(field)).toBe(true);
    const says =
      /synthetic/.test(field.description ?? '') ||
      fieldsOf(getNamedType(field.type).name).some((each) => each.name === 'synthetic');
    expect(says).toBe(true);
  });

  it.each(lists)('are never in one list: %s takes the kind', (_name, field) => {
    expect(choosesKind(field)).toBe(true);
  });
});
