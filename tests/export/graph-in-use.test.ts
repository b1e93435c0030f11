import { createGateway } from '@wenshu/gateway/gateway.ts';
import type { Subgraph } from '@wenshu/gateway/upstream/subgraph.ts';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { createEmptyDatabase } from '../support/database.ts';
import { serve, supergraphOf, type TestSubgraph } from '../support/federation.ts';
import { poll } from '../support/poll.ts';

const count = 1_200;
/** Rows of which the second page waits for `isReady`. */
const rowsAfter = (isReady?: Promise<void>): TestSubgraph => ({
  sdl: `
    type Query { rows(first: Int, after: String): RowConnection }
    type RowConnection { nodes: [Row!]! pageInfo: PageInfo! }
    type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Row { id: ID! }`,
  resolvers: {
    Query: {
      rows: async (_root: unknown, { first, after }: { first: number; after?: string }) => {
        if (after) await isReady;
        const start = Number(after ?? 0);
        const end = Math.min(start + first, count);
        return {
          nodes: Array.from({ length: end - start }, (_, i) => ({ id: start + i })),
          pageInfo: { endCursor: String(end), hasNextPage: end < count },
        };
      },
    },
  },
});
const allRows = Array.from({ length: count }, (_, i) => `{"id":"${i}"}\n`).join('');

/** Starts a gateway that counts usage in Postgres, and notes which of its graphs are closed. */
async function start(url: string, isReady?: Promise<void>) {
  const closed: number[] = [];
  let opened = 0;
  const rows = rowsAfter(isReady);
  const [subgraph] = [...serve({ rows }).values()] as unknown as [Subgraph];
  const supergraphSdl = supergraphOf({ rows });
  const costPerMinute = 1_000_000;
  const gateway = await createGateway({
    supergraphSdl,
    subgraphs: () => {
      opened += 1;
      const number = opened;
      const ask: Subgraph = async (...asked) => {
        if (closed.includes(number)) throw new Error('This connection is closed.');
        return subgraph(...asked);
      };
      return Object.assign(ask, { close: async () => void closed.push(number) });
    },
    access: {
      others: [
        () =>
          ({ kind: 'partner', keyId: 'k', partner: 'p', isTest: false, scopes: [], regions: [] }) as const,
      ],
    },
    admission: {
      rateLimits: {
        department: { costPerMinute, costPerDay: 0 },
        partner: { costPerMinute, costPerDay: 0 },
      },
      rateStore: { kind: 'postgres', url },
    },
  });
  const { port } = await gateway.listen(0, '127.0.0.1');
  return {
    closed,
    replaceSupergraph: () => gateway.replaceSupergraph(supergraphSdl),
    startExport: () =>
      fetch(`http://127.0.0.1:${port}/export`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ query: '{ rows { nodes { id } } }' }),
      }),
    [Symbol.asyncDispose]: () => gateway.stop(),
  };
}

// On 03cc490 the graph was closed under the export, which failed.
test('a supergraph that is replaced while an export waits for its price stays open to its last page', async () => {
  await using database = await createEmptyDatabase();
  await using hub = await start(database.adminUrl);
  const sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} });
  const isWaiting = async () => {
    const [{ waiting } = { waiting: 0 }] = await sql<{ waiting: number }[]>`
      select count(*)::int as waiting from pg_locks join pg_database on oid = database
      where not granted and datname = current_database()`;
    return waiting > 0 || undefined;
  };

  // The store of rates waits only a moment, in which the supergraph must be replaced.
  let first = '';
  for (let old = 1; first !== 'replaced'; old++) {
    const { exported, ended } = await sql.begin(async (transaction) => {
      await transaction`lock table wenshu_gateway.usage`;
      const exported = hub.startExport();
      await Promise.race([poll(isWaiting), exported]);
      const ended = Promise.race([
        hub.replaceSupergraph().then(() => 'replaced'),
        exported.then(() => 'answered'),
      ]);
      return { exported, ended: await ended };
    });
    first = ended;
    const response = await exported;
    expect([response.status, await response.text()]).toEqual([200, allRows]);
    await poll(async () => hub.closed.includes(old) || undefined);
  }
  await sql.end();
});

test('a supergraph that is replaced while an export is read stays open to its last page', async () => {
  await using database = await createEmptyDatabase();
  const { promise, resolve } = Promise.withResolvers<void>();
  await using hub = await start(database.adminUrl, promise);
  const response = await hub.startExport();
  await hub.replaceSupergraph();
  expect(hub.closed).toEqual([]);
  resolve();
  expect(await response.text()).toBe(allRows);
  await poll(async () => hub.closed.includes(1) || undefined);
});
