import { createHmac } from 'node:crypto';
import { departments, roles } from '@wenshu/schema/caller.ts';
import { exportSPKI, importJWK, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  bearer,
  type Claims,
  goodClaims,
  inSeconds,
  type Key,
  makeKey,
  sign,
  startIdentityProvider,
} from '../../support/identity-provider.ts';
import { refusedWith, startGuarded } from './guarded.ts';

const key = await makeKey('k1');

/** A hub whose provider publishes `keys`, and these besides. */
async function startHub(...keys: readonly Key[]) {
  await using opening = new AsyncDisposableStack();
  const provider = opening.use(await startIdentityProvider(key, ...keys));
  const hub = opening.use(await startGuarded({ departments: provider.options }));
  const opened = opening.move();
  return { ...hub, provider, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

const answered = { status: 200, challenge: null, answer: { data: { name: 'East' } } };

describe('a token is good', () => {
  test.each(['RS256', 'ES256', 'EdDSA'])('signed with %s', async (alg) => {
    const other = await makeKey('k2', alg);
    await using hub = await startHub(other);
    expect(await hub.ask(bearer(await sign(other)))).toEqual(answered);
  });

  test('and subgraphs receive the caller', async () => {
    await using hub = await startHub();
    const claims = { sub: '张三', department: 'PROPAGANDA', role: ['steward'], region: '110105' };
    await hub.ask(bearer(await sign(key, claims)));
    expect(hub.contexts).toMatchObject([
      {
        caller: {
          kind: 'department',
          department: 'PROPAGANDA',
          role: 'steward',
          user: '张三',
          region: '110105',
        },
        purposeOfUse: {},
      },
    ]);
  });

  test('for each department and each role', async () => {
    await using hub = await startHub();
    const claims = [...departments.map((department) => ({ department })), ...roles.map((role) => ({ role }))];
    for (const each of claims) expect(await hub.ask(bearer(await sign(key, each)))).toEqual(answered);
  });

  test.each<[string, Claims]>([
    ['that ended within the leeway', { exp: inSeconds(-50) }],
    ['that begins within the leeway', { nbf: inSeconds(50) }],
    ['for several audiences', { aud: ['other', 'wenshu'] }],
  ])('%s', async (_, claims) => {
    await using hub = await startHub();
    expect(await hub.ask(bearer(await sign(key, claims)))).toEqual(answered);
  });

  test('whatever the case of "Bearer"', async () => {
    await using hub = await startHub();
    expect(await hub.ask({ authorization: `bearer ${await sign(key)}` })).toEqual(answered);
  });
});

const notOfProvider = 'The token is not signed with a key of the identity provider.';
const otherAlgorithm =
  'The hub does not accept the signature algorithm of the token. It accepts: RS256, ES256, EdDSA.';
const severalRoles = 'The token has several roles. Get a token for the one role in which you act.';
const unusable = (claim: string) => `The "${claim}" of the token cannot be used.`;

describe('a token is refused', () => {
  test.each<[string, Claims, string]>([
    ['of another issuer', { iss: 'https://id.other' }, 'The hub does not accept the issuer of the token.'],
    ['for another audience', { aud: 'other' }, 'The token is meant for another audience.'],
    ['that has expired', { exp: inSeconds(-70) }, 'The token has expired. Get a new one.'],
    ['that is not valid yet', { nbf: inSeconds(70) }, 'The token is not valid yet.'],
    ['without an end', { exp: undefined }, 'The token has no "exp".'],
    ['without an issuer', { iss: undefined }, 'The token has no "iss".'],
    ['without an audience', { aud: undefined }, 'The token has no "aud".'],
    ['of nobody', { sub: undefined }, unusable('sub')],
    ['of somebody who would spoil a log', { sub: 'a\nb' }, unusable('sub')],
    ['of an unknown department', { department: 'POLICE' }, unusable('department')],
    ['of no department', { department: undefined }, unusable('department')],
    ['with an unknown role', { role: 'admin' }, unusable('role')],
    ['with no role', { role: undefined }, unusable('role')],
    ['with two roles', { role: ['operator', 'auditor'] }, severalRoles],
    ['with two roles in one', { role: 'operator auditor' }, unusable('role')],
    ['with a region that is no code', { region: '' }, unusable('region')],
  ])('%s', async (_, claims, message) => {
    await using hub = await startHub();
    expect(await hub.ask(bearer(await sign(key, claims)))).toEqual(refusedWith(message));
    expect(hub.contexts).toEqual([]);
  });

  test('that is not signed', async () => {
    await using hub = await startHub();
    const token = new UnsecuredJWT(goodClaims()).encode();
    expect(await hub.ask(bearer(token))).toEqual(refusedWith(otherAlgorithm));
  });

  test.each(['RS256', 'ES256'])('signed as HS256 with the public key of %s as its secret', async (alg) => {
    const other = await makeKey('k2', alg);
    await using hub = await startHub(other);
    const secret = await exportSPKI((await importJWK(other.open, alg)) as CryptoKey);
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const content = `${encode({ alg: 'HS256', kid: 'k2' })}.${encode(goodClaims())}`;
    const signature = createHmac('sha256', secret).update(content).digest('base64url');
    expect(await hub.ask(bearer(`${content}.${signature}`))).toEqual(refusedWith(otherAlgorithm));
  });

  test('signed in a way that is good, but not pinned', async () => {
    const other = await makeKey('k2', 'PS256');
    await using hub = await startHub(other);
    expect(await hub.ask(bearer(await sign(other)))).toEqual(refusedWith(otherAlgorithm));
  });

  test('signed with a key that nobody knows, or under the name of one that is known', async () => {
    const forger = await makeKey('k2');
    await using hub = await startHub();
    expect(await hub.ask(bearer(await sign(forger)))).toEqual(refusedWith(notOfProvider));
    expect(await hub.ask(bearer(await sign({ ...forger, kid: 'k1' })))).toEqual(refusedWith(notOfProvider));
  });

  test('whose content was changed', async () => {
    await using hub = await startHub();
    const [header, , signature] = (await sign(key)).split('.');
    const content = Buffer.from(JSON.stringify({ ...goodClaims(), role: 'operator' })).toString('base64url');
    expect(await hub.ask(bearer(`${header}.${content}.${signature}`))).toEqual(refusedWith(notOfProvider));
  });

  test('that brings its own key', async () => {
    const forger = await makeKey('k2');
    await using hub = await startHub();
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'k2', jwk: forger.open })).toString(
      'base64url',
    );
    const [, content, signature] = (await sign(forger)).split('.');
    expect(await hub.ask(bearer(`${header}.${content}.${signature}`))).toEqual(refusedWith(notOfProvider));
  });

  test.each(['x', 'a.b.c', 'e30.e30.e30', '..', 'a, Bearer b'])('that is none: %s', async (garbage) => {
    await using hub = await startHub();
    const message = 'The token cannot be read: it is not a signed JWT.';
    expect(await hub.ask(bearer(garbage))).toEqual(refusedWith(message));
  });
});

test('who brings token after token that the provider has not signed has to wait, and colleagues at the same address have not', async () => {
  await using hub = await startHub();
  const forger = await makeKey('k1');
  for (let i = 0; i < 20; i++) {
    expect(await hub.ask(bearer(await sign(forger)))).toEqual(refusedWith(notOfProvider));
  }
  const message = expect.stringMatching(
    /^Too many wrong tokens and API keys came from .+\. Try again in \d+ s\.$/,
  );
  expect(await hub.ask(bearer(await sign(forger)))).toEqual({
    status: 429,
    challenge: null,
    answer: { errors: [{ message, extensions: { code: 'RATE_LIMITED' } }] },
  });
  expect(await hub.ask(bearer(await sign(key)))).toEqual(answered);
  expect(await hub.ask(bearer(await sign(key, { exp: inSeconds(-70) })))).toEqual(
    refusedWith('The token has expired. Get a new one.'),
  );
});

const unknownCaller =
  'The hub answers only known callers. Send the header "authorization: Bearer TOKEN" with your token or API key.';

test.each([
  ['has no token', {}],
  ['has a password', { authorization: 'Basic YTpi' }],
])('the answer to a request that %s says how to bring one', async (_, headers) => {
  await using hub = await startHub();
  expect(await hub.ask(headers)).toEqual(refusedWith(unknownCaller, ''));
});

test('a token that is used again and again is refused when it has expired', async () => {
  let now = Date.now();
  await using provider = await startIdentityProvider(key);
  await using hub = await startGuarded({ departments: { ...provider.options, now: () => now } });
  const token = await sign(key, { exp: inSeconds(30, now) });
  expect(await hub.ask(bearer(token))).toEqual(answered);
  now += 80_000;
  expect(await hub.ask(bearer(token))).toEqual(answered);
  now += 20_000;
  expect(await hub.ask(bearer(token))).toEqual(refusedWith('The token has expired. Get a new one.'));
});
