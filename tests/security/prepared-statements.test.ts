import { parksSubgraph } from '@wenshu/parks/server.ts';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { rssBytesOf } from '../support/process-figures.ts';

// Both succeeded on 10c1293: the first left 60 plans of a hundred conditions each in every connection, the second 3,000.

/** A subgraph with one connection, and the memory that Postgres holds for it. */
async function startParks() {
  await using opening = new AsyncDisposableStack();
  const database = opening.use(await createDatabase());
  const admin = postgres(database.adminUrl, { max: 1 });
  opening.defer(() => admin.end());
  const subgraph = parksSubgraph({ url: database.urls.parks, maxConnections: 1 });
  opening.defer(() => subgraph.close());
  const opened = opening.move();
  return {
    ask: async (query: string, variables: Record<string, unknown>) => {
      const { errors } = await subgraph.execute({ query, variables });
      expect(errors).toBeUndefined();
    },
    /** Of all its backends: one that makes way for another may still be ending. */
    async megabytes() {
      const backends = await admin`select pid from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`;
      expect(backends.length).toBeGreaterThan(0);
      return backends.reduce((sum, { pid }) => sum + rssBytesOf(pid), 0) / 2 ** 20;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

test('prepared statements: filters of any shape leave nothing behind in Postgres', async () => {
  await using subgraph = await startParks();
  const query =
    'query ($filter: ParkFilter) { parks(first: 1, filter: $filter) { totalCount nodes { id } } }';
  const shape = (i: number) => ({ or: many(100 + i, (k) => ({ nameZh: { contains: `${k}` } })) });
  await subgraph.ask(query, { filter: shape(0) });
  const before = await subgraph.megabytes();
  for (const i of many(60, (i) => i + 1)) await subgraph.ask(query, { filter: shape(i) });
  const grown = (await subgraph.megabytes()) - before;
  expect(grown).toBeLessThan(10);
});

/** Fields that are a column each: so many of them make a thousand texts with a few ways to ask for them. */
const columns = ['nameEn', 'aliases', 'kind', 'level', 'addressZh', 'notes', 'synthetic', 'updatedAt'];
const ways = [
  '',
  ', orderBy: [{field: NAME}]',
  ', filter: {not: {id: {eq: "x"}}}',
  ', filter: {nameZh: {isNull: true}}',
];

test('prepared statements: as many short texts as can be made leave no more behind than a connection may hold', async () => {
  await using subgraph = await startParks();
  await subgraph.ask('{ parks(first: 1) { nodes { id } } }', {});
  const before = await subgraph.megabytes();
  for (const way of ways) {
    for (let chosen = 0; chosen < 2 ** columns.length; chosen++) {
      const fields = columns.filter((_, bit) => (chosen >> bit) & 1);
      await subgraph.ask(`{ parks(first: 1${way}) { nodes { id ${fields.join(' ')} } } }`, {});
    }
  }
  const grown = (await subgraph.megabytes()) - before;
  expect(grown).toBeLessThan(20);
});
