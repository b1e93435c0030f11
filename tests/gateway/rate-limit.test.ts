import type { SharedStore } from '@wenshu/gateway/admission/rate-store.ts';
import type { RequestLimitSettings } from '@wenshu/gateway/admission/request-limits.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { describe, expect, test } from 'vitest';
import { createEmptyDatabase } from '../support/database.ts';
import { type Federation, startInProcess, type TestSubgraph } from '../support/federation.ts';
import { poll } from '../support/poll.ts';
import { post } from '../support/post.ts';
import { recordingLog } from '../support/recording-log.ts';
import { redisBinary, startRedis } from '../support/redis.ts';

const parks: TestSubgraph = {
  sdl: 'type Query { parks(first: Int): [Park] @listSize(slicingArguments: ["first"]) } type Park { id: ID }',
  resolvers: { Query: { parks: () => [] } },
};

const callers: Readonly<Record<string, Caller>> = {
  propaganda: { kind: 'department', department: 'PROPAGANDA', role: 'viewer', user: 'u1' },
  colleague: { kind: 'department', department: 'PROPAGANDA', role: 'analyst', user: 'u2' },
  operator: { kind: 'department', department: 'PROPAGANDA', role: 'operator', user: 'u4' },
  finance: { kind: 'department', department: 'FINANCE', role: 'viewer', user: 'u3' },
  key1: partner('key1'),
  key2: partner('key2'),
  large: partner('large'),
};

function partner(keyId: string): Caller {
  return { kind: 'partner', keyId, partner: 'p1', isTest: false, scopes: [], regions: [] };
}

/** What authentication does, for these tests. */
const access: GatewayOptions['access'] = {
  others: [async ({ headers }) => callers[headers.get('x-caller') ?? '']],
};

const limited = (admission: Partial<RequestLimitSettings> = {}): Partial<GatewayOptions> => ({
  access,
  admission: {
    rateLimits: {
      department: { costPerMinute: 1_000, costPerDay: 5_000 },
      partner: { costPerMinute: 100, costPerDay: 250 },
    },
    ...admission,
  },
});

/** Asks for what costs so much. */
const spend = (hub: Federation, caller: string, cost: number) =>
  post(hub.url, { query: `{ parks(first: ${cost}) { id } }` }, { 'x-caller': caller });

const headersOf = ({ headers }: Awaited<ReturnType<typeof post>>) => ({
  policy: headers.get('ratelimit-policy'),
  limit: headers.get('ratelimit'),
  retryAfter: headers.get('retry-after'),
});

test('an answer says what its caller may ask for, and what is left', async () => {
  await using hub = await startInProcess({ parks }, limited());
  expect(headersOf(await spend(hub, 'key1', 30))).toEqual({
    policy: '"minute";q=100;w=60;wenshu-unit="cost", "day";q=250;w=86400;wenshu-unit="cost"',
    limit: '"minute";r=70;t=60, "day";r=220;t=86400',
    retryAfter: null,
  });
});

test('a caller is answered up to its limit, and refused beyond it; what is refused costs nothing', async () => {
  await using hub = await startInProcess({ parks }, limited());
  expect((await spend(hub, 'key1', 60)).status).toBe(200);
  const refused = await spend(hub, 'key1', 41);
  expect(refused).toMatchObject({
    status: 429,
    body: {
      errors: [
        {
          message: expect.stringMatching(
            /^Key key1 may use a query cost of 100 a minute, and has 40 left\. This operation costs 41\. Try again in (60|59) s\.$/,
          ),
          extensions: { code: 'RATE_LIMITED', limit: 100, left: 40, cost: 41 },
        },
      ],
    },
  });
  const { limit, retryAfter } = headersOf(refused);
  expect(limit).toMatch(/^"minute";r=40;t=\d+, "day";r=190;t=\d+$/);
  expect(retryAfter).toBe(limit?.match(/t=(\d+)/)?.[1]);
  expect((await spend(hub, 'key1', 40)).status).toBe(200);
  expect((await spend(hub, 'key1', 1)).status).toBe(429);
  expect(hub.calls).toHaveLength(2);
});

test('a quota is for a day', async () => {
  const rateLimits = {
    department: { costPerMinute: 0, costPerDay: 0 },
    partner: { costPerMinute: 0, costPerDay: 250 },
  };
  await using hub = await startInProcess({ parks }, limited({ rateLimits }));
  expect((await spend(hub, 'key1', 250)).status).toBe(200);
  const refused = await spend(hub, 'key1', 1);
  expect(refused).toMatchObject({
    status: 429,
    body: { errors: [{ extensions: { code: 'QUOTA_EXCEEDED' } }] },
  });
  expect(Number(headersOf(refused).retryAfter)).toBeGreaterThan(86_000);
  const department = await spend(hub, 'finance', 40_000);
  expect(department.status).toBe(200);
  expect(headersOf(department)).toEqual({ policy: null, limit: null, retryAfter: null });
});

test('the refusal of an operation that costs more than a whole limit says so', async () => {
  await using hub = await startInProcess({ parks }, limited());
  const { body } = await spend(hub, 'key1', 101);
  expect(body.errors[0].message).toMatch(/costs 101\. Ask for less at a time\.$/);
});

test('keys are limited each for itself, people of a department together, a key as it says itself', async () => {
  await using hub = await startInProcess(
    { parks },
    {
      ...limited(),
      limitsOfCaller: (caller) =>
        caller.kind === 'partner' && caller.keyId === 'large'
          ? { costPerMinute: 500, costPerDay: 0 }
          : undefined,
    },
  );
  const statuses = [];
  for (const [caller, cost] of [
    ['key1', 100],
    ['key1', 1],
    ['key2', 100],
    ['propaganda', 600],
    ['colleague', 401],
    ['colleague', 400],
    ['finance', 1_000],
    ['large', 500],
    ['large', 1],
  ] as const) {
    statuses.push((await spend(hub, caller, cost)).status);
  }
  expect(statuses).toEqual([200, 429, 200, 200, 429, 200, 200, 200, 429]);
});

test('nobody is limited where the gateway asks nobody who he is', async () => {
  await using hub = await startInProcess({ parks }, { ...limited(), access: undefined });
  for (let i = 0; i < 3; i++) {
    const answer = await spend(hub, 'nobody', 40_000);
    expect(answer.status).toBe(200);
    expect(headersOf(answer)).toEqual({ policy: null, limit: null, retryAfter: null });
  }
});

test('what is refused for another reason costs nothing', async () => {
  await using hub = await startInProcess({ parks }, limited());
  expect((await spend(hub, 'key1', 50_001)).status).toBe(400);
  expect((await post(hub.url, { query: '{ nothing }' }, { 'x-caller': 'key1' })).status).toBe(400);
  expect(headersOf(await spend(hub, 'key1', 1)).limit).toMatch(/^"minute";r=99;/);
});

/** Two gateways that count in one store. */
async function startTwo(rateStore: SharedStore, options: Partial<GatewayOptions> = {}) {
  const settings = { ...limited({ rateStore, gateways: 2 }), ...options };
  await using starting = new AsyncDisposableStack();
  const one = starting.use(await startInProcess({ parks }, settings));
  const other = starting.use(await startInProcess({ parks }, settings));
  const running = starting.move();
  return { one, other, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const storeUp = async ({ url }: Federation) =>
  (
    await (await fetch(`${url}/metrics`, { headers: { connection: 'close', 'x-caller': 'operator' } })).text()
  ).match(/^wenshu_rate_limit_store_up (\d)$/m)?.[1];

async function countsTogether(rateStore: SharedStore) {
  await using gateways = await startTwo(rateStore);
  const { one, other } = gateways;
  expect((await spend(one, 'key1', 60)).status).toBe(200);
  expect((await spend(other, 'key1', 41)).status).toBe(429);
  expect(headersOf(await spend(other, 'key1', 40)).limit).toMatch(/^"minute";r=0;t=\d+, "day";r=150;t=\d+$/);
  expect((await spend(one, 'key1', 1)).status).toBe(429);
  expect((await spend(one, 'key2', 100)).status).toBe(200);
  expect(await storeUp(one)).toBe('1');
}

/** With the store down each of two gateways allows half, and says that it does. */
async function countsAlone(
  gateways: Awaited<ReturnType<typeof startTwo>>,
  lines: readonly { message: string }[],
) {
  const { one, other } = gateways;
  for (const gateway of [one, other]) {
    const answer = await spend(gateway, 'key1', 50);
    expect(answer.status).toBe(200);
    expect(headersOf(answer).policy).toMatch(/^"minute";q=50;w=60;/);
    expect((await spend(gateway, 'key1', 1)).status).toBe(429);
    expect(await storeUp(gateway)).toBe('0');
  }
  const said = lines.filter(({ message }) => message.startsWith('The store of rate limits is down'));
  expect(said).toHaveLength(2);
}

describe('in Postgres', () => {
  test('gateways count together', async () => {
    await using database = await createEmptyDatabase();
    await countsTogether({ kind: 'postgres', url: database.adminUrl });
  });

  test('a gateway counts for itself, with its share, while the store is down', async () => {
    const log = recordingLog();
    await using gateways = await startTwo(
      { kind: 'postgres', url: 'postgres://a:b@127.0.0.1:1/none' },
      { log },
    );
    await countsAlone(gateways, log.lines);
  });
});

if (!redisBinary)
  console.warn('SKIPPED: rate limits in Redis are not tested, there is no redis-server here.');
describe.skipIf(!redisBinary)('in Redis', () => {
  test('gateways count together', async () => {
    await using redis = await startRedis();
    await countsTogether({ kind: 'redis', url: redis.url });
  });

  test('a gateway counts for itself while the store is down, and together with others when it is back', async () => {
    await using redis = await startRedis();
    const log = recordingLog();
    await using gateways = await startTwo({ kind: 'redis', url: redis.url }, { log });
    expect((await spend(gateways.one, 'key1', 60)).status).toBe(200);
    await redis.stop();
    await countsAlone(gateways, log.lines);
    await redis.start();
    await poll(async () => {
      const { limit } = headersOf(await spend(gateways.one, 'key2', 1));
      return limit && (await storeUp(gateways.one)) === '1' ? limit : undefined;
    });
    expect((await spend(gateways.one, 'key1', 100)).status).toBe(200);
    expect(log.lines.map(({ message }) => message)).toContain(
      'The store of rate limits answers again: limits are counted together.',
    );
  });

  test('a store that hangs holds up no request for long', async () => {
    await using redis = await startRedis();
    await using gateways = await startTwo({ kind: 'redis', url: redis.url });
    redis.pause();
    try {
      expect((await spend(gateways.one, 'key1', 50)).status).toBe(200);
      expect(await storeUp(gateways.one)).toBe('0');
    } finally {
      redis.resume();
    }
  });
});
