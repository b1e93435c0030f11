import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';
import { openConnection, sendRaw, statusesOf } from '../support/raw-http.ts';

const parks: TestSubgraph = {
  sdl: 'type Query { name: String } type Mutation { rename: String }',
  resolvers: { Query: { name: () => 'East' }, Mutation: { rename: () => 'West' } },
};
const east = { data: { name: 'East' } };
const body = '{"query":"{ name }"}';

async function post(url: string, sent: BodyInit, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    body: sent,
    headers: { connection: 'close', 'content-type': 'application/json', ...headers },
  });
  const answer = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: answer.errors?.[0]?.extensions.code };
}

test('batching: a list of operations is refused', async () => {
  await using hub = await startInProcess({ parks });
  const batch = JSON.stringify(Array.from({ length: 1000 }, () => ({ query: '{ name }' })));
  expect(await post(hub.url, batch)).toEqual({ status: 400, code: 'BAD_REQUEST' });
  expect(hub.calls).toEqual([]);
});

test('GET mutation: nothing is changed by following a link', async () => {
  await using hub = await startInProcess({ parks });
  for (const headers of [{}, { 'apollo-require-preflight': '1' }, { 'x-http-method-override': 'POST' }]) {
    const response = await fetch(`${hub.url}/graphql?query=${encodeURIComponent('mutation{rename}')}`, {
      headers,
    });
    expect(response.status).toBe(405);
  }
  expect(hub.calls).toEqual([]);
});

test.each([
  'text/plain',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
])('CSRF: what a form of a foreign page can send (%j) is refused', async (contentType) => {
  await using hub = await startInProcess({ parks });
  const mutation = '{"query":"mutation { rename }"}';
  expect(await post(hub.url, mutation, { 'content-type': contentType })).toMatchObject({ status: 400 });
  expect(hub.calls).toEqual([]);
});

test('CSRF: a foreign page gets no permission to send more', async () => {
  await using hub = await startInProcess({ parks });
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
  });
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('gzip bomb: a packed body is never unpacked', async () => {
  await using hub = await startInProcess({ parks });
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  for (const encoding of ['gzip', 'gzip, gzip', 'deflate', 'br']) {
    expect(await post(hub.url, bomb, { 'content-encoding': encoding })).toEqual({
      status: 400,
      code: 'BAD_REQUEST',
    });
  }
  expect(await hub.ask('{ name }')).toEqual(east);
});

test('10 MB body: it is refused with and without its length', async () => {
  await using hub = await startInProcess({ parks });
  const refused = { status: 413, code: 'BODY_TOO_LARGE' };
  const large = Buffer.alloc(10_000_000, ' ');
  expect(await post(hub.url, large)).toEqual(refused);
  const chunked = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(chunked.status).toBe(413);
});

test('long address and headers: they are refused', async () => {
  await using hub = await startInProcess({ parks });
  const long = 'x'.repeat(100_000);
  expect((await fetch(`${hub.url}/graphql?query=${long}`)).status).toBe(431);
  expect((await fetch(`${hub.url}/graphql`, { headers: { 'x-long': long } })).status).toBe(431);
});

test('slow headers: a connection that never ends them is cut off, and others are answered', async () => {
  await using hub = await startInProcess({ parks }, { receiveTimeoutMs: 300 });
  const slow = Array.from({ length: 50 }, () => openConnection(hub.url));
  for (const { socket } of slow) socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\nx-a: ');
  expect(await hub.ask('{ name }')).toEqual(east);
  for (const { answer } of slow) expect(statusesOf(await answer)).toEqual([408]);
});

test('slow body: a connection that never ends it is cut off', async () => {
  await using hub = await startInProcess({ parks }, { receiveTimeoutMs: 300 });
  const { socket, answer } = openConnection(hub.url);
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{',
  );
  expect(statusesOf(await answer)).toEqual([408]);
});

test('slow body: those who send nothing take no room from others', async () => {
  await using hub = await startInProcess({ parks }, { maxInFlight: 2 });
  const slow = Array.from({ length: 10 }, () => openConnection(hub.url));
  for (const { socket } of slow) {
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n';
    socket.write(`${head}content-length: 20\r\n\r\n`);
  }
  // "100 Continue" comes when the gateway has begun with the request.
  await Promise.all(slow.map(({ socket }) => new Promise((resolve) => socket.once('data', resolve))));
  expect(await hub.ask('{ name }')).toEqual(east);
  for (const { socket } of slow) socket.destroy();
});

const post1 = ['POST /graphql HTTP/1.1', 'host: x', 'content-type: application/json'];
const length = `content-length: ${body.length}`;
const smuggled = ['GET /metrics HTTP/1.1', 'host: x', '', ''];

test.each([
  ['both a length and chunks', [...post1, length, 'transfer-encoding: chunked', '', '0', '', ...smuggled]],
  ['two lengths', [...post1, length, 'content-length: 0', '', body, ...smuggled]],
  ['two lengths in one', [...post1, `${length}, 0`, '', body, ...smuggled]],
  ['a negative length', [...post1, 'content-length: -1', '', body]],
  ['a signed length', [...post1, 'content-length: +20', '', body]],
  ['an encoding that is none', [...post1, 'transfer-encoding: xchunked', '', body, ...smuggled]],
  ['chunks that are not last', [...post1, 'transfer-encoding: chunked, identity', '', '0', '', ...smuggled]],
  ['a space before the colon', [...post1, 'content-length : 20', '', body, ...smuggled]],
  ['a folded header', [...post1, 'transfer-encoding:', ' chunked', length, '', '0', '', ...smuggled]],
  [
    'a bare line feed',
    [...post1.slice(0, 2), `x: a\n${length}`, 'transfer-encoding: chunked', '', '0', '', ...smuggled],
  ],
  ['no host', ['POST /graphql HTTP/1.1', length, '', body, ...smuggled]],
  ['a chunk size that is none', [...post1, 'transfer-encoding: chunked', '', '0x5', body, '', ...smuggled]],
])('request smuggling: %s is refused, with all that follows', async (_, lines) => {
  await using hub = await startInProcess({ parks });
  const answer = await sendRaw(hub.url, lines);
  expect(statusesOf(answer)).toEqual([400]);
  expect(hub.calls).toEqual([]);
});

test('response splitting: nothing that a caller sends ends a header', async () => {
  await using hub = await startInProcess({ parks });
  const answer = await sendRaw(hub.url, [
    'GET /%0d%0aset-cookie:%20x=1 HTTP/1.1',
    'host: x',
    'x-request-id: a%0d%0aset-cookie: x=1',
    'connection: close',
    '',
    '',
  ]);
  expect(statusesOf(answer)).toEqual([404]);
  expect(answer.split('\r\n\r\n')[0]).not.toMatch(/^set-cookie/im);
});
