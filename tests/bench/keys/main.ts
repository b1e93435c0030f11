import { listenForChanges } from '@wenshu/gateway/control/changes.ts';
import { createKey, findKey, type IssuedKey, listIds, revokeKey } from '@wenshu/gateway/control/keys.ts';
import { createPartners } from '@wenshu/gateway/control/partners.ts';
import { createPeppers } from '@wenshu/gateway/control/peppers.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import { connect } from '@wenshu/kit/connect.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import { runCli } from '../../support/cli.ts';
import { arrivingWith } from '../../support/control-plane.ts';
import { databaseOn } from '../../support/database.ts';
import { keyRules } from '../../support/key-rules.ts';
import { describeMachine } from '../../support/machine.ts';
import { poll } from '../../support/poll.ts';
import { ask } from '../../support/sql.ts';
import { startThrowAwayPostgres } from '../../support/throw-away-postgres.ts';

// node tests/bench/keys/main.ts measures the verification of an API key, and the time until a revoked key is refused everywhere.

const pepper = 'a pepper for figures of more than 32 characters';
const peppers = createPeppers([pepper]);
const steward = { department: 'PROPAGANDA', user: 'bench' } as const;
const keysLookedUp = 2_000;
const verifications = 100_000;
const revocations = 40;

await using server = await startThrowAwayPostgres();
const adminUrl = databaseOn(server.url, 'keys');
const { hub: url } = await migrate({ adminUrl });
const { db, close } = connect({ url, maxConnections: 4 });
try {
  console.log(describeMachine());
  show('verify a key that is in memory, ms', await verifyCached());
  show('verify a key that is not, ms', await verifyUncached());
  show('revoked on both of two gateways after, ms', await revoke(false));
  show('the same, their listening connections cut in that moment, ms', await revoke(true));
} finally {
  await close();
}

function issue(to: Database): Promise<IssuedKey> {
  return createKey(
    to,
    peppers,
    steward,
    {
      environment: 'LIVE',
      partner: 'bench',
      contact: 'bench',
      scopes: ['Park'],
      regions: [],
      actions: [],
      addresses: ['10.0.0.0/8'],
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    },
    keyRules,
  );
}

async function verifyCached(): Promise<number[]> {
  return withPartners(async (authenticate) => {
    const { secret } = await issue(db);
    const times: number[] = [];
    for (let i = 0; i < verifications; i++) times.push(await authenticate(secret));
    // The first runs include compilation and look-ups.
    return times.slice(verifications / 10);
  });
}

async function verifyUncached(): Promise<number[]> {
  const issued = await Promise.all(Array.from({ length: keysLookedUp }, () => issue(db)));
  return withPartners(async (authenticate) => {
    const times: number[] = [];
    for (const { secret } of issued) times.push(await authenticate(secret));
    return times;
  });
}

async function withPartners<T>(
  work: (authenticate: (key: string) => Promise<number>) => Promise<T>,
): Promise<T> {
  const changes = listenForChanges(url, silent);
  await poll(() => changes.isCurrent() || undefined);
  const store = {
    find: (id: string) => findKey(db, id),
    listIds: () => listIds(db),
    rehash: async () => {},
  };
  const partners = createPartners({ store, changes, peppers, log: silent });
  try {
    return await work(async (key) => {
      const startedAt = performance.now();
      await partners.verify(arrivingWith(key, '10.1.2.3'));
      return performance.now() - startedAt;
    });
  } finally {
    await changes.close();
  }
}

/** Measures for each key the time from its revocation to the first refusal of the last gateway. */
async function revoke(cutsConnections: boolean): Promise<number[]> {
  await using processes = new AsyncDisposableStack();
  const env = { HUB_DATABASE_URL: url, KEY_PEPPER: pepper };
  const gateways = await Promise.all(
    ['first', 'second'].map(async (id) => {
      const gateway = processes.use(runCli(['gateway', '--port', '0'], { ...env, GATEWAY_ID: id }));
      return new URL('/graphql', await gateway.printed(/http:\/\/localhost:\d+/)).href;
    }),
  );
  const times: number[] = [];
  for (let i = 0; i < revocations; i++) {
    const { secret, apiKey } = await issue(db);
    const refusedAt = Promise.all(gateways.map((gateway) => untilRefused(gateway, secret)));
    // Waits until both gateways have the key in memory.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    if (cutsConnections) await cutListening();
    const [, revokedAt] = [await revokeKey(db, steward, apiKey.id, 'bench', keyRules), performance.now()];
    times.push(Math.max(0, ...(await refusedAt).map((at) => at - revokedAt)));
  }
  return times;
}

/** Returns the time when the gateway last accepted the key. */
async function untilRefused(gateway: string, key: string): Promise<number> {
  for (let lastIn = 0; ; ) {
    const response = await fetch(gateway, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: '{"query":"{ __typename }"}',
    });
    await response.text();
    if (response.status === 401) return lastIn;
    lastIn = performance.now();
  }
}

function cutListening() {
  const own = "datname = 'keys' and query ilike 'listen%'";
  return ask(adminUrl, `select pg_terminate_backend(pid) from pg_stat_activity where ${own}`);
}

function show(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(3);
  console.log(`${what}: p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)} (${times.length})`);
}
