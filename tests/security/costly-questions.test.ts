import { standardQueryLimits } from '@wenshu/gateway/admission/query-limits.ts';
import { connect } from '@wenshu/kit/connect.ts';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { startHub, type TestHub, ways } from '../support/hub.ts';
import { poll } from '../support/poll.ts';

// Each of these succeeded on 10c1293.

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const containing = (count: number) => ({ or: many(count, (i) => ({ nameZh: { contains: `${i}` } })) });
const countOfParks = 'query ($filter: ParkFilter) { parks(first: 0, filter: $filter) { totalCount } }';

/** Keeps a table to itself: whoever reads it waits, for as long as he is let, and takes no processor time. */
async function lock(adminUrl: string, table: string) {
  const client = postgres(adminUrl, { max: 2, onnotice: () => {} });
  const { promise: over, resolve: release } = Promise.withResolvers<void>();
  const { promise: locked, resolve: onLocked } = Promise.withResolvers<void>();
  const holding = client.begin(async (transaction) => {
    await transaction.unsafe(`lock table ${table} in access exclusive mode`);
    onLocked();
    await over;
  });
  await locked;
  return {
    /** Statements that wait for it. */
    waiting: async () => {
      const [row] = await client`select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      return Number(row?.count);
    },
    async [Symbol.asyncDispose]() {
      release();
      await holding;
      await client.end();
    },
  };
}

describe('conditions in variables', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({ admission: { queryLimits: { ...standardQueryLimits, cost: 0 } } });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  /** What a question costs, which the refusal of any cost tells. */
  const costOf = async (query: string, variables: object) =>
    (await hub.ask(query, variables)).errors?.[0]?.extensions.count;

  test('costly questions: thousands of conditions in a variable are refused by name, unasked', async () => {
    const { data, errors } = await hub.ask(countOfParks, { filter: containing(5_000) });
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'TOO_MANY_CONDITIONS', limit: 200, count: 5_000 });
    expect(errors?.[0]?.extensions.messageZh).toContain('条件');
    expect(hub.calls.parks).toBe(0);
  });

  test('costly questions: empty conditions, and those in several variables, count alike', async () => {
    const empty = { or: many(201, () => ({})) };
    expect((await hub.ask(countOfParks, { filter: empty })).errors?.[0]?.extensions.code).toBe(
      'TOO_MANY_CONDITIONS',
    );
    const twice =
      'query ($a: ParkFilter, $b: ParkFilter) { a: parks(filter: $a) { totalCount } b: parks(filter: $b) { totalCount } }';
    const half = containing(101);
    expect((await hub.ask(twice, { a: half, b: half })).errors?.[0]?.extensions.count).toBe(202);
  });

  test('costly questions: a condition in a variable costs what it does in the document', async () => {
    const inDocument =
      '{ parks(first: 0, filter: {or: [{nameZh: {contains: "a"}}, {nameZh: {startsWith: "b"}}]}) { totalCount } }';
    const filter = { or: [{ nameZh: { contains: 'a' } }, { nameZh: { startsWith: 'b' } }] };
    expect(await costOf(inDocument, {})).toBe(7);
    expect(await costOf(countOfParks, { filter })).toBe(7);
    expect(await costOf(countOfParks, { filter: {} })).toBe(1);
  });

  test('costly questions: what compares more rows, or more values, costs more', async () => {
    expect(await costOf(countOfParks, { filter: containing(100) })).toBe(1 + 300 + 13);
    expect(await costOf(countOfParks, { filter: { id: { in: many(1_280, String) } } })).toBe(1 + 10);
    const groups =
      'query ($by: [EnterpriseGroupBy!]) { enterprises { aggregates(first: 1, groupBy: $by) { count } } }';
    const fields = ['KIND', 'REGION', 'TIER', 'FOUNDED_ON_MONTH'];
    const costs = await Promise.all(
      many(5, (count) => costOf(groups, { by: fields.slice(0, count).map((field) => ({ field })) })),
    );
    expect(costs).toEqual([2, 3, 3, 5, 7]);
    const nested =
      'query ($filter: EnterpriseFilter) { parks(first: 50) { nodes { enterprises(filter: $filter) { totalCount } } } }';
    const none = Number(await costOf(nested, { filter: {} }));
    expect(await costOf(nested, { filter: { nameZh: { contains: 'a' } } })).toBe(none + 50 * 3 + 6);
  });
});

test('costly questions: what takes an agency too long is an error of its fields, and its statement ends', async () => {
  await using hub = await startHub({ ownRows: true, callTimeoutMs: 300 });
  await using table = await lock(hub.database.adminUrl, 'parks.parks');
  const { data, errors } = await hub.ask(
    '{ parks(first: 3) { nodes { nameZh } } regions(first: 1) { nodes { code } } }',
  );
  expect(data).toMatchObject({ parks: null, regions: { nodes: [{ code: expect.any(String) }] } });
  expect(errors).toEqual([
    expect.objectContaining({
      path: ['parks'],
      extensions: expect.objectContaining({ code: 'SUBGRAPH_TIMEOUT', subgraph: 'parks' }),
    }),
  ]);
  expect(await table.waiting()).toBe(0);
});

test('costly questions: Postgres ends a statement by itself where this process does not', async () => {
  await using database = await createDatabase();
  const { db, close } = connect({ url: database.urls.parks, callTimeoutMs: 50 });
  await expect(db.execute(sql`select pg_sleep(60)`)).rejects.toMatchObject({ cause: { code: '57014' } });
  await close();
});

describe.each(ways)('an agency that is attacked, %s', (way) => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({ agreements: {}, way, ownRows: true });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const mallory = { department: 'PROPAGANDA', sub: 'mallory' } as const;

  /** Asks, and leaves with `signal`. */
  const send = async (query: string, signal: AbortSignal) => {
    const headers = {
      'content-type': 'application/json',
      connection: 'close',
      ...(await hub.as(mallory).headers()),
    };
    const body = JSON.stringify({ query });
    return fetch(`${hub.url}/graphql`, { method: 'POST', headers, body, signal }).catch(() => {});
  };

  test('costly questions: the statement of a caller who has gone is broken off', async () => {
    await using table = await lock(hub.database.adminUrl, 'parks.parks');
    const controller = new AbortController();
    const asked = send('{ parks(first: 3) { nodes { nameZh } } }', controller.signal);
    await poll(async () => (await table.waiting()) === 1 || undefined);
    controller.abort();
    await asked;
    await poll(async () => (await table.waiting()) === 0 || undefined);
  });

  test('costly questions: one viewer with as many as he likes leaves an agency to the others', async () => {
    await using table = await lock(hub.database.adminUrl, 'parks.projects');
    const controller = new AbortController();
    const attack = many(40, (i) => send(`{ projects(first: ${i + 1}) { nodes { id } } }`, controller.signal));
    await poll(async () => (await table.waiting()) === 4 || undefined);

    const question = '{ parks(first: 1) { nodes { id } } }';
    const answer = { data: { parks: { nodes: [{ id: expect.any(String) }] } } };
    expect(await hub.as({ ...mallory, sub: 'alice' }).ask(question)).toMatchObject(answer);
    expect(await hub.as('CULTURE_TOURISM').ask(question)).toMatchObject(answer);
    expect(await table.waiting()).toBe(4);

    controller.abort();
    await Promise.all(attack);
    await poll(async () => (await table.waiting()) === 0 || undefined);
  });
});
