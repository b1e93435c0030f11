import { makeKey } from '@wenshu/gateway/control/key-text.ts';
import { expect, test } from 'vitest';
import { type Issued, steward } from '../support/callers.ts';
import { withChecksum } from '../support/control-plane.ts';
import { startHub } from '../support/hub.ts';
import { bearer, makeKey as makeSigningKey, sign } from '../support/identity-provider.ts';
import { poll } from '../support/poll.ts';

const query = '{ park(id: "park-798") { nameZh } }';
const shown = { data: { park: { nameZh: '798艺术区' } } };
const strange = {
  errors: [
    {
      message: 'This is not an API key of this hub. Send the key exactly as you received it.',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
};

async function post(url: string, headers: Record<string, string>, path = '/graphql') {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    body: JSON.stringify({ query }),
  });
  return {
    status: response.status,
    retryAfter: Number(response.headers.get('retry-after')),
    text: await response.text(),
  };
}

test('key brute force: who tries keys has to wait, by whichever door, and others have not', async () => {
  await using hub = await startHub({ keys: true, trustedProxies: ['127.0.0.0/8'] });
  const { secret } = await hub.issue({ scopes: ['Park'] });
  const from = (address: string, key: string, path?: string) =>
    post(hub.url, { 'x-forwarded-for': address, 'x-api-key': key }, path);
  const tries = await Promise.all(
    Array.from({ length: 40 }, () => from('203.0.113.9', makeKey('live').text)),
  );
  const told = tries.filter(({ status }) => status === 401);
  expect([told.length, new Set(tries.map(({ status }) => status))]).toEqual([20, new Set([401, 429])]);
  for (const path of ['/graphql', '/export', '/metrics']) {
    const refused = await from('203.0.113.9', makeKey('live').text, path);
    expect(refused).toMatchObject({ status: 429, text: expect.stringContaining('RATE_LIMITED') });
    expect(refused.retryAfter).toBeGreaterThan(0);
    expect(refused.retryAfter).toBeLessThanOrEqual(60);
  }
  expect(await from('203.0.113.10', secret)).toMatchObject({
    status: 200,
    text: `${JSON.stringify(shown)}\n`,
  });
});

test('key brute force: wrong keys from a network do not lock out its good ones, whether seen before or not (10c1293: 429)', async () => {
  await using hub = await startHub({ keys: true, trustedProxies: ['127.0.0.0/8'] });
  const [seen, fresh] = [await hub.issue({ scopes: ['Park'] }), await hub.issue({ scopes: ['Park'] })];
  const from = (address: string, headers: Record<string, string>) =>
    post(hub.url, { 'x-forwarded-for': address, ...headers });
  const forger = await makeSigningKey('k1');
  for (const network of ['203.0.113.9', '2001:db8:0:1::9']) {
    const answered = { status: 200, text: `${JSON.stringify(shown)}\n` };
    expect(await from(network, { 'x-api-key': seen.secret })).toMatchObject(answered);
    for (let i = 0; i < 10; i++) {
      await from(network, { 'x-api-key': makeKey('live').text });
      await from(network, bearer(await sign(forger)));
    }
    const forged = withChecksum(seen.secret.slice(0, -6).replace(/_[^_]*$/, `_${'0'.repeat(32)}`));
    const wrong = { status: 429, text: expect.stringContaining('RATE_LIMITED') };
    expect(await from(network, { 'x-api-key': makeKey('live').text })).toMatchObject(wrong);
    expect(await from(network, { 'x-api-key': forged })).toMatchObject(wrong);
    expect(await from(network, bearer(await sign(forger)))).toMatchObject(wrong);
    for (const { secret } of [seen, fresh]) {
      expect(await from(network, { 'x-api-key': secret })).toMatchObject(answered);
    }
  }
  // An IPv6 subscriber has the whole /64.
  const neighbour = await from('2001:db8:0:1:ffff::1', { 'x-api-key': makeKey('live').text });
  expect(neighbour.status).toBe(429);
});

test('forged keys: a key is one text, of which no part can be taken for another', async () => {
  await using hub = await startHub({ keys: true });
  const live = await hub.issue({ scopes: ['Park'] });
  const other = await hub.issue({ scopes: ['Park', 'Enterprise'] });
  const bodyOf = ({ secret }: Issued) => secret.slice(0, -6);
  expect(withChecksum(bodyOf(live))).toBe(live.secret);
  const forged = {
    'another checksum': `${bodyOf(live)}${live.secret.endsWith('A') ? 'B' : 'A'}${live.secret.slice(-5)}`,
    'no checksum': bodyOf(live),
    'the other environment': withChecksum(bodyOf(live).replace('wsk_live', 'wsk_test')),
    "another's id": withChecksum(bodyOf(live).replace(live.apiKey.id, other.apiKey.id)),
    'one digit less': withChecksum(bodyOf(live).slice(0, -1)),
    'one digit more': withChecksum(`${bodyOf(live)}0`),
    'another case': live.secret.toUpperCase(),
    'two in one': `${live.secret}, ${other.secret}`,
    'a wildcard': live.secret.replace(/.{6}$/, '%'),
    nothing: '',
  };
  for (const [what, key] of Object.entries(forged)) {
    expect([what, await hub.ask(query, {}, { 'x-api-key': key })]).toEqual([what, strange]);
  }
  expect(await hub.as(live).ask(query)).toEqual(shown);
});

test('key in query string: in an address, where logs keep it, or a cookie, it lets nobody in', async () => {
  await using hub = await startHub({ keys: true });
  const { secret } = await hub.issue({ scopes: ['Park'] });
  for (const name of ['x-api-key', 'api_key', 'apikey', 'key', 'access_token', 'authorization']) {
    for (const value of [secret, `Bearer ${secret}`]) {
      const search = new URLSearchParams({ query, [name]: value });
      const response = await fetch(`${hub.url}/graphql?${search}`);
      const { status } = await post(hub.url, { cookie: `${name}=${value}` });
      expect([name, response.status, status]).toEqual([name, 401, 401]);
    }
  }
});

test('networks of a key: what a caller says of where it comes from counts for nothing', async () => {
  await using direct = await startHub({ keys: true });
  await using proxied = await startHub({ keys: true, trustedProxies: ['127.0.0.0/8'] });
  const forged = [
    'x-forwarded-for',
    'x-real-ip',
    'forwarded',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
  ];
  const headers = Object.fromEntries(
    forged.map((name) => [name, name === 'forwarded' ? 'for=203.0.113.9' : '203.0.113.9']),
  );
  const terms = { scopes: ['Park'], addresses: ['203.0.113.0/24'] };
  const { secret } = await direct.issue(terms);
  expect((await post(direct.url, { 'x-api-key': secret, ...headers })).status).toBe(403);
  const behind = { 'x-api-key': (await proxied.issue(terms)).secret };
  for (const chain of [
    '203.0.113.9, 198.51.100.7',
    '203.0.113.9,,198.51.100.7',
    '203.0.113.9, 127.0.0.1, 198.51.100.7',
  ]) {
    const { status } = await post(proxied.url, { ...behind, ...headers, 'x-forwarded-for': chain });
    expect([chain, status]).toEqual([chain, 403]);
  }
  expect(
    (await post(proxied.url, { ...behind, 'x-forwarded-for': '198.51.100.7, 203.0.113.9' })).status,
  ).toBe(200);
});

const coordinatesOf = ({ errors = [] }: { errors?: { extensions: Record<string, unknown> }[] }) =>
  new Set(errors.map(({ extensions }) => extensions.coordinate ?? extensions.code));

test('scopes: no alias, fragment, directive, union or other name leads to a field out of them', async () => {
  await using hub = await startHub({ keys: true });
  const { secret } = await hub.issue({ scopes: ['Park.nameZh', 'Event.hosts'] });
  const ask = (text: string, variables = {}) => hub.as({ secret }).ask(text, variables);
  const sunhe = '{ park(id: "park-sunhe-52")';
  const ways = [
    `${sunhe} { nameZh: addressZh } }`,
    `${sunhe} { ...a } } fragment a on Park { ...b } fragment b on Park { nameZh: addressZh }`,
    `${sunhe} { ... on Park { ... @include(if: true) { addressZh @skip(if: false) } } } }`,
    'query ($id: ID! = "park-sunhe-52", $on: Boolean! = true) { parks(filter: {id: {in: [$id]}}) { nodes { addressZh @include(if: $on) } } }',
  ];
  for (const way of ways) {
    const answer = await ask(way);
    expect([way, JSON.stringify(answer.data).includes('温榆河')]).toEqual([way, false]);
    expect([way, coordinatesOf(answer).size]).not.toEqual([way, 0]);
  }
  const hosts =
    '{ events(first: 50) { nodes { hosts { host { __typename ... on Agency { nameZh } ... on Enterprise { nameZh } ... on PartyUnit { nameZh } } } } } }';
  expect(JSON.stringify(await ask(hosts))).not.toContain('"nameZh":"');
});

test('a key that is revoked, or has ended, is refused by every door', async () => {
  await using hub = await startHub({ keys: true });
  const { secret, apiKey } = await hub.issue({ scopes: ['Park'] });
  const key = { 'x-api-key': secret };
  expect((await post(hub.url, key)).status).toBe(200);
  await hub.as(steward).ask(`mutation { revokeApiKey(id: "${apiKey.id}", reason: "遗失") { id } }`);
  await poll(async () => (await post(hub.url, key)).status === 401 || undefined);
  for (const path of ['/graphql', '/export', '/metrics']) {
    expect([path, (await post(hub.url, key, path)).status]).toEqual([path, 401]);
  }
  const { data } = await hub.as(steward).ask(`{ apiKeys(first: 5) { nodes { id state } } }`);
  expect(data).toEqual({ apiKeys: { nodes: [{ id: apiKey.id, state: 'REVOKED' }] } });
});

test('what a partner is called shows as it is, wherever people read it', async () => {
  await using hub = await startHub({ keys: true });
  const hostile = ['x\n{"forged":true}', '\u001b[2J', '甲\u202e乙', 'a\u0000b', 'x'.repeat(1_001), ' '];
  const base = { scopes: ['Park'] };
  for (const text of hostile) {
    for (const terms of [
      { partner: text },
      { contact: text },
      { enterpriseId: 'ent-bona-film', consent: { by: text, on: '2026-01-05', document: 'x' } },
      { enterpriseId: 'ent-bona-film', consent: { by: 'x', on: '2026-01-05', document: text } },
    ]) {
      await expect(hub.issue({ ...base, ...terms })).rejects.toThrow('BAD_USER_INPUT');
    }
    const { errors } = await hub
      .as(steward)
      .ask('mutation ($why: String!) { revokeApiKey(id: "x", reason: $why) { id } }', { why: text });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'reason' } }]);
  }
});
