import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { supergraphOf } from '../support/federation.ts';
import { audience, issuer, makeKey, sign, startIdentityProvider } from '../support/identity-provider.ts';
import { makeToken } from '../support/paste.ts';

const plain = supergraphOf({ parks: { sdl: 'type Query { name: String }' } });
const shared = `${plain}\ndirective @sharing(class: String) on FIELD_DEFINITION`;

type Env = Readonly<Record<string, string>>;

/** A gateway as a process, over one field that nobody answers. */
async function startGateway(env: Env = {}, supergraph = plain) {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(await createDataFolder());
  const file = join(folder.path, 'supergraph.graphql');
  await writeFile(file, supergraph);
  const settings = { WENSHU_DATA: folder.path, AUDIT: '0', ...env };
  const process = opening.use(runCli(['gateway', '--supergraph', file], settings));
  const opened = opening.move();
  return {
    process,
    settings,
    folder: folder.path,
    replace: (sdl: string) => writeFile(file, sdl),
    async statusFor(token?: string) {
      const url = await process.printed(/http:\/\/localhost:\d+/);
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        body: '{"query":"{ __typename }"}',
        headers: {
          'content-type': 'application/json',
          connection: 'close',
          ...(token && { authorization: `Bearer ${token}` }),
        },
      });
      return response.status;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const problems = (...lines: readonly string[]) =>
  ['wenshu: The environment has settings that cannot be used:', ...lines.map((line) => `  - ${line}`)].join(
    '\n',
  );

const noProvider =
  'JWKS and JWT_ISSUER must name the identity provider of the departments with NODE_ENV=production.';

describe('access control', () => {
  it('is off for a supergraph that says nothing of sharing, and on for one that does', async () => {
    await using open = await startGateway();
    await using guarded = await startGateway({}, shared);
    expect(await open.statusFor()).toBe(200);
    expect(await guarded.statusFor()).toBe(401);
    expect(await guarded.statusFor(await makeToken(guarded.settings))).toBe(200);
  });

  it('is not lost by a change of the supergraph', async () => {
    await using gateway = await startGateway();
    expect(await gateway.statusFor()).toBe(200);
    await gateway.replace(shared);
    await gateway.process.printed(/is refused, the one in use stays: It uses @sharing/);
  });

  it('is off where ACCESS is 0, and the log warns of it', async () => {
    await using gateway = await startGateway({ ACCESS: '0' }, shared);
    expect(await gateway.statusFor()).toBe(200);
    await gateway.process.printed(/"level":"warn".*ACCESS is 0: the gateway answers everybody/);
  });

  it('is on as soon as there is an identity provider, in production too', async () => {
    const key = await makeKey('k1', 'EdDSA');
    await using provider = await startIdentityProvider(key);
    const env = { NODE_ENV: 'production', JWKS: `${provider.options.jwks}`, JWT_ISSUER: issuer };
    await using gateway = await startGateway(env);
    expect(await gateway.statusFor()).toBe(401);
    expect(await gateway.statusFor(await sign(key))).toBe(200);
  });

  it('takes keys from a file, and the audience from a setting', async () => {
    const key = await makeKey('k1', 'RS256');
    await using folder = await createDataFolder();
    const file = join(folder.path, 'jwks.json');
    await writeFile(file, JSON.stringify({ keys: [key.open] }));
    await using gateway = await startGateway({ JWKS: file, JWT_ISSUER: issuer, JWT_AUDIENCE: 'other' });
    expect(await gateway.statusFor(await sign(key, { aud: 'other' }))).toBe(200);
    expect(await gateway.statusFor(await sign(key, { aud: audience }))).toBe(401);
  });
});

describe('in production', () => {
  const production = { NODE_ENV: 'production' };

  it('a hub without an identity provider does not start, and makes no development key', async () => {
    await using data = await createDataFolder();
    const env = { ...production, WENSHU_DATA: data.path };
    expect(await runCli(['start'], env).ended).toEqual({ code: 2, output: problems(noProvider) });
    await expect(stat(join(data.path, 'development-key.json'))).rejects.toThrow('ENOENT');
  });

  it('nor a gateway before what says of sharing', async () => {
    await using gateway = await startGateway(production, shared);
    expect(await gateway.process.ended).toEqual({ code: 2, output: problems(noProvider) });
  });

  it('access control cannot be off', async () => {
    expect(await runCommandHere(['start'], { ...production, ACCESS: '0' })).toEqual({
      code: 2,
      output: problems('ACCESS must not be 0 with NODE_ENV=production.'),
    });
  });

  it('a token of the development key is refused, and none is made', async () => {
    const key = await makeKey('k1');
    await using provider = await startIdentityProvider(key);
    await using data = await createDataFolder();
    const token = await makeToken({ WENSHU_DATA: data.path });
    const env = {
      ...production,
      WENSHU_DATA: data.path,
      JWKS: `${provider.options.jwks}`,
      JWT_ISSUER: issuer,
    };
    await using gateway = await startGateway(env);
    expect(await gateway.statusFor(token)).toBe(401);
    expect(
      await runCommandHere(['token', '--department', 'TAXATION', '--role', 'viewer'], env),
    ).toMatchObject({
      code: 2,
      output: expect.stringContaining('tokens come from the identity provider.'),
    });
  });
});

it('signs a token of a leader who speaks for an agency', async () => {
  await using data = await createDataFolder();
  const { output } = await runCommandHere(
    ['token', '--department', 'FINANCE', '--role', 'leader', '--agency', 'org-wh-propaganda'],
    { WENSHU_DATA: data.path },
  );
  const [, claims = ''] = output.split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    department: 'FINANCE',
    role: 'leader',
    agency: 'org-wh-propaganda',
  });
});

it.each([
  [
    { JWKS: 'https://id.test/jwks' },
    'JWT_ISSUER must be set with JWKS: it is the value of iss in the tokens.',
  ],
  [
    { JWKS: 'http://id.test/jwks', JWT_ISSUER: issuer },
    'JWKS must be like https://id.example/jwks.json, or a file.',
  ],
  [
    { JWKS: 'https://id.test/jwks', JWT_ISSUER: 'wenshu-development' },
    'JWT_ISSUER must not be "wenshu-development", which is of the development key.',
  ],
])('%j is refused', async (env, problem) => {
  expect(await runCommandHere(['start'], env)).toEqual({ code: 2, output: problems(problem) });
});

it.each([
  ['that is not there', undefined, 'ENOENT'],
  ['that holds no JSON', '{', 'it is no JSON'],
])('a file of keys %s is said plainly', async (_, content, reason) => {
  await using folder = await createDataFolder();
  const file = join(folder.path, 'jwks.json');
  if (content) await writeFile(file, content);
  expect(await runCli(['start'], { JWKS: file, JWT_ISSUER: issuer }).ended).toEqual({
    code: 1,
    output: `wenshu: JWKS ${file} cannot be read (${reason}).`,
  });
});

describe('wenshu token', () => {
  const args = ['--department', 'TAXATION', '--role', 'analyst'];
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

  it('prints a token and nothing else, by a key that only its owner can read', async () => {
    await using data = await createDataFolder();
    const env = { WENSHU_DATA: data.path };
    const more = ['--region', '110105', '--user', 'li.si', '--expires', '2h'];
    const token = await makeToken(env, [...args, ...more]);
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const claims = claimsOf(token);
    expect(claims).toEqual({
      iss: 'wenshu-development',
      aud: 'wenshu',
      sub: 'li.si',
      department: 'TAXATION',
      role: 'analyst',
      region: '110105',
      iat: expect.any(Number),
      exp: claims.iat + 7_200,
    });
    const { mode } = await stat(join(data.path, 'development-key.json'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('signs with one key, also when the first are made at once', async () => {
    await using gateway = await startGateway({ ACCESS: '1' });
    const commands = [1, 2, 3].map(() => runCli(['token', ...args], gateway.settings).ended);
    for (const { code, output: token } of await Promise.all(commands)) {
      expect(code).toBe(0);
      expect(await gateway.statusFor(token)).toBe(200);
    }
  });

  it.each([
    [['--role', 'viewer'], "required option '--department <name>' not specified"],
    [['--department', 'POLICE', '--role', 'viewer'], 'Allowed choices are PROPAGANDA'],
    [['--department', 'FINANCE', '--role', 'admin'], 'Allowed choices are viewer'],
    [[...args, '--region', 'Beijing'], 'It must be six digits of GB/T 2260.'],
    [[...args, '--expires', '0s'], 'It must be like 10s, 2m or 8h.'],
  ])('refuses %j', async (wrong, reason) => {
    const answer = await runCommandHere(['token', ...wrong], {});
    expect(answer).toMatchObject({ code: 2, output: expect.stringContaining(reason) });
  });
});
