import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const parks: TestSubgraph = {
  sdl: `type Query { park: Park } type Park @key(fields: "id") { id: ID! name: String }`,
  resolvers: { Query: { park: () => ({ id: 'p1', name: 'East' }) } },
};

const events: TestSubgraph = {
  sdl: `type Park @key(fields: "id") { id: ID! visitors: Int }`,
  resolvers: { Park: { __resolveReference: ({ id }: { id: string }) => ({ id, visitors: 7 }) } },
};

const query = `query ($with: Boolean!, $without: Boolean = false) {
  park { name @skip(if: $without) ...Visitors @include(if: $with) }
}
fragment Visitors on Park { visitors }`;

describeBothWays((start) => {
  test('variables decide, each time anew', async () => {
    await using hub = await start({ parks, events });
    expect(await hub.ask(query, { with: true })).toEqual({ data: { park: { name: 'East', visitors: 7 } } });
    expect(await hub.ask(query, { with: false })).toEqual({ data: { park: { name: 'East' } } });
    expect(await hub.ask(query, { with: true, without: true })).toEqual({ data: { park: { visitors: 7 } } });
  });

  test('a subgraph that has nothing to add is not asked', async () => {
    await using hub = await start({ parks, events });
    await hub.ask(query, { with: false });
    expect(hub.calls.map((call) => call.subgraph)).toEqual(['parks']);
  });

  test('an object of which nothing is left is an empty object', async () => {
    await using hub = await start({ parks, events });
    expect(await hub.ask(query, { with: false, without: true })).toEqual({ data: { park: {} } });
  });

  test('a question of which nothing is left is answered without asking anyone', async () => {
    await using hub = await start({ parks, events });
    expect(await hub.ask('{ park @include(if: false) { name } }')).toEqual({ data: {} });
    expect(hub.calls).toEqual([]);
  });

  test('a field stays when one of its occurrences does', async () => {
    await using hub = await start({ parks, events });
    expect(await hub.ask('{ park { name @skip(if: true) name } park @skip(if: true) { visitors } }')).toEqual(
      {
        data: { park: { name: 'East' } },
      },
    );
  });
});
