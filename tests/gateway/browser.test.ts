import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInProcess } from '../support/federation.ts';

const parks = {
  sdl: 'type Query { name(times: Int = 1): String }',
  resolvers: {
    Query: { name: (_: unknown, { times }: { times: number }) => '东方园区 East '.repeat(times) },
  },
};
const app = 'https://app.example.cn';
const json = { 'content-type': 'application/json' };

let hub: Awaited<ReturnType<typeof startInProcess>>;
beforeAll(async () => {
  hub = await startInProcess({ parks }, { corsOrigins: [app] });
});
afterAll(() => hub[Symbol.asyncDispose]());

const ask = (init: RequestInit, path = '/graphql') => fetch(`${hub.url}${path}`, init);
const asked = (headers: Record<string, string>, query = '{ name }') =>
  ask({ method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify({ query }) });

/** Posts as a client that unpacks nothing. */
async function posted(headers: Record<string, string>, body: string) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(`${hub.url}/graphql`, { method: 'POST', headers, agent: false }, resolve)
    .on('error', reject)
    .end(body);
  const answer = await promise;
  return { headers: answer.headers, bytes: await buffer(answer) };
}

describe('a page of an origin that the operator named', () => {
  test('may ask after a preflight, which needs no credentials', async () => {
    await using closed = await startInProcess({ parks }, { corsOrigins: [app], access: {} });
    const preflight = await fetch(`${closed.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: app,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('content-length')).toBeNull();
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': expect.stringContaining('authorization, content-type'),
      'access-control-max-age': '7200',
      vary: 'origin',
    });
    // The refusal of a caller without a token can be read as well.
    const refused = await fetch(`${closed.url}/graphql`, {
      method: 'POST',
      headers: { ...json, origin: app },
      body: '{"query":"{ name }"}',
    });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe(app);
    expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after');
  });

  test('may read answers, also of paths that are not there', async () => {
    const answer = await asked({ origin: app });
    expect(answer.headers.get('access-control-allow-origin')).toBe(app);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const nothing = await ask({ headers: { origin: app } }, '/nothing');
    expect(nothing.status).toBe(404);
    expect(nothing.headers.get('access-control-allow-origin')).toBe(app);
  });
});

test.each(['https://other.example.cn', 'null', 'https://app.example.cn.evil.example'])(
  'a page of another origin (%s) may not',
  async (origin) => {
    const answer = await asked({ origin });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('vary')).toContain('origin');
    const preflight = await ask({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(405);
    expect(preflight.headers.get('access-control-allow-methods')).toBeNull();
  },
);

test('without the setting no page of another origin may ask, and nothing says so', async () => {
  await using plain = await startInProcess({ parks });
  const answer = await fetch(`${plain.url}/graphql`, {
    method: 'POST',
    headers: { ...json, origin: app },
    body: '{"query":"{ name }"}',
  });
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});

describe('an answer', () => {
  const long = '{ name(times: 200) }';
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes };

  test.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['deflate', 'identity'],
    ['identity', 'identity'],
  ] as const)('of more than 1 kB comes to "accept-encoding: %s" as %s', async (accepted, coding) => {
    const body = JSON.stringify({ query: long });
    const { headers, bytes } = await posted({ ...json, 'accept-encoding': accepted }, body);
    expect(headers['content-encoding'] ?? 'identity').toBe(coding);
    expect(headers.vary).toContain('accept-encoding');
    expect(Number(headers['content-length'])).toBe(bytes.length);
    expect(JSON.parse(unpack[coding](bytes).toString())).toEqual({
      data: { name: '东方园区 East '.repeat(200) },
    });
  });

  test('of less than 1 kB comes as it is', async () => {
    expect((await asked({ 'accept-encoding': 'br' })).headers.get('content-encoding')).toBeNull();
  });
});

describe('who asks in another way is told how to ask', () => {
  test.each([
    ['without a content type', { method: 'POST', body: new Uint8Array(Buffer.from('{"query":"{ name }"}')) }],
    ['as a form', { method: 'POST', body: new URLSearchParams({ query: '{ name }' }) }],
    ['as text', { method: 'POST', body: '{"query":"{ name }"}' }],
  ])('%s', async (_, init: RequestInit) => {
    const response = await ask(init);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: expect.stringContaining('send the header "content-type: application/json"'),
          extensions: { code: 'BAD_REQUEST', messageZh: expect.stringContaining('application/json') },
        },
      ],
    });
  });

  test('with PUT', async () => {
    const response = await ask({ method: 'PUT', headers: json, body: '{"query":"{ name }"}' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('by POST'), extensions: { code: 'METHOD_NOT_ALLOWED' } }],
    });
  });

  test('in a browser, which is led to the page about the hub', async () => {
    const response = await ask({ headers: { accept: 'text/html,*/*;q=0.8' }, redirect: 'manual' });
    expect({ status: response.status, location: response.headers.get('location') }).toEqual({
      status: 303,
      location: '/',
    });
    const page = await ask({}, '/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const text = await page.text();
    expect(text).toContain('文枢 wenshu');
    expect(text.match(/href="[^"]+"/g)).toEqual(
      ['/schema.graphql', '/healthz', '/readyz'].map((path) => `href="${path}"`),
    );
  });
});

test('the schema is read at /schema.graphql', async () => {
  const response = await ask({}, '/schema.graphql');
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.text()).toContain('name(times: Int = 1): String');
  const wrong = await ask({ method: 'POST', headers: json, body: '{}' }, '/schema.graphql');
  expect(wrong.status).toBe(405);
});
