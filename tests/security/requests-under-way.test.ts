import type { AccessOptions } from '@wenshu/gateway/admission/admit.ts';
import { afterAll, expect, test } from 'vitest';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';
import { poll } from '../support/poll.ts';

// On caa8d77 (and 10c1293) this attack succeeded: who had as many requests under way as the gateway takes had all others turned away.

const released = Promise.withResolvers<number>();
const subgraph: TestSubgraph = {
  sdl: 'type Query { slow: Int fast: Int }',
  resolvers: { Query: { slow: () => released.promise, fast: () => 1 } },
};
const access: AccessOptions = {
  others: [
    async ({ headers }) => ({
      kind: 'department',
      department: 'PROPAGANDA',
      role: 'viewer',
      user: headers.get('x-user') ?? '',
    }),
  ],
};
const hub = await startInProcess({ subgraph }, { access, maxInFlight: 12 });
afterAll(() => hub[Symbol.asyncDispose]());

async function ask(user: string, query: string) {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', 'x-user': user },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: object }[] };
  return { status: response.status, data, extensions: errors?.[0]?.extensions };
}

test('one caller with as many requests under way as he likes leaves the gateway to the others', async () => {
  const turnedAway: unknown[] = [];
  const attack = Array.from({ length: 20 }, async () => {
    const answer = await ask('mallory', '{ slow }');
    if (answer.status === 503) turnedAway.push(answer.extensions);
    return answer.status;
  });
  await poll(async () => turnedAway.length === 16 || undefined);
  expect(turnedAway[0]).toMatchObject({ code: 'OVERLOADED', messageZh: expect.any(String) });
  expect(await ask('alice', '{ fast }')).toEqual({ status: 200, data: { fast: 1 }, extensions: undefined });

  released.resolve(2);
  expect((await Promise.all(attack)).filter((status) => status === 200)).toHaveLength(4);
  // His places are free again.
  expect(await ask('mallory', '{ fast }')).toMatchObject({ status: 200 });
});

// On 03cc490 such a gateway did not start: it counted to infinity for a list of places.
test('a gateway without a limit of requests under way, or of calls to a subgraph, answers all', async () => {
  const most = Number.POSITIVE_INFINITY;
  await using unlimited = await startInProcess(
    { subgraph },
    { maxInFlight: most, subgraphLimits: { concurrency: most } },
  );
  const answers = Array.from({ length: 50 }, () => unlimited.ask('{ fast }'));
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 50 }, () => ({ data: { fast: 1 } })));
});

// On 03cc490 exports took no place, so that any number of them could be validated and begun at once.
test('an export takes the place of a request until its first row', async () => {
  const isReady = Promise.withResolvers<void>();
  const rows: TestSubgraph = {
    sdl: `
      type Query { fast: Int rows(first: Int, after: String): RowConnection }
      type RowConnection { nodes: [Row!]! pageInfo: PageInfo! }
      type PageInfo { endCursor: String hasNextPage: Boolean! }
      type Row { id: ID! text: String! }`,
    resolvers: {
      Query: {
        fast: () => 1,
        rows: async (_root: unknown, { first }: { first: number }) => {
          await isReady.promise;
          return {
            nodes: Array.from({ length: first }, (_, id) => ({ id, text: 'x'.repeat(4_000) })),
            pageInfo: { endCursor: 'more', hasNextPage: true },
          };
        },
      },
    },
  };
  await using one = await startInProcess({ rows }, { maxInFlight: 1 });
  const leaving = new AbortController();
  const exported = fetch(`${one.url}/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query: '{ rows { nodes { id text } } }' }),
    signal: leaving.signal,
  });
  await poll(async () => one.calls.length > 0 || undefined);
  expect(await one.ask('{ fast }')).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
  isReady.resolve();
  expect((await exported).status).toBe(200);
  expect(await one.ask('{ fast }')).toEqual({ data: { fast: 1 } });
  leaving.abort();
});
