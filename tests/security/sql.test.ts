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
import { steward } from '../support/callers.ts';
import { fieldsOfHub } from '../support/control-plane.ts';
import { exportFrom } from '../support/export.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { unlimited } from '../support/unlimited.ts';

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

/** What a list sums up takes text of its own: these are put in as they stand. */
const literals = metacharacters.map((text) => JSON.stringify(text));

const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, type }) => {
  const connection = getNamedType(type);
  const aggregates = isObjectType(connection) ? connection.getFields().aggregates : undefined;
  return aggregates ? [{ name, aggregates }] : [];
});

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

/**
 * Fields that describe what they ask about instead of selecting rows, with what is asked of each row: an odd text is answered as any other
 * word that nobody uses.
 */
const describing = new Map([['policyMatchesFor', 'verdict metCount unknownCount notMetCount']]);

/** Asks the field once for each set of arguments, as variables, and for what makes it run SQL. */
function documentOf({ name, args, type }: Field, given: readonly Record<string, unknown>[]) {
  const named = getNamedType(type);
  const selection =
    isObjectType(named) && 'nodes' in named.getFields()
      ? `{ nodes { __typename ${describing.get(name) ?? ''} } }`
      : '{ __typename }';
  const asked = given.map((each, i) => ({ i, used: args.filter((arg) => arg.name in each), each }));
  const variables = asked.flatMap(({ i, used }) => used.map((arg) => `$${arg.name}${i}: ${arg.type}`));
  const fields = asked.map(
    ({ i, used }) =>
      `a${i}: ${name}(${used.map((arg) => `${arg.name}: $${arg.name}${i}`).join(', ')}) ${selection}`,
  );
  return {
    query: `query (${variables.join(', ')}) { ${fields.join(' ')} }`,
    variables: Object.fromEntries(
      asked.flatMap(({ i, used, each }) => used.map(({ name }) => [`${name}${i}`, each[name]])),
    ),
  };
}

let hub: TestHub;
let keyHub: TestHub;
beforeAll(async () => {
  hub = await startHub({ admission: { queryLimits: unlimited } });
  keyHub = await startHub({ graph: 'control plane', keys: true });
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await keyHub[Symbol.asyncDispose]();
});

/** Keys and agreements are for stewards; the data is asked for without access control, which would withhold some of it. */
const ask = (field: Field, given: readonly Record<string, unknown>[]) => {
  const { query, variables } = documentOf(field, given);
  return fieldsOfHub.has(field.name) ? keyHub.as(steward).ask(query, variables) : hub.ask(query, variables);
};

type Found = { readonly codes: readonly unknown[]; readonly found: { nodes?: unknown[] } | undefined };

/**
 * What each set of arguments is answered: of all in one operation. Where that is refused as a whole for some of the variables, the
 * others are asked again.
 */
async function answersTo(field: Field, given: readonly Record<string, unknown>[]): Promise<readonly Found[]> {
  if (given.length === 0) return [];
  const { data, errors = [] } = await ask(field, given);
  if (given.length > 1 && errors.some(({ path }) => path === undefined)) {
    const codesOf = (i: number) =>
      errors.filter(({ message }) => variableIn(message) === i).map(({ extensions }) => extensions.code);
    const isRefused = (_: unknown, i: number) => codesOf(i).length > 0;
    const left = given.filter((each, i) => !isRefused(each, i));
    const found = (
      left.length < given.length ? await answersTo(field, left) : await oneByOne(field, left)
    ).values();
    return given.map((each, i) =>
      isRefused(each, i) ? { codes: codesOf(i), found: undefined } : (found.next().value as Found),
    );
  }
  return given.map((_, i) => ({
    codes: errors
      .filter(({ path }) => (path?.[0] ?? `a${i}`) === `a${i}`)
      .map(({ extensions }) => extensions.code),
    found: (data?.[`a${i}`] ?? undefined) as Found['found'],
  }));
}

const oneByOne = async (field: Field, given: readonly Record<string, unknown>[]) =>
  (await Promise.all(given.map((one) => answersTo(field, [one])))).flat();

/** Returns the number at the end of the name of the variable that an error is about. */
const variableIn = (message: string) => Number(/^Variable "\$[a-z]+(\d+)"/i.exec(message)?.[1] ?? Number.NaN);

test('there are filters to attack', () => {
  expect(places.length).toBeGreaterThan(300);
});

test.each([...Map.groupBy(places, ({ field }) => field.name)])(
  'SQL metacharacters in every argument of %s',
  async (_, ofField) => {
    const harmed: unknown[] = [];
    for (const { name, field, fill } of ofField) {
      const answers = await answersTo(field, metacharacters.map(fill));
      const [plain] = describing.has(field.name) ? await answersTo(field, [fill('x')]) : [];
      const expected = JSON.stringify(plain?.found?.nodes ?? []);
      for (const [i, { codes, found }] of answers.entries()) {
        const nodes = found?.nodes ?? [];
        const isSafe =
          codes.every((code) => code === 'BAD_USER_INPUT') &&
          (nodes.length === 0 || JSON.stringify(nodes) === expected);
        if (!isSafe) harmed.push({ name, text: metacharacters[i], codes, found });
      }
    }
    expect(harmed).toEqual([]);
  },
);

test.each(lists)(
  'SQL metacharacters in the groups of $name: in their conditions, and for names of what they are by',
  async ({ name, aggregates }) => {
    const having = aggregates.args.find((argument) => argument.name === 'having');
    const harmed: unknown[] = [];
    // One text for each place, in turn: conditions on groups are of few kinds, and of many measures.
    const conditions = [...(having ? placesIn(having.type) : [])];
    for (const [i, { path, fill }] of conditions.entries()) {
      const text = metacharacters[i % metacharacters.length] ?? '';
      const query = `query ($having: ${having?.type}) { ${name} { aggregates(having: $having) { count } } }`;
      const { errors = [] } = await hub.ask(query, { having: fill(text) });
      const codes = errors.map(({ extensions }) => extensions.code);
      if (codes.some((code) => code !== 'BAD_USER_INPUT')) harmed.push({ path, text, codes });
    }
    for (const literal of literals) {
      const { errors = [] } = await hub.ask(
        `{ ${name} { aggregates(groupBy: [{field: ${literal}}]) { count } } }`,
      );
      const codes = errors.map(({ extensions }) => extensions.code);
      // A lone half of a character is no text of GraphQL.
      if (!/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/.test(codes.join())) harmed.push({ literal, codes });
    }
    expect(harmed).toEqual([]);
  },
);

test('SQL metacharacters in what an export is given: variables, the cursor it goes on from', async () => {
  const query = 'query ($text: String) { parks(filter: {nameZh: {contains: $text}}) { nodes { id } } }';
  for (const text of metacharacters) {
    const found = await exportFrom(hub.url, { query, variables: { text } });
    expect([text, [200, 400].includes(found.status), found.text.includes('park-')]).toEqual([
      text,
      true,
      false,
    ]);
    const cursor = Buffer.from(JSON.stringify(['ID ASC', text])).toString('base64url');
    for (const after of [text, cursor]) {
      const { status, text: answer } = await exportFrom(hub.url, {
        query: '{ parks { nodes { id } } }',
        after,
      });
      expect([after, [200, 400].includes(status), /syntax|postgres|column/i.test(answer)]).toEqual([
        after,
        true,
        false,
      ]);
    }
  }
});

test('SQL metacharacters in what is kept of keys and agreements: each text stays as it was given, or is refused', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const kept: string[] = [];
  for (const text of metacharacters) {
    const { data, errors = [] } = await keyHub
      .as(steward)
      .ask(
        'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { partner contact } } }',
        { input: { partner: text, contact: text, scopes: ['Park'], expiresAt } },
      );
    const made = data?.createApiKey as { apiKey: object } | null;
    if (made) expect(made.apiKey).toEqual({ partner: text, contact: text });
    else expect([text, errors.map(({ extensions }) => extensions.code)]).toEqual([text, ['BAD_USER_INPUT']]);
    if (made) kept.push(text);
    const agreement = await keyHub
      .as(steward)
      .ask(
        'mutation ($input: RequestAgreementInput!) { requestAgreement(input: $input) { purpose basis method } }',
        {
          input: {
            fields: ['Enterprise.inspections'],
            purpose: text,
            basis: text,
            method: text,
            endsOn: '2099-12-31',
          },
        },
      );
    const requested = agreement.data?.requestAgreement as object[] | null;
    if (requested) expect(requested).toEqual([{ purpose: text, basis: text, method: text }]);
    else expect(agreement.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  }
  expect(kept.length).toBe(7);
});
