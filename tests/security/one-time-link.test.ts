import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { makeLink, signDevelopmentToken } from '@wenshu/gateway/process/access.ts';
import { readConfig } from '@wenshu/gateway/process/config.ts';
import type { Role } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { answering, startFaultServer } from '../support/fault-server.ts';
import { supergraphOf } from '../support/federation.ts';

// On 10c1293 the first of them succeeded: behind nginx with nothing but proxy_pass, anybody had the page's token.

type Headers = Readonly<Record<string, string>>;
type Got = {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
};

/** As a browser or a proxy asks: `fetch` would not send these headers. */
function ask(url: string, headers: Headers = {}, method = 'GET', body = ''): Promise<Got> {
  const { promise, resolve, reject } = Promise.withResolvers<Got>();
  request(url, { method, headers: { connection: 'close', ...headers } }, async (response) => {
    const { statusCode: status, headers: got } = response;
    resolve({ status, headers: got, body: await buffer(response) });
  })
    .on('error', reject)
    .end(body);
  return promise;
}

let gateway: Cli;
let origin = '';
let env: Headers = {};
let file = '';
const opened = new AsyncDisposableStack();

beforeAll(async () => {
  const folder = opened.use(await createDataFolder());
  const server = opened.use(await startFaultServer(answering({ name: 'East' })));
  file = join(folder.path, 'supergraph.graphql');
  const sdl = 'type Query { name: String }';
  await writeFile(file, supergraphOf({ parks: { sdl } }, new Map([['parks', server.url]])));
  env = { WENSHU_DATA: folder.path, AUDIT: '0', ACCESS: '1' };
  gateway = opened.use(runCli(['gateway', '--supergraph', file], env));
  origin = await gateway.printed(/http:\/\/localhost:\d+/);
});
afterAll(() => opened.disposeAsync());

/** Makes a link as the command does. */
const linkWith = (more: Headers = {}) => makeLink(readConfig({ ...env, ...more }), origin);
const tokenFor = (role: Role) =>
  signDevelopmentToken(readConfig(env), { user: 'wu', department: 'PROPAGANDA', role }, 60_000);

/** What the command prints. */
const printLink = async (more: Headers = {}) =>
  (await runCommandHere(['graphiql', '--port', new URL(origin).port], { ...env, ...more })).output;

const ownPage = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
const question = '{"query":"{ name }"}';
const statusWith = async (headers: Headers) =>
  (await ask(`${origin}/graphql`, headers, 'POST', question)).status;

async function openSession(): Promise<Headers> {
  const { status, headers } = await ask(await linkWith());
  expect(status).toBe(303);
  return { cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
}

const hash = ({ body }: Got) => createHash('sha256').update(body).digest('hex');

test('a page behind a proxy, or anywhere, holds no token: it is the same for everybody', async () => {
  const page = `${origin}/graphiql`;
  const plain = await ask(page);
  const cookie = await openSession();
  for (const headers of [
    cookie,
    { host: 'localhost' },
    { host: 'hub.example' },
    { 'x-forwarded-for': '192.0.2.1' },
  ]) {
    expect(hash(await ask(page, headers))).toBe(hash(plain));
  }
  const packed = await ask(page, { 'accept-encoding': 'br;q=1, gzip' });
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
  expect(hash({ ...packed, body: gunzipSync(packed.body) })).toBe(hash(plain));
  // A token would be three parts, the first of which begins with {"alg".
  expect(plain.body.toString()).not.toMatch(/eyJhbGci[\w-]+\.[\w-]+\.[\w-]+/);
  expect(plain.headers).toMatchObject({
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(plain.headers['set-cookie']).toBeUndefined();
});

test('a link opens one session, and a second time none', async () => {
  const link = await printLink();
  expect((await ask(link, {}, 'HEAD')).status).toBe(403);
  const { status, headers } = await ask(link);
  expect({ status, location: headers.location }).toEqual({ status: 303, location: '/graphiql' });
  expect(String(headers['set-cookie'])).toMatch(
    /^wenshu_session=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/,
  );
  const again = await ask(link);
  expect({ status: again.status, cookie: again.headers['set-cookie'] }).toEqual({
    status: 403,
    cookie: undefined,
  });
  expect(again.body.toString()).toContain('npx wenshu graphiql');
});

test('many at once who have the same link open one session together', async () => {
  const link = await linkWith();
  const all = await Promise.all(Array.from({ length: 10 }, () => ask(link)));
  expect(all.map(({ status }) => status).toSorted()).toEqual([303, ...Array(9).fill(403)]);
});

test('the terminal shows a link that works', async () => {
  expect((await ask(await gateway.printed(/http:\S+\/graphiql\?once=\S+/))).status).toBe(303);
});

test('forged links, tokens in their place, and links of before the start or another hub open nothing', async () => {
  const link = new URL(await linkWith());
  const once = link.searchParams.get('once') ?? '';
  const [head, claims, signature] = once.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  await using other = await createDataFolder();
  const foreign = new URL(await linkWith({ WENSHU_DATA: other.path })).searchParams.get('once');
  for (const forged of [
    '',
    'x',
    `${none}.${claims}.`,
    `${head}.${claims}.${signature?.slice(0, -4)}AAAA`,
    await tokenFor('viewer'),
    foreign,
  ]) {
    const got = await ask(`${origin}/graphiql?once=${forged}`);
    expect([got.status, got.headers['set-cookie']]).toEqual([403, undefined]);
  }
  // Nor is a link a token.
  expect(await statusWith({ 'content-type': 'application/json', authorization: `Bearer ${once}` })).toBe(401);

  const before = await linkWith();
  await using next = runCli(['gateway', '--supergraph', file], env);
  const nextOrigin = await next.printed(/http:\/\/localhost:\d+/);
  expect((await ask(before.replace(origin, nextOrigin))).status).toBe(403);
});

describe('CSRF with a session', () => {
  test('its own page is answered; a page of another site or port is nobody', async () => {
    const cookie = await openSession();
    expect(await statusWith({ ...ownPage, ...cookie })).toBe(200);
    const json = { 'content-type': 'application/json', ...cookie };
    const { host } = new URL(origin);
    expect(await statusWith({ ...json, origin })).toBe(200);
    for (const foreign of [
      {},
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'cross-site', origin },
      { origin: 'null' },
      { origin: 'http://localhost:1' },
      { origin: `http://${host}.evil.test` },
    ]) {
      expect([foreign, await statusWith({ ...json, ...foreign })]).toEqual([foreign, 401]);
    }
    // What a form can send is refused as ever, also from its own page.
    expect(await statusWith({ ...ownPage, ...cookie, 'content-type': 'text/plain' })).toBe(400);
  });

  test('a guessed cookie is nobody, and a token goes before the session', async () => {
    const cookie = await openSession();
    expect(await statusWith({ ...ownPage, cookie: `wenshu_session=${'A'.repeat(43)}` })).toBe(401);
    expect(await statusWith({ ...ownPage, ...cookie, authorization: 'Bearer x' })).toBe(401);
    // PROPAGANDA's analyst reads no metrics; who brings an operator's token does.
    const metrics = (headers: Headers) => ask(`${origin}/metrics`, { ...ownPage, ...cookie, ...headers });
    expect((await metrics({})).status).toBe(403);
    const operator = await tokenFor('operator');
    expect((await metrics({ authorization: `Bearer ${operator}` })).status).toBe(200);
  });
});

test('in production there is no page by default, and never a link', async () => {
  const jwks = join(String(env.WENSHU_DATA), 'jwks.json');
  await writeFile(jwks, '{"keys":[]}');
  const production = { ...env, NODE_ENV: 'production', JWKS: jwks, JWT_ISSUER: 'https://id.test' };
  expect(await printLink(production)).toContain('tokens come from the identity provider');
  for (const [more, status] of [
    [{}, 404],
    [{ GRAPHIQL: '1' }, 200],
  ] as const) {
    await using hub = runCli(['gateway', '--supergraph', file], { ...production, ...more });
    const url = await hub.printed(/http:\/\/localhost:\d+/);
    expect((await ask(`${url}/graphiql`)).status).toBe(status);
    if (status === 200) expect((await ask((await linkWith()).replace(origin, url))).status).toBe(403);
  }
});
