import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limitFailedAuth } from '@wenshu/gateway/admission/failed-auth-limit.ts';
import { type Changes, listenForChanges } from '@wenshu/gateway/control/changes.ts';
import type { KeyTerms } from '@wenshu/gateway/control/key-terms.ts';
import { makeKey } from '@wenshu/gateway/control/key-text.ts';
import { createKey, findKey, listIds, rehashKey, revokeKey } from '@wenshu/gateway/control/keys.ts';
import { createPartners, type Partners } from '@wenshu/gateway/control/partners.ts';
import { createPeppers, type Peppers } from '@wenshu/gateway/control/peppers.ts';
import { createClientAddress } from '@wenshu/gateway/http/client-address.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import { connect } from '@wenshu/kit/connect.ts';
import type { Database } from '@wenshu/kit/database.ts';
import type { HubError } from '@wenshu/schema/errors.ts';
import { describe, expect, it } from 'vitest';
import { arrivingWith, withChecksum } from '../support/control-plane.ts';
import { createHubDatabase, type TestDatabase } from '../support/database.ts';
import { keyRules } from '../support/key-rules.ts';
import { poll } from '../support/poll.ts';
import { ask as askDatabase } from '../support/sql.ts';

const older = 'the pepper of last year, 32 or more';
const newer = 'the pepper of this year, 32 or more';
const steward = { department: 'PROPAGANDA', user: '王某' } as const;
const here = '192.0.2.1';

interface Gate extends AsyncDisposable {
  readonly db: Database;
  readonly database: TestDatabase;
  readonly partners: Partners;
  readonly changes: Changes;
  /** Look-ups in the database so far. */
  readonly lookUps: number;
  create(terms?: Partial<KeyTerms>): Promise<{ secret: string; id: string }>;
  /** Lets a key in, until it is in memory: not at once, as its making is announced too. */
  remember(key: string): Promise<void>;
  /** What a caller with this key is told; `in` where it is let in. */
  tell(key: string, address?: string): Promise<{ code: string; message: string } | 'in'>;
}

/** Partners as one gateway knows them, over a database of its own or that of another. */
async function openGate({
  peppers = createPeppers([newer]),
  now,
  of,
}: {
  peppers?: Peppers;
  now?: () => number;
  of?: TestDatabase;
} = {}): Promise<Gate> {
  await using opening = new AsyncDisposableStack();
  const database = of ?? opening.use(await createHubDatabase());
  const hubUrl = database.urls.hub;
  const { db, close } = connect({ url: hubUrl, maxConnections: 2 });
  opening.defer(close);
  const changes = listenForChanges(hubUrl, silent);
  opening.defer(() => changes.close());
  await poll(() => changes.isCurrent() || undefined);
  let lookUps = 0;
  const find = (id: string) => {
    lookUps++;
    return findKey(db, id);
  };
  const partners = createPartners({
    store: { find, listIds: () => listIds(db), rehash: (row, key) => rehashKey(db, peppers, row, key) },
    changes,
    peppers,
    now,
    log: silent,
  });
  const failedAuthLimit = limitFailedAuth(3);
  const tell = async (key: string, address = here) => {
    try {
      await partners.verify(arrivingWith(key, address, failedAuthLimit));
      return 'in' as const;
    } catch (cause) {
      const { code, message } = cause as HubError;
      return { code, message };
    }
  };
  const opened = opening.move();
  return {
    db,
    database,
    partners,
    changes,
    get lookUps() {
      return lookUps;
    },
    async create(terms = {}) {
      const { secret, apiKey } = await createKey(
        db,
        peppers,
        steward,
        {
          environment: 'LIVE',
          partner: '文创数据公司',
          contact: 'zhang@example.com',
          scopes: ['Park'],
          regions: [],
          actions: [],
          addresses: [],
          expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
          ...terms,
        },
        keyRules,
      );
      return { secret, id: apiKey.id };
    },
    tell,
    async remember(key) {
      await poll(async () => {
        const before = lookUps;
        expect(await tell(key)).toBe('in');
        return lookUps === before || undefined;
      });
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const stranger = {
  code: 'UNAUTHENTICATED',
  message: 'This is not an API key of this hub. Send the key exactly as you received it.',
};

describe('a stranger', () => {
  it('gets the same answer for a malformed, mistyped or unknown key, and for a wrong secret', async () => {
    await using gate = await openGate();
    await using elsewhere = await openGate();
    const [real, unknown] = [await gate.create(), await elsewhere.create()];
    const otherSecret = unknown.secret;
    expect(await gate.tell('wsk_live_nonsense', '192.0.2.2')).toEqual(stranger);
    expect(await gate.tell(`${real.secret.slice(0, -1)}~`, '192.0.2.3')).toEqual(stranger);
    expect(gate.lookUps).toBe(0);
    expect(await gate.tell(otherSecret, '192.0.2.4')).toEqual(stranger);

    // The id of a key on record with a secret of another, its checksum right.
    await askDatabase(
      elsewhere.database.adminUrl,
      `update hub.api_keys set digest = 'x' where id = '${unknown.id}'`,
    );
    expect(await elsewhere.tell(otherSecret)).toEqual(stranger);
    // Also where that key is revoked: only its holder may know.
    await revokeKey(elsewhere.db, steward, unknown.id, '遗失', keyRules);
    expect(await elsewhere.tell(otherSecret)).toEqual(stranger);
  });

  it('has to wait after many tries, while good keys from there go on working, seen before or not', async () => {
    await using gate = await openGate();
    const [known, late] = [await gate.create(), await gate.create()];
    await gate.remember(known.secret);
    await gate.remember(late.secret);
    await using restarted = await openGate({ of: gate.database });
    for (let i = 0; i < 3; i++) expect(await gate.tell('wsk_live_x')).toEqual(stranger);
    const heldUp = {
      code: 'RATE_LIMITED',
      message: expect.stringMatching(
        /^Too many wrong tokens and API keys came from 192\.0\.2\.1\. Try again in \d+ s\.$/,
      ),
    };
    expect(await gate.tell('wsk_live_x')).toEqual(heldUp);
    expect(await gate.tell(known.secret)).toBe('in');
    for (let i = 0; i < 4; i++) await restarted.tell('wsk_live_x');
    expect(await restarted.tell(known.secret)).toBe('in');
    expect(await restarted.tell(late.secret)).toBe('in');
    expect(await gate.tell(late.secret, '192.0.2.9')).toBe('in');
  });

  it('costs no more look-ups once it has to wait, whatever it tries', async () => {
    await using gate = await openGate();
    await using elsewhere = await openGate();
    const real = await gate.create();
    await gate.remember(real.secret);
    const forged = withChecksum(
      makeKey('live')
        .text.slice(0, -6)
        .replace(/(?<=wsk_live_)[^_]+/, real.id),
    );
    for (let i = 0; i < 4; i++) await gate.tell('wsk_live_x');
    const before = gate.lookUps;
    for (let i = 0; i < 20; i++) {
      const tries = [makeKey('live').text, (await elsewhere.create()).secret, forged];
      for (const each of tries) expect(await gate.tell(each)).toMatchObject({ code: 'RATE_LIMITED' });
    }
    expect(gate.lookUps).toBe(before);
    expect(await gate.tell(real.secret)).toBe('in');
  });

  it('is counted by the /64 that it comes from, where it may have any address', async () => {
    await using gate = await openGate();
    const { secret } = await gate.create();
    await gate.remember(secret);
    for (let i = 1; i <= 3; i++)
      expect(await gate.tell('wsk_live_x', `2001:db8:0:1::${i}`)).toEqual(stranger);
    await gate.tell('wsk_live_x', '2001:db8:0:1::4');
    expect(await gate.tell('wsk_live_x', '2001:db8:0:1:ffff::1')).toEqual({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('came from 2001:db8:0:1::/64.'),
    });
    expect(await gate.tell('wsk_live_x', '2001:db8:0:2::1')).toEqual(stranger);
    expect(await gate.tell(secret, '2001:db8:0:1:ffff::1')).toBe('in');
  });
});

describe('the rightful holder', () => {
  it('learns that the key was revoked, and why', async () => {
    await using gate = await openGate();
    const { secret, id } = await gate.create();
    await revokeKey(gate.db, steward, id, '合同终止', keyRules);
    expect(await gate.tell(secret)).toEqual({
      code: 'UNAUTHENTICATED',
      message: `API key "${id}" was revoked (合同终止). Ask 宣传部, which made it.`,
    });
  });

  it('learns that the key expired, from that moment on, also where it is in memory', async () => {
    const end = Date.now() + 3_600_000;
    const expiresAt = new Date(end).toISOString();
    let now = end - 1;
    await using gate = await openGate({ now: () => now });
    const { secret, id } = await gate.create({ expiresAt });
    await gate.remember(secret);
    now = end;
    expect(await gate.tell(secret)).toEqual({
      code: 'UNAUTHENTICATED',
      message: `API key "${id}" expired at ${expiresAt}. Ask 宣传部, which made it.`,
    });
  });

  it('learns that its address is not allowed', async () => {
    await using gate = await openGate();
    const { secret, id } = await gate.create({ addresses: ['198.51.100.0/24', '2001:db8::/32'] });
    expect(await gate.tell(secret, '198.51.100.7')).toBe('in');
    expect(await gate.tell(secret, '2001:db8::7')).toBe('in');
    for (const address of ['198.51.101.7', '2001:db9::7', 'unknown']) {
      expect(await gate.tell(secret, address)).toEqual({
        code: 'FORBIDDEN',
        message: `API key "${id}" may not be used from ${address}. Ask 宣传部, which made it.`,
      });
    }
  });
});

describe('memory', () => {
  it('answers for a key that was looked up once, until it changes', async () => {
    await using gate = await openGate();
    const { secret, id } = await gate.create();
    await gate.remember(secret);
    await revokeKey(gate.db, steward, id, '遗失', keyRules);
    await poll(async () => ((await gate.tell(secret)) === 'in' ? undefined : true));
  });

  it('is not used while changes cannot be heard, and is emptied when they are again', async () => {
    await using gate = await openGate();
    const { secret, id } = await gate.create();
    await gate.remember(secret);
    await askDatabase(
      gate.database.adminUrl,
      `begin;
       alter table hub.api_keys disable trigger api_keys_changed;
       select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike '%listen%' and pid <> pg_backend_pid();
       update hub.api_keys set revoked_at = now(), revoked_by = 'x', revoked_reason = 'unheard' where id = '${id}';
       alter table hub.api_keys enable trigger api_keys_changed;
       commit`,
    );
    await poll(async () => ((await gate.tell(secret)) === 'in' ? undefined : true));
    await poll(() => gate.changes.isCurrent() || undefined);
    expect(await gate.tell(secret)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('does not answer in the place of a database that is gone', async () => {
    await using gate = await openGate();
    const { secret } = await gate.create();
    await gate.remember(secret);
    const name = new URL(gate.database.adminUrl).pathname.slice(1);
    const server = new URL(gate.database.adminUrl);
    server.pathname = '/postgres';
    await askDatabase(server.href, `drop database ${name} with (force)`);
    await poll(async () => {
      const told = await gate.tell(secret);
      return told === 'in' ? undefined : told;
    }).then((told) =>
      expect(told).toEqual({
        code: 'IDENTITY_UNAVAILABLE',
        message: 'API keys cannot be checked at the moment. Try again in some seconds.',
      }),
    );
    await askDatabase(server.href, `create database ${name}`);
  });
});

describe('a new pepper', () => {
  it('takes over the keys of the one before as they are used', async () => {
    await using before = await openGate({ peppers: createPeppers([older]) });
    const of = before.database;
    await using rotating = await openGate({ peppers: createPeppers([newer, older]), of });
    await using after = await openGate({ peppers: createPeppers([newer]), of });
    const { secret } = await before.create();
    expect(await after.tell(secret, '192.0.2.5')).toEqual(stranger);
    expect(await rotating.tell(secret)).toBe('in');
    await poll(async () => ((await after.tell(secret, '192.0.2.6')) === 'in' ? true : undefined));
  });
});

describe('the address of a client', () => {
  /** What the server takes for the address of a request with these forwarded addresses. */
  async function addressOf(trusted: readonly string[], forwarded?: string): Promise<string> {
    const clientAddressOf = createClientAddress(trusted);
    await using server = createServer((request, response) => response.end(clientAddressOf(request)));
    await new Promise<void>((listening) => server.listen(0, '::', listening));
    const { port } = server.address() as AddressInfo;
    const headers = { connection: 'close', ...(forwarded && { 'x-forwarded-for': forwarded }) };
    return (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
  }

  it.each([
    ['the other end of the connection', [], undefined, '127.0.0.1'],
    ['not what a stranger says', [], '203.0.113.9', '127.0.0.1'],
    ['what a trusted proxy says', ['127.0.0.0/8'], '203.0.113.9', '203.0.113.9'],
    [
      'the last that no trusted proxy added',
      ['127.0.0.1', '10.0.0.0/8'],
      '1.1.1.1, 203.0.113.9, 10.2.3.4',
      '203.0.113.9',
    ],
  ])('is %s', async (_what, trusted, forwarded, expected) => {
    expect(await addressOf(trusted, forwarded)).toBe(expected);
  });
});
