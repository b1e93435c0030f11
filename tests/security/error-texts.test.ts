import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { parksSubgraph } from '@wenshu/parks/server.ts';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { supergraphSdl } from '../support/control-plane.ts';
import { createDatabase } from '../support/database.ts';
import { startFaultServer, status } from '../support/fault-server.ts';
import { startInProcess, startOverHttp, type TestSubgraph } from '../support/federation.ts';
import { startHub } from '../support/hub.ts';
import { unlimited } from '../support/unlimited.ts';

/** Stacks, files, SQL, addresses, ports, libraries. */
const inside =
  /\bat [\w.<> ]+\(|\.(ts|js|mjs)\b|node_modules|node:|\/(tmp|home|srv|root|usr)\/|\bselect\b.*\bfrom\b|relation|column "|ECONN|ENOTFOUND|127\.0\.0\.1|localhost|:\d{4,5}\b|postgres|drizzle|undici|s3cret/i;

const secrets = `select s3cret from parks -- at query (/srv/hub/parks.ts:1:1) postgres://hub:s3cret@10.0.0.5:5432`;
const failing = () => {
  throw new Error(secrets, { cause: new Error(secrets) });
};
const sdl = 'type Query { name(of: Int): String }';

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
  });
  const text = await response.text();
  return { text, failed: text.includes('"errors"') };
}

const ask = (url: string, query: string, variables = {}) =>
  post(`${url}/graphql`, JSON.stringify({ query, variables }));

const shut = { text: expect.not.stringMatching(inside), failed: true };

test('what is looked for would be found', () => {
  for (const text of [secrets, new Error('x').stack, 'connect ECONNREFUSED 127.0.0.1:5432']) {
    expect(text).toMatch(inside);
  }
});

test.each([
  '{',
  '[]',
  '"x"',
  '',
  '{"query":1}',
  '{"query":"{"}',
  '{"query":"{ nothing }"}',
  '{"query":"{ name(of: \\"x\\") }"}',
])('HTTP and GraphQL: %j tells nothing of the inside', async (body) => {
  await using hub = await startInProcess({ parks: { sdl } });
  expect(await post(`${hub.url}/graphql`, body)).toEqual(shut);
  expect(await post(`${hub.url}/graphql/../../etc/passwd`, body)).toEqual(shut);
});

test.each([
  ['a resolver', { sdl, resolvers: { Query: { name: failing } } }],
  ['a subgraph', { sdl, answer: failing }],
  ['a subgraph that answers no GraphQL', { sdl, answer: () => `<html>${secrets}</html>` }],
  ['a subgraph with errors of its own', { sdl, answer: () => ({ errors: [{ message: secrets }] }) }],
  [
    'a subgraph with a stack',
    {
      sdl,
      answer: () => ({
        errors: [
          { message: 'No.', extensions: { code: 'NO', stacktrace: [secrets], exception: { secrets } } },
        ],
      }),
    },
  ],
] as [string, TestSubgraph][])(
  '%s that fails tells nothing of the inside, in process and over HTTP',
  async (_, parks) => {
    for (const start of [startInProcess, startOverHttp]) {
      await using hub = await start({ parks });
      expect(await ask(hub.url, '{ name }')).toEqual(shut);
    }
  },
);

test.each([401, 403, 404, 500, 502, 503])(
  'a subgraph that answers HTTP %i tells nothing of the inside',
  async (code) => {
    await using names = await startFaultServer(status(code, secrets));
    await using hub = await startInProcess(
      { names: { sdl } },
      { subgraphs: (name) => createHttpSubgraph(name, names.url), subgraphLimits: { retries: 0 } },
    );
    expect(await ask(hub.url, '{ name }')).toEqual(shut);
  },
);

test('a subgraph that is not there tells nothing of the inside', async () => {
  await using hub = await startInProcess(
    { names: { sdl } },
    {
      subgraphs: (name) => createHttpSubgraph(name, 'http://127.0.0.1:1/graphql'),
      subgraphLimits: { retries: 0 },
    },
  );
  expect(await ask(hub.url, '{ name }')).toEqual(shut);
  expect(await (await fetch(`${hub.url}/readyz`)).text()).not.toMatch(inside);
});

test('an operation that cannot be planned tells nothing of the inside', async () => {
  await using hub = await startInProcess(
    { parks: { sdl: 'type Query { park: Park } type Park { next: Park id: ID }' } },
    { admission: { queryLimits: unlimited } },
  );
  expect(await ask(hub.url, `{ park ${'{ next'.repeat(900)} { id } ${'}'.repeat(900)} }`)).toEqual(shut);
});

test.each([
  ['without a code', {}],
  ['with a code of its own failure', { code: 'INTERNAL_SERVER_ERROR' }],
  ['about the request of the gateway', { code: 'GRAPHQL_VALIDATION_FAILED' }],
  ['with a code that is no text', { code: { secrets } }],
])('the error of a key call %s tells nothing of the inside', async (_, extensions) => {
  const events = { sdl, answer: () => ({ errors: [{ message: secrets, extensions }] }) };
  await using hub = await startInProcess({ events }, { supergraphSdl });
  const masked = {
    message: 'This field could not be resolved. The cause is in the log.',
    path: ['parks'],
    extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph: 'events', requestId: expect.any(String) },
  };
  for (const argument of ['filter: {events: {exists: true}}', 'orderBy: [{events: {field: START_DATE}}]']) {
    expect(await hub.ask(`{ parks(${argument}) { nodes { id } } }`)).toEqual({
      data: { parks: null },
      errors: [masked],
    });
  }
});

test('the error of a key call that is for callers has no stack', async () => {
  const refusal = {
    message: 'The bounds exclude each other.',
    extensions: { code: 'BAD_USER_INPUT', argument: 'a', http: { status: 400 }, stacktrace: [secrets] },
  };
  const events = {
    sdl,
    answer: () => ({
      errors: [{ ...refusal, extensions: { ...refusal.extensions, exception: { secrets } } }],
    }),
  };
  await using hub = await startInProcess({ events }, { supergraphSdl });
  expect(await hub.ask('{ parks(filter: {events: {exists: true}}) { nodes { id } } }')).toEqual({
    data: { parks: null },
    errors: [
      {
        message: refusal.message,
        path: ['parks'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'a', subgraph: 'events' },
      },
    ],
  });
});

test('a database that is not there tells nothing of the inside', async () => {
  await using hub = await startHub({ brokenDatabase: 'parks' });
  expect(await ask(hub.url, '{ parks { totalCount nodes { id } } }')).toEqual(shut);
});

test('SQL that fails tells nothing of the inside, to callers of the gateway and of the subgraph', async () => {
  await using database = await createDatabase();
  const admin = postgres(database.adminUrl, { max: 1 });
  await admin`alter table parks.parks rename to gone`;
  await admin.end();
  const causes: unknown[] = [];
  const subgraph = parksSubgraph({ url: database.urls.parks, onError: (cause) => causes.push(cause) });
  const url = await subgraph.listen(0);
  expect(await post(url, '{"query":"{ parks { totalCount } }"}')).toEqual(shut);
  // It is the operator who is told.
  expect(String(causes[0])).toMatch(inside);
  await subgraph.close();
});
