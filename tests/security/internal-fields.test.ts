import { readFileSync } from 'node:fs';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { parksSubgraph } from '@wenshu/parks/server.ts';
import { signCall } from '@wenshu/schema/signature.ts';
import { snapshotPath } from '@wenshu/schema/snapshot.ts';
import { buildSchema, isInputObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { exportFrom } from '../support/export.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { keyRing } from '../support/signing.ts';

const read = (file: string) => readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8');
const schema = buildSchema(read('api.graphql'));

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

test('nothing that is between gateway and subgraphs is in the public schema', () => {
  const names = Object.values(schema.getTypeMap()).flatMap((type) => [
    type.name,
    ...(isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : []),
  ]);
  expect(names.filter((name) => /^_(?!_)/.test(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(1_000);
});

test.each([
  ['_entities', '{ _entities(representations: [{__typename: "Inspection", id: "i1"}]) { __typename } }'],
  ['_service', '{ _service { sdl } }'],
  ['bulk rows', '{ _rows(query: "{ inspections { nodes { id } } }") { lines } }'],
  ['a page of an outbox', '{ _changes(types: ["ServiceRequest"], first: 1) { id } }'],
  ['an outbox as it grows', 'subscription { _changes { id } }'],
  ['related keys of a row', '{ enterprises { nodes { _parksKeys } } }'],
  ['related keys in a condition', '{ enterprises(filter: {_related: {}}) { nodes { id } } }'],
  ['related keys in an order', '{ enterprises(orderBy: [{_related: {}}]) { nodes { id } } }'],
  ['related keys in groups', '{ enterprises { aggregates(groupBy: [{_related: {}}]) { count } } }'],
])('internal fields: %s are asked for by nobody, at /graphql or /export', async (_, query) => {
  const refused = [expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })];
  expect((await hub.ask(query)).errors).toEqual(refused);
  expect((await hub.ask(query, {}, { 'x-wenshu-explain': '1' })).errors).toEqual(refused);
  const { status, text } = await exportFrom(hub.url, { query });
  expect([status, JSON.parse(text).errors]).toEqual([400, refused]);
});

test('internal inputs: in a variable they are no part of a condition either', async () => {
  const query = 'query ($f: EnterpriseFilter) { enterprises(filter: $f) { totalCount } }';
  for (const f of [{ _related: { keys: ['x'] } }, { and: [{ _related: [] }] }, { park: { _related: {} } }]) {
    const { data, errors } = await hub.ask(query, { f });
    expect([data?.enterprises, errors?.map(({ extensions }) => extensions.code)]).toEqual([
      undefined,
      ['BAD_USER_INPUT'],
    ]);
  }
});

test('forged headers: with those of a signed call, or of a snapshot, a caller gets what it gets without', async () => {
  const asked = '{ enterprises(first: 1) { nodes { id } } }';
  const call = { method: 'POST', target: '/graphql', contentType: 'application/json', body: asked };
  const forged = {
    ...signCall(keyRing('hub'), 'enterprises', call, {
      caller: { kind: 'department', department: 'MARKET_REGULATION', role: 'operator', user: 'x' },
    }),
    'x-wenshu-snapshot': '00000003-0000001B-1',
    'x-wenshu-caller': 'e30',
    'x-wenshu-bulk': '1',
  };
  expect(await hub.ask(asked, {}, forged)).toEqual(await hub.ask(asked));
});

test('direct calls: a subgraph gives rows, keys, entities and snapshots to its gateway alone', async () => {
  await using database = await createDatabase();
  const keys = keyRing('a');
  const subgraph = parksSubgraph({ url: database.urls.parks, keys });
  await using _closed = { [Symbol.asyncDispose]: () => subgraph.close() };
  const address = await subgraph.listen(0);
  const queries = [
    '{ _service { sdl } }',
    '{ _rows(query: "{ parks { nodes { id } } }") { lines rows } }',
    '{ _entities(representations: [{__typename: "Park", id: "park-798"}]) { ... on Park { nameZh } } }',
  ];
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, address), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    });
  for (const query of queries) {
    expect((await post('/graphql', JSON.stringify({ query }))).status).toBe(401);
  }
  expect((await post(snapshotPath, '')).status).toBe(401);
  // What was signed for one door opens no other.
  const call = { method: 'POST', target: '/graphql', contentType: 'application/json', body: '' };
  expect((await post(snapshotPath, '', signCall(keys, 'parks', call, {}))).status).toBe(401);
  const ask = createHttpSubgraph('parks', address, { keys });
  await using _pool = { [Symbol.asyncDispose]: async () => ask.close?.() };
  const answer = await ask(
    {
      kind: 'query',
      query:
        '{ _entities(representations: [{__typename: "Park", id: "park-798"}]) { ... on Park { nameZh } } }',
    },
    { requestId: 'r', headers: new Map() },
  );
  expect(answer).toEqual({ data: { _entities: [{ nameZh: '798艺术区' }] } });
});
