import { expect, test } from 'vitest';
import { exportFrom } from '../support/export.ts';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';

/** Three rows. */
const rows: TestSubgraph = {
  sdl: `
    type Query {
      rows(first: Int, after: String): RowConnection @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
      row: Row
    }
    type RowConnection { nodes: [Row!]! pageInfo: PageInfo! totalCount: Int }
    type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Row @key(fields: "id") { id: ID! text: String @cost(weight: 100) }
  `,
  resolvers: {
    Query: {
      rows: (_root: unknown, { first }: { first: number }) => ({
        nodes: ['1', '2', '3'].slice(0, first).map((id) => ({ id, text: `text ${id}` })),
        pageInfo: { endCursor: '3', hasNextPage: false },
        totalCount: 3,
      }),
      row: () => ({ id: '1', text: 'text 1' }),
    },
  },
};

const table = '{ rows(first: 1) { nodes { id } } }';

test.each<[string, unknown, string?]>([
  ['is no GraphQL', { query: '{ rows { nodes {' }],
  ['names an unknown field, which gets a hint', { query: '{ rows { nodes { textt } } }' }],
  ['names no operation', { query: `query A ${table} query B ${table}` }],
  ['names an unknown operation', { query: `query A ${table}`, operationName: 'C' }],
  ['lacks a variable', { query: 'query ($n: Int!) { rows(first: $n) { nodes { id } } }' }],
  [
    'lacks a variable of a directive',
    { query: 'query ($all: Boolean!) { rows { nodes { id @include(if: $all) } } }' },
  ],
  [
    'has a wrong variable',
    { query: 'query ($n: Int) { rows(first: $n) { nodes { id } } }', variables: { n: 'many' } },
  ],
  ['costs too much', { query: '{ rows(first: 50) { nodes { id text } pageInfo { endCursor } } }' }],
  ['has no query', { variables: {} }],
  ['has variables that are no object', { query: table, variables: [1] }],
  ['has variables that are a text', { query: table, variables: '{}' }],
  ['has an operation name that is no text', { query: table, operationName: 1 }],
  ['is a list', [{ query: table }]],
  ['is no object', 'text'],
  ['is not declared as JSON', { query: table }, 'text/plain'],
])('a request that %s gets the same answer from /export as from /graphql', async (_, body, type) => {
  await using hub = await startInProcess(
    { rows },
    { admission: { queryLimits: { ...limits, cost: 1_000 } } },
  );
  const post = async (path: string) => {
    const response = await fetch(`${hub.url}${path}`, {
      method: 'POST',
      headers: { connection: 'close', 'content-type': type ?? 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, answer: await response.json() };
  };
  const answered = await post('/graphql');
  expect(answered.status).toBe(400);
  expect(await post('/export')).toEqual(answered);
});

const limits = {
  depth: 99,
  aliases: 99,
  rootFields: 99,
  fields: 999,
  tokens: 999,
  variableDepth: 9,
  conditions: 99,
};

test('a query that is not a table is answered once, with the headers of an answer', async () => {
  await using hub = await startInProcess({ rows });
  const { status, headers, text } = await exportFrom(hub.url, { query: '{ row { id } none: row { id } }' });
  expect([status, headers.get('content-type'), JSON.parse(text)]).toEqual([
    200,
    'application/json; charset=utf-8',
    { data: { row: { id: '1' }, none: { id: '1' } } },
  ]);
});

test('the default value of a variable counts for the columns', async () => {
  await using hub = await startInProcess({ rows });
  const query =
    'query ($all: Boolean = false) { rows { nodes { id text @include(if: $all) same: text @skip(if: $all) } } }';
  const lines = (column: string) => [1, 2, 3].map((i) => `{"id":"${i}","${column}":"text ${i}"}\n`).join('');
  expect(await exportFrom(hub.url, { query })).toMatchObject({ status: 200, text: lines('same') });
  const all = await exportFrom(hub.url, { query, variables: { all: true } });
  expect(all.text).toBe(lines('text'));
});

test('a reader accepts the format that it asks for, and gets errors as JSON', async () => {
  await using hub = await startInProcess({ rows });
  const accept = { accept: 'text/csv' };
  const answered = await exportFrom(hub.url, { query: table, format: 'csv' }, accept);
  expect([answered.status, answered.text]).toEqual([200, 'id\r\n1\r\n2\r\n3\r\n']);
  const wrong = await exportFrom(hub.url, { query: '{ none }', format: 'csv' }, accept);
  expect([wrong.status, JSON.parse(wrong.text).errors[0].extensions.code]).toEqual([
    400,
    'GRAPHQL_VALIDATION_FAILED',
  ]);
});
