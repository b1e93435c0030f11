import { gzipSync } from 'node:zlib';
import { badCredentials } from '@wenshu/gateway/request/refusal.ts';
import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { expect, test } from 'vitest';
import { exportFrom } from '../support/export.ts';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';
import { startHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { openConnection, sendRaw, statusesOf } from '../support/raw-http.ts';
import { ask as sql } from '../support/sql.ts';

const filler = 'x'.repeat(4_000);

/** Rows without end. */
const rows: TestSubgraph = {
  sdl: `
    type Query { rows(first: Int, after: String): RowConnection }
    type Mutation { rename: String }
    type RowConnection { nodes: [Row!]! pageInfo: PageInfo! }
    type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Row { id: ID! text: String! }`,
  resolvers: {
    Query: {
      rows: (_root: unknown, { first, after }: { first: number; after?: string }) => {
        const start = Number(after ?? 0);
        return {
          nodes: Array.from({ length: first }, (_, i) => ({ id: start + i, text: filler })),
          pageInfo: { endCursor: String(start + first), hasNextPage: true },
        };
      },
    },
    Mutation: { rename: () => 'West' },
  },
};

const body = JSON.stringify({ query: '{ rows { nodes { id text } } }' });

async function post(url: string, sent: BodyInit, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/export`, {
    method: 'POST',
    body: sent,
    headers: { connection: 'close', 'content-type': 'application/json', ...headers },
  });
  const answer = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: answer.errors?.[0]?.extensions.code };
}

test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s /export: nothing is read', async (method) => {
  await using hub = await startInProcess({ rows });
  const target = `/export?query=${encodeURIComponent('{rows{nodes{id}}}')}`;
  const answer = await sendRaw(hub.url, [
    `${method} ${target} HTTP/1.1`,
    'host: x',
    'content-type: application/json',
    `content-length: ${body.length}`,
    'connection: close',
    '',
    body,
  ]);
  expect(statusesOf(answer)).toEqual([405]);
  expect(answer).toMatch(/^allow: POST\r$/m);
  expect(hub.calls).toEqual([]);
});

test.each([
  'text/plain',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
])('CSRF on /export: what a form of a foreign page can send (%j) is refused', async (contentType) => {
  await using hub = await startInProcess({ rows });
  const refused = { status: 400, code: 'BAD_REQUEST' };
  expect(await post(hub.url, body, { 'content-type': contentType })).toEqual(refused);
  const mutation = '{"query":"mutation { rename }"}';
  expect(await post(hub.url, mutation, { 'content-type': contentType })).toEqual(refused);
  expect(hub.calls).toEqual([]);
});

test('gzip bomb and 10 MB bodies on /export: they are refused unread', async () => {
  await using hub = await startInProcess({ rows });
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  for (const encoding of ['gzip', 'deflate', 'br']) {
    expect(await post(hub.url, bomb, { 'content-encoding': encoding })).toEqual({
      status: 400,
      code: 'BAD_REQUEST',
    });
  }
  const tooLarge = { status: 413, code: 'BODY_TOO_LARGE' };
  expect(await post(hub.url, Buffer.alloc(10_000_000, ' '))).toEqual(tooLarge);
  expect(hub.calls).toEqual([]);
});

test('slow body on /export: a connection that never ends it is cut off', async () => {
  await using hub = await startInProcess({ rows }, { receiveTimeoutMs: 300 });
  const { socket, answer } = openConnection(hub.url);
  socket.write(
    'POST /export HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{',
  );
  expect(statusesOf(await answer)).toEqual([408]);
});

test('stalled readers: as many as may export hold nobody up who asks, and are cut off', async () => {
  await using hub = await startInProcess(
    { rows },
    { exportLimits: { concurrency: 4, perCaller: 4, idleMs: 2_000 } },
  );
  const stalled = await Promise.all(
    Array.from({ length: 4 }, () =>
      fetch(`${hub.url}/export`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
    ),
  );
  expect(stalled.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await post(hub.url, body)).toEqual({ status: 503, code: 'OVERLOADED' });
  expect(await hub.ask('{ rows(first: 1) { nodes { id } } }')).toEqual({
    data: { rows: { nodes: [{ id: '0' }] } },
  });
  const again = JSON.stringify({ ...JSON.parse(body), explain: true });
  await poll(async () => ((await post(hub.url, again)).code === 'OVERLOADED' ? undefined : true));
  // One that was cut off has an error in place of its end.
  for (const response of stalled) await response.body?.cancel().catch(() => {});
}, 120_000);

test('huge and deep variables on /export: they are refused, or no more than a value', async () => {
  await using hub = await startInProcess({ rows });
  const query = 'query ($after: String) { rows(after: $after) { nodes { id } } }';
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const sent = (variables: string) =>
    `{"query":${JSON.stringify(query)},"explain":true,"variables":${variables}}`;
  expect(await post(hub.url, sent(`{"after":${deep(100_000)}}`))).toEqual({
    status: 400,
    code: 'VARIABLES_TOO_DEEP',
  });
  expect(await post(hub.url, sent(`{"after":"${'x'.repeat(300_000)}"}`))).toEqual({
    status: 413,
    code: 'BODY_TOO_LARGE',
  });
});

test('__proto__ in the body or the variables of an export is a name like any other', async () => {
  await using hub = await startHub();
  const sent = (text: string) =>
    fetch(`${hub.url}/export`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', connection: 'close' },
    });
  const query = JSON.stringify(
    'query ($text: String) { parks(filter: {nameZh: {eq: $text}}) { nodes { nameZh } } }',
  );
  const polluting = '{"text":"798艺术区","polluted":true}';
  for (const text of [
    `{"query":${query},"variables":{"text":"无此园","__proto__":${polluting},"constructor":{"prototype":${polluting}}}}`,
    `{"query":${query},"variables":{"text":"无此园"},"__proto__":{"variables":${polluting},"format":"csv"}}`,
  ]) {
    const response = await sent(text);
    expect([response.status, await response.text()]).toEqual([200, '']);
  }
  // What is not given is not taken from there either: all parks match no name.
  const answer = await sent(`{"query":${query},"variables":{"__proto__":${polluting}}}`);
  expect(await answer.text()).not.toBe('{"nameZh":"798艺术区"}\n');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('CSV formula injection: no text of a cell begins a formula, in full width neither, nor a row of its own', async () => {
  await using hub = await startHub({ ownRows: true });
  const texts = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '＝1＋1',
    '＋1',
    '－1',
    '＠SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '"=1',
    ',=1',
    '\r\n=1,2',
  ];
  const values = texts.map(
    (text, i) => `('pol-csv-${String(i).padStart(2, '0')}', $$${text}$$, 'Csv', 'PLAN', 'ARTS', 'ISSUED')`,
  );
  await sql(
    hub.database.adminUrl,
    `insert into policies.policies (id, name_zh, name_en, kind, domain, status) values ${values}`,
  );
  const query = '{ policies(filter: {nameEn: {eq: "Csv"}}) { nodes { nameZh } } }';
  const { text } = await exportFrom(hub.url, { query, format: 'csv' });
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const isHarmless = (cell: string) => cell.startsWith('"') || cell.startsWith(',');
  const cells = texts.map((cell) => quoted(isHarmless(cell) ? cell : `'${cell}`));
  expect(text).toBe(`${['nameZh', ...cells].join('\r\n')}\r\n`);
});

test('no rights: who may not read a list may not export it, nor what an operator may see of how it is read', async () => {
  await using hub = await startHub({ keys: true });
  const { secret } = await hub.issue({ scopes: ['Park'] });
  const viewer = await hub.as('TAXATION').headers();
  const outsiders = { viewer, partner: { 'x-api-key': secret }, nobody: {} };
  const asked: [keyof typeof outsiders, object, number, string][] = [
    ['viewer', { query: '{ inspections { nodes { id } } }' }, 403, 'NOT_SHARED'],
    [
      'viewer',
      { query: '{ enterprises(filter: {inspections: {exists: true}}) { nodes { id } } }' },
      403,
      'NOT_SHARED',
    ],
    [
      'viewer',
      { query: '{ enterprises(orderBy: [{inspections: {field: INSPECTED_ON}}]) { nodes { id } } }' },
      403,
      'NOT_SHARED',
    ],
    ['viewer', { query: '{ parks { nodes { id } } }', explain: true }, 403, 'FORBIDDEN'],
    ['partner', { query: '{ inspections { nodes { id } } }' }, 403, 'NOT_SHARED'],
    [
      'partner',
      { query: '{ parks(filter: {partyUnit: {exists: true}}) { nodes { id } } }' },
      403,
      'NOT_SHARED',
    ],
    ['partner', { query: '{ __schema { types { name } } }' }, 403, 'INTROSPECTION_REFUSED'],
    ['partner', { query: '{ parks { nodes { id nameZz } } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['nobody', { query: '{ parks { nodes { id } } }' }, 401, 'UNAUTHENTICATED'],
  ];
  for (const [who, request, status, code] of asked) {
    const answer = await exportFrom(hub.url, request as Record<string, unknown>, outsiders[who]);
    expect([who, request, answer.status, answer.text.includes(`"${code}"`)]).toEqual([
      who,
      request,
      status,
      true,
    ]);
    expect(answer.text).not.toContain('Did you mean');
  }
});

test('revoked: a key is given no more rows of an export that is under way', async () => {
  const partner: PartnerCaller = {
    kind: 'partner',
    keyId: 'k',
    partner: 'p',
    isTest: false,
    scopes: [],
    regions: [],
  };
  let isRevoked = false;
  const verify = async () => {
    if (isRevoked) throw badCredentials('API key "k" was revoked.', { messageZh: '密钥已吊销。' });
    return partner;
  };
  await using hub = await startInProcess({ rows }, { access: { others: [verify] } });
  const response = await fetch(`${hub.url}/export`, {
    method: 'POST',
    body: JSON.stringify({ ...JSON.parse(body), marks: true }),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(200);
  isRevoked = true;
  expect((await response.text()).trimEnd().split('\n').at(-1)).toContain('"code":"UNAUTHENTICATED"');
});
