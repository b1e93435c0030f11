import { expect, test } from 'vitest';
import { describeBothWays, startInProcess, startOverHttp, type TestSubgraph } from '../support/federation.ts';

const parks: TestSubgraph = {
  sdl: 'type Query { parks: [Park!]! } type Park @key(fields: "id") { id: ID! }',
  resolvers: { Query: { parks: () => [{ id: 'p1' }, { id: 'p2' }, { id: 'p1' }] } },
};
const names: TestSubgraph = {
  sdl: 'type Park @key(fields: "id") { id: ID! name: String }',
  answer: () => ({ data: { _entities: [{ name: 'East' }, null] } }),
};
const federation = { parks, names };
const mayExplain = () => true;
const query = 'query Names { parks { name } }';

async function askExplained(url: string, header = '1') {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    body: JSON.stringify({ query }),
    headers: {
      connection: 'close',
      'content-type': 'application/json',
      'x-wenshu-explain': header,
      'x-request-id': 'r1',
    },
  });
  return await response.json();
}

const ms = expect.any(Number);

describeBothWays((start) => {
  test('a caller that asks for it sees the plan, and each fetch with its time and entities', async () => {
    await using hub = await start(federation, { mayExplain });
    expect(await askExplained(hub.url)).toMatchObject({
      data: { parks: [{ name: 'East' }, { name: null }, { name: 'East' }] },
      extensions: {
        explain: {
          requestId: 'r1',
          totalMs: ms,
          planning: { cache: 'miss', durationMs: ms },
          fetches: [
            { subgraph: 'parks', startMs: ms, durationMs: ms },
            { subgraph: 'names', startMs: ms, durationMs: ms, entitiesAsked: 2, entitiesFound: 1 },
          ],
          plan: {
            kind: 'QueryPlan',
            node: {
              kind: 'Sequence',
              nodes: [
                { kind: 'Fetch', serviceName: 'parks', operation: expect.stringContaining('parks{') },
                {
                  kind: 'Flatten',
                  path: 'parks.@',
                  node: { kind: 'Fetch', serviceName: 'names', requires: '... on Park { __typename id }' },
                },
              ],
            },
          },
        },
      },
    });
    expect(await askExplained(hub.url)).toMatchObject({
      extensions: { explain: { planning: { cache: 'hit', durationMs: 0 } } },
    });
  });

  test('an explanation says which fetch failed', async () => {
    const down = { ...names, answer: () => '<h1>no</h1>' };
    await using hub = await start({ parks, names: down }, { mayExplain });
    expect(await askExplained(hub.url)).toMatchObject({
      extensions: {
        explain: { fetches: [{ subgraph: 'parks' }, { subgraph: 'names', failure: 'unreadable' }] },
      },
    });
  });
});

test('the size of an answer stands there where it came over HTTP', async () => {
  await using hub = await startOverHttp(federation, { mayExplain });
  const bytes = JSON.stringify({ data: { _entities: [{ name: 'East' }, null] } }).length;
  expect(await askExplained(hub.url)).toMatchObject({
    extensions: { explain: { fetches: [{ bytes: expect.any(Number) }, { bytes }] } },
  });
});

test.each([
  ['who does not ask for it', mayExplain, '0'],
  ['who may not have it', () => false, '1'],
  ['where nothing is said of who may', undefined, '1'],
])('no explanation for one %s', async (_, allow, header) => {
  await using hub = await startInProcess(federation, allow ? { mayExplain: allow } : {});
  expect(await askExplained(hub.url, header)).not.toHaveProperty('extensions');
});
