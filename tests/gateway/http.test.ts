import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import { expect, test } from 'vitest';
import { startInProcess, startOverHttp, supergraphOf, type TestSubgraph } from '../support/federation.ts';

const parks: TestSubgraph = {
  sdl: 'type Query { name(of: String): String }',
  resolvers: { Query: { name: (_: unknown, { of }: { of?: string }) => of ?? 'East' } },
};

const get = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { connection: 'close', ...headers } });

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    body,
    headers: { connection: 'close', 'content-type': 'application/json', ...headers },
  });

test('a query can be asked by GET', async () => {
  await using hub = await startInProcess({ parks });
  const response = await get(`${hub.url}/graphql?query={name}`, { 'apollo-require-preflight': 'yes' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ data: { name: 'East' } });
});

test('a request that a foreign page could send without asking is refused', async () => {
  await using hub = await startInProcess({ parks });
  const response = await post(hub.url, '{"query":"{name}"}', { 'content-type': 'text/plain' });
  expect(response.status).toBe(400);
});

test.each(['{"query":', 'nothing'])('a body that is not JSON (%s) is refused as such', async (body) => {
  await using hub = await startInProcess({ parks });
  const response = await post(hub.url, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

test('a body above the limit is refused, and one at the limit is not', async () => {
  await using hub = await startInProcess({ parks }, { maxBodyBytes: 1_000 });
  const bodyOf = (size: number) => {
    const body = JSON.stringify({ query: '{name}', variables: { x: '' } });
    return body.replace('""', `"${'x'.repeat(size - body.length)}"`);
  };
  expect((await post(hub.url, bodyOf(1_000))).status).toBe(200);
  const refused = await post(hub.url, bodyOf(1_001));
  expect(refused.status).toBe(413);
  expect(await refused.json()).toMatchObject({
    errors: [{ message: 'The request is larger than 1000 bytes.' }],
  });
});

test.each([
  ['of the caller', 'trace-7:a', 'trace-7:a'],
  ['of our own where the caller has none', undefined, expect.stringMatching(/^[\w-]{36}$/)],
  ['of our own where that of the caller would spoil a log', 'a b', expect.stringMatching(/^[\w-]{36}$/)],
])('every answer carries a request id: %s', async (_, given, expected) => {
  await using hub = await startInProcess({ parks });
  const response = await get(`${hub.url}/healthz`, given ? { 'x-request-id': given } : {});
  expect(response.headers.get('x-request-id')).toEqual(expected);
});

test('/healthz says that the process lives', async () => {
  await using hub = await startInProcess({ parks });
  const response = await get(`${hub.url}/healthz`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

test('/readyz says of each part whether it is ready', async () => {
  let isDatabaseUp = true;
  const database = () => (isDatabaseUp ? Promise.resolve() : Promise.reject(new Error('postgres://secret')));
  await using hub = await startOverHttp({ parks }, { readiness: { database } });
  expect(await (await get(`${hub.url}/readyz`)).json()).toEqual({
    status: 'ready',
    checks: { parks: 'ready', database: 'ready' },
  });
  isDatabaseUp = false;
  const response = await get(`${hub.url}/readyz`);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    status: 'not ready',
    checks: { parks: 'ready', database: 'not ready' },
  });
});

test('/readyz names a subgraph that does not answer', async () => {
  const events = { sdl: 'type Query { event: Int }', answer: () => Promise.reject(new Error('down')) };
  await using hub = await startOverHttp({ parks, events });
  const response = await get(`${hub.url}/readyz`);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ checks: { parks: 'ready', events: 'not ready' } });
});

test('/graphiql is the page that was given', async () => {
  const page = { status: 200, headers: {}, body: Buffer.from('<h1>GraphiQL</h1>') };
  await using hub = await startInProcess({ parks }, { graphiql: () => page });
  const response = await get(`${hub.url}/graphiql`);
  expect(response.headers.get('content-length')).toBe('17');
  expect(await response.text()).toBe('<h1>GraphiQL</h1>');
});

test.each(['/nothing', '/constructor', '/graphql/'])('there is nothing at %s', async (path) => {
  await using hub = await startInProcess({ parks });
  const response = await get(hub.url + path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
});

test('a port in use is said plainly', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const gateway = await createGateway({ supergraphSdl: supergraphOf({ parks }) });
  await expect(gateway.listen(port, '127.0.0.1')).rejects.toThrow(`Port ${port} is in use`);
  await gateway.stop();
  other.close();
});

test.each([
  ['that is no GraphQL', 'type', 'Syntax Error'],
  ['that is no supergraph', 'type Query { a: Int }', 'no subgraph'],
])('a supergraph %s is refused', async (_, supergraphSdl, reason) => {
  await expect(createGateway({ supergraphSdl })).rejects.toThrow(reason);
});
