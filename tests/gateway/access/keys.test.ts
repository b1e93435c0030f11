import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportJWK } from 'jose';
import { expect, test } from 'vitest';
import { createDataFolder } from '../../support/data-folder.ts';
import { gate } from '../../support/gate.ts';
import {
  audience,
  bearer,
  inSeconds,
  issuer,
  type Key,
  makeKey,
  sign,
  startIdentityProvider,
} from '../../support/identity-provider.ts';
import { poll } from '../../support/poll.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { startGuarded } from './guarded.ts';

const [first, second] = [await makeKey('k1'), await makeKey('k2')];

/** A provider and a hub, on a clock that a test moves on. */
async function startHub(...keys: readonly Key[]) {
  await using opening = new AsyncDisposableStack();
  const clock = {
    now: Date.now(),
    pass(ms: number) {
      clock.now += ms;
    },
  };
  const provider = opening.use(await startIdentityProvider(...keys));
  const departments = { ...provider.options, now: () => clock.now };
  const log = recordingLog();
  const hub = opening.use(await startGuarded({ departments }, { log }));
  const opened = opening.move();
  return {
    ...hub,
    clock,
    log,
    provider,
    /** The status for a new token of this key. */
    async statusFor(key: Key) {
      const token = await sign(key, { exp: inSeconds(600, clock.now), jti: crypto.randomUUID() });
      return (await hub.ask(bearer(token))).status;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const minuteMs = 60_000;

test('a new key of the provider is known at once, and the old one as long as it is published', async () => {
  await using hub = await startHub(first);
  expect(await hub.statusFor(first)).toBe(200);
  hub.provider.keys = [first, second];
  expect(await hub.statusFor(second)).toBe(200);
  expect(await hub.statusFor(first)).toBe(200);
  hub.provider.keys = [second];
  hub.clock.pass(11 * minuteMs);
  await poll(async () => ((await hub.statusFor(first)) === 401 ? true : undefined));
  expect(await hub.statusFor(second)).toBe(200);
});

test('unknown keys do not make the hub ask the provider again and again', async () => {
  await using hub = await startHub(first);
  for (let i = 0; i < 5; i++) expect(await hub.statusFor(second)).toBe(401);
  expect(hub.provider.asked).toBe(2);
  hub.clock.pass(11_000);
  expect(await hub.statusFor(second)).toBe(401);
  expect(hub.provider.asked).toBe(3);
});

test('keys that were fetched verify while the provider is down, however long', async () => {
  await using hub = await startHub(first);
  expect(await hub.statusFor(first)).toBe(200);
  hub.provider.keys = undefined;
  for (let i = 0; i < 3; i++) {
    hub.clock.pass(24 * 60 * minuteMs);
    expect(await hub.statusFor(first)).toBe(200);
  }
  expect(await hub.statusFor(second)).toBe(401);
  expect(hub.log.lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      message: 'The keys of the identity provider cannot be read; earlier keys stay in use.',
    }),
  );
});

test('an empty set of keys counts as none', async () => {
  await using hub = await startHub(first);
  expect(await hub.statusFor(first)).toBe(200);
  hub.provider.keys = [];
  expect(await hub.statusFor(second)).toBe(401);
  expect(await hub.statusFor(first)).toBe(200);
});

test('before there are any keys, callers must try again, and /readyz says why', async () => {
  await using hub = await startHub(first);
  hub.provider.keys = undefined;
  const token = await sign(first);
  const response = await hub.get('/graphql?query={name}', bearer(token));
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('10');
  expect(await response.json()).toEqual({
    errors: [
      {
        message: 'The identity provider cannot be reached to verify the token. Try again in some seconds.',
        extensions: { code: 'IDENTITY_UNAVAILABLE' },
      },
    ],
  });
  expect(await (await hub.get('/readyz')).json()).toMatchObject({
    checks: { identityProvider: 'not ready', parks: 'ready' },
  });
  expect(hub.provider.asked).toBe(1);

  hub.provider.keys = [first];
  hub.clock.pass(11_000);
  expect((await hub.ask(bearer(token))).status).toBe(200);
  expect(await (await hub.get('/readyz')).json()).toMatchObject({ checks: { identityProvider: 'ready' } });
});

test('a provider that publishes a private key lets nobody in, and the cause is in the log', async () => {
  await using hub = await startHub({ ...first, open: { ...(await exportJWK(first.secret)), kid: 'k1' } });
  expect(await hub.statusFor(first)).toBe(500);
  expect(hub.log.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
});

test('keys in a file are read again when it changes', async () => {
  await using folder = await createDataFolder();
  const file = join(folder.path, 'jwks.json');
  const publish = (...keys: readonly Key[]) =>
    writeFile(file, JSON.stringify({ keys: keys.map(({ open }) => open) }));
  await publish(first);
  await using hub = await startGuarded({ departments: { jwks: pathToFileURL(file), issuer, audience } });
  const statusFor = async (key: Key) =>
    (await hub.ask(bearer(await sign(key, { jti: crypto.randomUUID() })))).status;
  expect(await statusFor(first)).toBe(200);
  await publish(second);
  await poll(async () => ((await statusFor(second)) === 200 ? true : undefined));
  await poll(async () => ((await statusFor(first)) === 401 ? true : undefined));
});

test('a token that was verified stays good for a minute after its key is withdrawn', async () => {
  await using hub = await startHub(first);
  const token = await sign(first, { exp: inSeconds(3_600) });
  expect((await hub.ask(bearer(token))).status).toBe(200);
  hub.provider.keys = [second];
  expect(await hub.statusFor(second)).toBe(200);
  expect(await hub.statusFor(first)).toBe(401);
  hub.clock.pass(59_000);
  expect((await hub.ask(bearer(token))).status).toBe(200);
  hub.clock.pass(2_000);
  expect((await hub.ask(bearer(token))).status).toBe(401);
});

test('a caller that goes away while its token is verified is not waited for', async () => {
  await using hub = await startHub(first);
  const { opened, open } = gate();
  hub.provider.answering = opened;
  const caller = connect(Number(new URL(hub.url).port), '127.0.0.1');
  const head = ['POST /graphql HTTP/1.1', 'host: hub', `authorization: Bearer ${await sign(first)}`];
  caller.write([...head, 'content-type: application/json', 'content-length: 100', '', '{'].join('\r\n'));
  await poll(() => hub.provider.asked || undefined);
  caller.destroy();
  await once(caller, 'close');
  // The gateway hears of it before the answer to this comes.
  await hub.get('/healthz');
  open();
  const outcomes = () => hub.log.lines.find(({ message }) => message === 'request');
  expect(await poll(outcomes)).toMatchObject({ outcome: 'abandoned', status: 499 });
});
