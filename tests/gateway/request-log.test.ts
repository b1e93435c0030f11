import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { startInProcess, startOverHttp, type TestSubgraph } from '../support/federation.ts';
import { recordingLog } from '../support/recording-log.ts';

const parks: TestSubgraph = {
  sdl: 'type Query { park(id: ID): Park } type Park @key(fields: "id") { id: ID! }',
  resolvers: { Query: { park: (_: unknown, { id }: { id?: string }) => ({ id: id ?? 'p1' }) } },
};
const names: TestSubgraph = {
  sdl: 'type Park @key(fields: "id") { id: ID! name: String }',
  answer: () => ({ data: { _entities: [{ name: 'East' }] } }),
};

async function ask(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { connection: 'close', 'content-type': 'application/json', ...headers },
  });
  return response.text();
}

test('each request is one line: what was asked, of whom, and how it went', async () => {
  const log = recordingLog();
  await using hub = await startOverHttp({ parks, names }, { log });
  const query = 'query Names($id: ID) { park(id: $id) { name } }';
  await ask(
    hub.url,
    { query, variables: { id: 'secret-7' } },
    { 'x-request-id': 'r1', authorization: 'Bearer x' },
  );
  expect(log.lines).toEqual([
    {
      level: 'info',
      message: 'request',
      requestId: 'r1',
      operation: 'Names',
      hash: createHash('sha256').update(query).digest('hex'),
      status: 200,
      outcome: 'ok',
      durationMs: expect.any(Number),
      calls: { parks: 1, names: 1 },
    },
  ]);
});

test('a line says what failed, by its code', async () => {
  const log = recordingLog();
  const down = { ...names, answer: () => Promise.reject(new Error('down')) };
  await using hub = await startInProcess({ parks, names: down }, { log });
  await ask(hub.url, { query: '{ park { name } }' });
  expect(log.lines.filter(({ message }) => message === 'request')).toMatchObject([
    { operation: null, status: 200, outcome: 'partial', errorCodes: ['SUBGRAPH_UNAVAILABLE'] },
  ]);
});

test.each([
  ['no GraphQL', { query: '{', operationName: 'x' }, 400, 'GRAPHQL_PARSE_FAILED'],
  ['not in the graph', { query: '{ nothing }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['no JSON', '{', 400, 'BAD_REQUEST'],
  ['no question', {}, 400, 'BAD_REQUEST'],
])('a request that is %s has a line too, without what it tried', async (_, body, status, code) => {
  const log = recordingLog();
  await using hub = await startInProcess({ parks, names }, { log });
  await ask(hub.url, body);
  expect(log.lines).toEqual([
    {
      level: 'info',
      message: 'request',
      requestId: expect.any(String),
      status,
      outcome: 'refused',
      durationMs: expect.any(Number),
      calls: {},
      errorCodes: [code],
    },
  ]);
});
