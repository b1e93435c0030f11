import { readExamples } from '@wenshu/gateway/graphiql/page.ts';
import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { type Federation, startInProcess, type TestSubgraph } from '../support/federation.ts';
import { startHub } from '../support/hub.ts';
import { post } from '../support/post.ts';

const leaf = { name: 'East' };
const parks: TestSubgraph = {
  sdl: `
    type Query { name(of: [[String]], that: That): String park: Park }
    input That { and: That }
    type Park { name: String near: Park }
  `,
  resolvers: { Query: { name: () => 'East', park: () => leaf }, Park: { near: () => leaf } },
};

const ask = (hub: Federation, query: string, headers?: Record<string, string>) =>
  post(hub.url, { query }, headers);

const refusal = (code: string, details: Record<string, unknown>) => ({
  status: 400,
  body: { errors: [{ message: expect.any(String), extensions: { code, ...details } }] },
});

/** Plans made or kept, as operators see them. */
async function plansOf({ url }: Federation): Promise<readonly string[]> {
  const page = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  return page.match(/^wenshu_plans_\w+(\{.*\})? \d+$/gm) ?? [];
}

const levels = (depth: number) => `{ park ${'{ near '.repeat(depth - 2)}{ name }${' }'.repeat(depth - 1)}`;
const aliases = (count: number) => `{ park { ${repeat(count, (n) => `a${n}: name`)} } }`;
const rootFields = (count: number) => `{ ${repeat(count, () => 'name')} }`;
/** `{`, `name`, `(`, `of`, `:`, `[`, the strings, `]`, `)`, `}`. */
const tokens = (count: number) => `{ name(of: [${repeat(count - 9, () => 'null')}]) }`;

const repeat = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

test.each([
  ['QUERY_TOO_DEEP', levels, 12],
  ['TOO_MANY_ALIASES', aliases, 15],
  ['TOO_MANY_ROOT_FIELDS', rootFields, 10],
])('%s: a document at the limit is answered, one beyond it is refused', async (code, document, limit) => {
  await using hub = await startInProcess({ parks });
  expect(await ask(hub, document(limit))).toMatchObject({ status: 200, body: { data: {} } });
  expect(await ask(hub, document(limit + 1))).toMatchObject(refusal(code, { limit, count: limit + 1 }));
});

test('TOO_MANY_FIELDS: a document at the limit is answered, one beyond it is refused', async () => {
  await using hub = await startInProcess({ parks });
  const ten = (text: string) => repeat(10, () => text);
  // 1 + 10 * (1 + 10 * (1 + 18)) = 1911, and so many more.
  const fields = (more: number) => `
    { park { ${ten('...A')} ${repeat(more, () => 'name')} } }
    fragment A on Park { near { ${ten('...B')} } }
    fragment B on Park { near { ${repeat(18, () => 'name')} } }`;
  expect(await ask(hub, fields(89))).toMatchObject({ status: 200, body: { data: {} } });
  expect(await ask(hub, fields(90))).toMatchObject(
    refusal('TOO_MANY_FIELDS', { limit: 2_000, count: 2_001 }),
  );
});

test('TOO_MANY_TOKENS: a document at the limit is answered, one beyond it is refused', async () => {
  await using hub = await startInProcess({ parks });
  expect(await ask(hub, tokens(2_000))).toMatchObject({ status: 200, body: { data: { name: 'East' } } });
  expect(await ask(hub, tokens(2_001))).toMatchObject(refusal('TOO_MANY_TOKENS', { limit: 2_000 }));
});

test('VARIABLES_TOO_DEEP: a variable at the limit is taken, one beyond it is refused', async () => {
  await using hub = await startInProcess({ parks });
  const query = 'query($that: That) { name(that: $that) }';
  const bodyOf = (depth: number) => {
    const that = `${'{"and": '.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
    return `{"query": ${JSON.stringify(query)}, "variables": {"that": ${that}}}`;
  };
  expect(await post(hub.url, bodyOf(50))).toMatchObject({ status: 200, body: { data: { name: 'East' } } });
  const refused = refusal('VARIABLES_TOO_DEEP', { limit: 50 });
  expect(await post(hub.url, bodyOf(51))).toMatchObject(refused);
  expect(await post(hub.url, bodyOf(20_000))).toMatchObject(refused);
});

test('the message says count and limit, and each limit is a setting', async () => {
  await using hub = await startInProcess(
    { parks },
    {
      admission: {
        queryLimits: {
          depth: 2,
          aliases: 0,
          rootFields: 1,
          fields: 3,
          tokens: 9,
          variableDepth: 1,
          conditions: 0,
          cost: 0,
        },
      },
    },
  );
  const message = async (query: string) => (await ask(hub, query)).body.errors?.[0]?.message;
  expect(await message(levels(3))).toBe(
    'The operation has 3 levels of fields; the limit is 2. Ask for less at a time.',
  );
  expect(await message('{ a: name }')).toBe(
    'The operation has 1 aliases; the limit is 0. Ask for less at a time.',
  );
  expect(await message('{ name name }')).toBe(
    'The operation has 2 fields at its root; the limit is 1. Ask for less at a time.',
  );
  expect(await message('{ park { name name name } }')).toBe(
    'The operation has 4 fields; the limit is 3. Ask for less at a time.',
  );
  expect(await message('{ name name name name name name name name }')).toBe(
    'The document has more than 9 tokens (names, values, brackets), which is the limit. Ask in parts.',
  );
  expect(await message('{ name }')).toBe(
    'The operation costs 1 units; the limit is 0. Ask for less at a time.',
  );
});

test.each([
  ['aliases', `{ ${repeat(500, (n) => `a${n}: name`)} }`, 'TOO_MANY_ALIASES'],
  [
    'aliases in a fragment',
    `{ park { ...F near { ...F } } } fragment F on Park { ${repeat(8, (n) => `a${n}: name`)} }`,
    'TOO_MANY_ALIASES',
  ],
  [
    'root fields in a fragment',
    `{ ...F ...F } fragment F on Query { ${repeat(6, () => 'name')} }`,
    'TOO_MANY_ROOT_FIELDS',
  ],
  [
    'levels in a fragment',
    `{ park { ...F } } fragment F on Park { ${levels(12).slice(2)}`.replace('park', 'near'),
    'QUERY_TOO_DEEP',
  ],
  ['directives', `{ name ${repeat(2_000, () => '@include(if: true)')} }`, 'TOO_MANY_TOKENS'],
  ['fewer directives', `{ name ${repeat(200, () => '@include(if: true)')} }`, 'GRAPHQL_VALIDATION_FAILED'],
  ['fragments that double', doubling(60), 'TOO_MANY_FIELDS'],
  [
    'a circular fragment',
    '{ park { ...F } } fragment F on Park { near { ...F } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'circular fragments',
    '{ park { ...A } } fragment A on Park { near { ...B } ...B } fragment B on Park { ...A near { ...A } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['levels', levels(600), 'QUERY_TOO_DEEP'],
  ['levels of a list', `{ name(of: ${'['.repeat(990)}${']'.repeat(990)}) }`, 'GRAPHQL_VALIDATION_FAILED'],
  ['brackets that never end', '{ park '.repeat(100_000), 'TOO_MANY_TOKENS'],
])('a flood of %s is refused, and costs no plan and no call', async (_, query, code) => {
  await using hub = await startInProcess({ parks }, { maxBodyBytes: 10_000_000 });
  const { status, body } = await ask(hub, query);
  expect({ status, code: body.errors[0].extensions.code }).toEqual({ status: 400, code });
  expect(hub.calls).toEqual([]);
  expect(await plansOf(hub)).toEqual([
    'wenshu_plans_total{cache="hit"} 0',
    'wenshu_plans_total{cache="miss"} 0',
    'wenshu_plans_kept 0',
  ]);
});

/** A billion billion fields in 60 fragments. */
function doubling(count: number): string {
  const fragments = repeat(count, (n) => `fragment F${n} on Park { ...F${n + 1} ...F${n + 1} }`);
  return `{ park { ...F0 } } ${fragments} fragment F${count} on Park { name }`;
}

test('each operation of a document is counted for itself', async () => {
  await using hub = await startInProcess({ parks });
  const query = `query A ${rootFields(10)} query B ${rootFields(10)}`;
  expect(await post(hub.url, { query, operationName: 'B' })).toMatchObject({ status: 200 });
});

test('a refusal is the same when it is repeated, and for a caller that takes application/json alone', async () => {
  await using hub = await startInProcess({ parks });
  for (let i = 0; i < 2; i++) {
    expect(await ask(hub, levels(13), { accept: 'application/json' })).toMatchObject(
      refusal('QUERY_TOO_DEEP', { limit: 12, count: 13 }),
    );
  }
});

test('limits hold for a query by GET too', async () => {
  await using hub = await startInProcess({ parks });
  const address = `${hub.url}/graphql?query=${encodeURIComponent(levels(13))}`;
  const response = await fetch(address, { headers: { connection: 'close' } });
  expect({ status: response.status, body: await response.json() }).toMatchObject(
    refusal('QUERY_TOO_DEEP', { count: 13 }),
  );
});

test('several operations in one HTTP request are refused', async () => {
  await using hub = await startInProcess({ parks });
  const answer = await post(hub.url, [{ query: '{ name }' }, { query: '{ name }' }]);
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] } });
  expect(hub.calls).toEqual([]);
});

test('an operation may be named __schema, and is no introspection', async () => {
  await using hub = await startInProcess({ parks }, { mayIntrospect: () => false });
  const query = 'query __schema { __schema: name }';
  expect(await ask(hub, query)).toMatchObject({ status: 200, body: { data: { __schema: 'East' } } });
  expect(await ask(hub, levels(13).replace('{ park', 'query __schema { __schema: park'))).toMatchObject(
    refusal('QUERY_TOO_DEEP', { count: 13 }),
  );
});

test('variables named __proto__ are variables like others', async () => {
  await using hub = await startInProcess({ parks });
  const body = '{"query": "{ name }", "variables": {"__proto__": {"polluted": true}, "constructor": 1}}';
  expect(await post(hub.url, body)).toMatchObject({ status: 200, body: { data: { name: 'East' } } });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('what GraphiQL asks of the schema is no deeper than it may be, below __schema nothing is counted', async () => {
  await using hub = await startInProcess({ parks });
  expect(await ask(hub, getIntrospectionQuery())).toMatchObject({
    status: 200,
    body: { data: { __schema: { queryType: { name: 'Query' } } } },
  });
});

test('introspection is for those who may, and so is the hint what may have been meant', async () => {
  await using hub = await startInProcess(
    { parks },
    { mayIntrospect: ({ headers }) => headers.get('x-role') === 'analyst' },
  );
  const analyst = { 'x-role': 'analyst' };
  const schema = '{ ...F } fragment F on Query { __type(name: "Park") { name } }';
  expect(await ask(hub, schema, analyst)).toMatchObject({ body: { data: { __type: { name: 'Park' } } } });
  expect(await ask(hub, schema)).toMatchObject({
    status: 403,
    body: { errors: [{ extensions: { code: 'INTROSPECTION_REFUSED' } }] },
  });
  const message = async (headers?: Record<string, string>) =>
    (await ask(hub, '{ nam }', headers)).body.errors[0].message;
  expect(await message(analyst)).toBe('Cannot query field "nam" on type "Query". Did you mean "name"?');
  expect(await message()).toBe('Cannot query field "nam" on type "Query".');
});

test('a variable that is declared as $__proto__ is refused', async () => {
  await using hub = await startInProcess({ parks });
  const query = 'query($__proto__: Boolean!) { name @include(if: $__proto__) }';
  const body = `{"query": ${JSON.stringify(query)}, "variables": {"__proto__": true}}`;
  expect(await post(hub.url, body)).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
  });
});

test('an alias may be __proto__', async () => {
  await using hub = await startInProcess({ parks });
  const response = await post(hub.url, { query: '{ __proto__: name park { __proto__: name } }' });
  expect(JSON.stringify(response.body)).toBe('{"data":{"__proto__":"East","park":{"__proto__":"East"}}}');
});

test("the hub's own examples are within all limits, and a page of pages is not", async () => {
  await using hub = await startHub();
  for (const query of readExamples()) expect((await hub.ask(query)).errors).toBeUndefined();
  const { errors } = await hub.ask(
    '{ enterprises(first: 500) { nodes { events(first: 500) { nodes { id } } } } }',
  );
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY', count: 251_001 } }]);
});
