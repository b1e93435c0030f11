import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { fieldsOfHub, type KeyHub, somebody, startKeyHub } from '../support/key-hub.ts';

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));

const metacharacters = [
  "' OR '1'='1",
  "x'; DROP TABLE parks; --",
  "\\'; SELECT pg_sleep(60); --",
  '"; --',
  '$1 $$ :x ? /*',
  '{x,"y"}\'',
  "%'_\\",
  'a\u0000b',
  '\ud800\u2028\r\n',
];

type Field = GraphQLField<unknown, unknown>;

/** A place in the arguments of a root field where text goes. */
type Place = { readonly name: string; readonly field: Field; fill(text: string): Record<string, unknown> };

const numeric = new Set(['Int', 'Float', 'Boolean']);

/** Inputs by which a list is filtered or ordered by what is related to its rows. */
const isOfList = (type: GraphQLInputType) => /(?:Filter|Order|Relation)$/.test(getNamedType(type).name);
const mayLeadOn = (type: GraphQLInputType) => {
  const named = getNamedType(type);
  return isInputObjectType(named) && Object.values(named.getFields()).some((field) => isOfList(field.type));
};

/**
 * Each way to put text into a value of this type: its name, and the value with the text. Of what leads on to another
 * list one way is enough: that list has its own.
 */
function* placesIn(
  type: GraphQLInputType,
  above: readonly string[] = [],
): Generator<{ path: string; fill(text: string): unknown }> {
  if (isNonNullType(type)) return yield* placesIn(type.ofType, above);
  if (isListType(type)) {
    for (const { path, fill } of placesIn(type.ofType, above)) yield { path, fill: (text) => [fill(text)] };
  } else if (isInputObjectType(type)) {
    if (above.includes(type.name) || above.length > 3) return;
    const fields = Object.values(type.getFields());
    for (const field of fields) {
      const others = fields.filter((each) => each !== field && isRequiredInputField(each));
      for (const { path, fill } of placesIn(field.type, [...above, type.name])) {
        const sampled = Object.fromEntries(others.map((each) => [each.name, sampleOf(each.type)]));
        yield { path: `.${field.name}${path}`, fill: (text) => ({ ...sampled, [field.name]: fill(text) }) };
        if (mayLeadOn(field.type)) break;
      }
    }
  } else if (!isEnumType(type) && !numeric.has(type.name)) {
    yield { path: '', fill: (text) => text };
  }
}

/** Any value that is required beside the one in question. */
function sampleOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return numeric.has(type.name) ? 1 : 'x';
  const required = Object.values(type.getFields()).filter(isRequiredInputField);
  return Object.fromEntries(required.map((field) => [field.name, sampleOf(field.type)]));
}

const places: Place[] = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((field) =>
  field.args.flatMap((arg) =>
    [...placesIn(arg.type)].map(({ path, fill }) => ({
      name: `${field.name}(${arg.name}${path})`,
      field,
      fill: (text: string) => ({
        ...Object.fromEntries(
          field.args.filter(isRequiredArgument).map((each) => [each.name, sampleOf(each.type)]),
        ),
        [arg.name]: fill(text),
      }),
    })),
  ),
);

/** Asks the field with its arguments as variables, and for what makes it run SQL. */
function documentOf({ name, args, type }: Field, given: Record<string, unknown>): string {
  const used = args.filter((arg) => arg.name in given);
  const variables = used.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const named = getNamedType(type);
  const isConnection = isObjectType(named) && 'nodes' in named.getFields();
  const selection = isConnection ? '{ nodes { __typename } }' : '{ __typename }';
  return `query (${variables}) { ${name}(${used.map((arg) => `${arg.name}: $${arg.name}`).join(', ')}) ${selection} }`;
}

let hub: TestHub;
let keyHub: KeyHub;
beforeAll(async () => {
  hub = await startHub();
  keyHub = await startKeyHub();
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await keyHub[Symbol.asyncDispose]();
});

/** Keys and agreements are for stewards; the data is asked for without access control, which would withhold some of it. */
const steward = somebody('PROPAGANDA', 'steward');
const ask = (field: Field, given: Record<string, unknown>) =>
  fieldsOfHub.has(field.name)
    ? keyHub.ask(steward, documentOf(field, given), given)
    : hub.ask(documentOf(field, given), given);

test('there are filters to attack', () => {
  expect(places.length).toBeGreaterThan(300);
});

test.each([...Map.groupBy(places, ({ field }) => field.name)])(
  'SQL metacharacters in every argument of %s',
  async (_, ofField) => {
    const harmed: unknown[] = [];
    for (const { name, field, fill } of ofField) {
      for (const text of metacharacters) {
        const given = fill(text);
        const { data, errors = [] } = await ask(field, given);
        const codes = errors.map(({ extensions }) => extensions.code);
        const found = (data?.[field.name] ?? undefined) as { nodes?: unknown[] } | undefined;
        const isSafe = codes.every((code) => code === 'BAD_USER_INPUT') && !found?.nodes?.length;
        if (!isSafe) harmed.push({ name, text, codes, found });
      }
    }
    expect(harmed).toEqual([]);
  },
);
