import { afterAll, beforeAll, expect, test } from 'vitest';
import { signingKey } from '../support/callers.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { bearer, goodClaims, inSeconds, type Key, sign } from '../support/identity-provider.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ keys: true });
});
afterAll(() => hub[Symbol.asyncDispose]());

async function tellToken(token: string) {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...bearer(token) },
    body: '{"query":"{ __typename }"}',
  });
  const { errors = [] } = (await response.json()) as { errors?: { message: string }[] };
  return { status: response.status, message: errors[0]?.message };
}
const tell = async (claims: object) => tellToken(await sign(signingKey, { ...claims }));

const refused = (message: string) => ({ status: 401, message });
const unusable = (claim: string) => refused(`The "${claim}" of the token cannot be used.`);

/** A token over this very text, signed by the provider. */
async function signText({ secret, kid, alg }: Key, payload: string, header = JSON.stringify({ alg, kid })) {
  const content = [header, payload].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, secret, Buffer.from(content));
  return `${content}.${Buffer.from(signature).toString('base64url')}`;
}
const textWith = (members: string) => `${JSON.stringify(goodClaims()).slice(0, -1)},${members}}`;

// All of them were let in by 10c1293.

test('claims: a token that never ends, as its "exp" is too large for a number, is refused', async () => {
  const text = JSON.stringify({ ...goodClaims(), exp: 0 }).replace('"exp":0', '"exp":1e999');
  expect(await tellToken(await signText(signingKey, text))).toEqual(unusable('exp'));
  const begun = textWith('"nbf":-1e999');
  expect(await tellToken(await signText(signingKey, begun))).toEqual(unusable('nbf'));
});

test.each([
  ['role', '"role":"steward"'],
  ['role', '"r\\u006fle":"operator"'],
  ['department', '"department":"PROPAGANDA"'],
  ['sub', '"sub":"li.si"'],
  ['exp', `"exp":${inSeconds(900)}`],
  ['region', '"region":"110105","region":"370212"'],
  ['a', '"address":{"a":1,"b":["a",{"a":2}],"a":3}'],
])('claims: a token that says "%s" twice is refused', async (name, members) => {
  const token = await signText(signingKey, textWith(members));
  expect(await tellToken(token)).toEqual(refused(`The token has "${name}" more than once.`));
});

test('claims: a header that says something twice is refused, and one name in several objects is not', async () => {
  const header = '{"alg":"ES256","kid":"k2","kid":"k1"}';
  const twice = await signText(signingKey, JSON.stringify(goodClaims()), header);
  expect(await tellToken(twice)).toEqual(refused('The token has "kid" more than once.'));
  const apart = textWith('"a":{"sub":"{\\"sub\\":1,","b":[{"sub":1},{"sub":2}]},"b":{"sub":":"}');
  expect(await tellToken(await signText(signingKey, apart))).toMatchObject({ status: 200 });
});

test.each([
  ['spaces', '   '],
  ['a space of no width', '\u200b'],
  ['wide spaces', '\u3000\u00a0'],
  ['a Hangul filler', '\u3164'],
  ['a Braille pattern without dots', '\u2800'],
  ['a mark without its letter', '\u0301'],
  ['a name with a filler at its end', 'zhang.san\u3164'],
  ['a name with a variation selector', 'zhang\ufe0f.san'],
  ['a name with a space before it', ' zhang.san'],
  ['a control character', 'zhang\u0007'],
])('claims: a user who is %s is refused', async (_, sub) => {
  expect(await tell({ sub })).toEqual(unusable('sub'));
});

test('claims: users with any letters are let in', async () => {
  for (const sub of ['张三', 'Zoë', 'e\u0301', '王 某', 'li+si@example.com', '7']) {
    expect([sub, (await tell({ sub })).status]).toEqual([sub, 200]);
  }
});

test('claims: a region that does not exist is refused', async () => {
  expect(await tell({ region: '110199' })).toEqual(
    refused('The token is for region 110199, which does not exist.'),
  );
  expect(await tell({ region: '110105' })).toMatchObject({ status: 200 });
});

test('claims: what is said of a request has to be seen, too', async () => {
  for (const name of ['x-wenshu-represents', 'x-wenshu-purpose', 'x-wenshu-case']) {
    for (const text of ['%20', '%E3%85%A4', '%E2%A0%80']) {
      const headers = { ...(await hub.as('PROPAGANDA').headers()), [name]: text };
      const { errors } = await hub.ask('{ __typename }', {}, headers);
      expect([name, errors?.[0]?.extensions.code]).toEqual([name, 'BAD_REQUEST']);
    }
  }
});
