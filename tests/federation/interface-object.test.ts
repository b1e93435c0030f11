import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const places: TestSubgraph = {
  sdl: `
    type Query { places: [Place!]! }
    interface Place @key(fields: "id") { id: ID! }
    type Park implements Place @key(fields: "id") { id: ID! area: Int }
    type Museum implements Place @key(fields: "id") { id: ID! works: Int }`,
  resolvers: {
    Query: {
      places: () => [
        { __typename: 'Park', id: 'p1', area: 3 },
        { __typename: 'Museum', id: 'm1', works: 9 },
      ],
    },
    Place: {
      __resolveReference: ({ id }: { id: string }) => ({ __typename: id === 'p1' ? 'Park' : 'Museum', id }),
    },
  },
};

const ratings: TestSubgraph = {
  sdl: `
    type Query { best: Place }
    type Place @interfaceObject @key(fields: "id") { id: ID! rating: Int! }`,
  resolvers: {
    Query: { best: () => ({ id: 'm1', rating: 5 }) },
    Place: { __resolveReference: ({ id }: { id: string }) => ({ id, rating: id === 'p1' ? 4 : 5 }) },
  },
};

describeBothWays((start) => {
  test('a field of an interface object reaches every type behind the interface', async () => {
    await using hub = await start({ places, ratings });
    expect(await hub.ask('{ places { rating ... on Park { area } ... on Museum { works } } }')).toEqual({
      data: {
        places: [
          { rating: 4, area: 3 },
          { rating: 5, works: 9 },
        ],
      },
    });
  });

  test('what an interface object really is, is asked of the subgraph that knows', async () => {
    await using hub = await start({ places, ratings });
    expect(await hub.ask('{ best { __typename id rating } }')).toEqual({
      data: { best: { __typename: 'Museum', id: 'm1', rating: 5 } },
    });
  });

  test('nothing more is asked where only the interface is', async () => {
    await using hub = await start({ places, ratings });
    expect(await hub.ask('{ best { id rating } }')).toEqual({ data: { best: { id: 'm1', rating: 5 } } });
    expect(hub.calls).toHaveLength(1);
  });

  test('its type can be asked for under another name', async () => {
    await using hub = await start({ places, ratings });
    expect(await hub.ask('{ best { kind: __typename } }')).toEqual({ data: { best: { kind: 'Museum' } } });
  });

  test('fields of the interface and fields of one type behind it meet', async () => {
    await using hub = await start({
      places,
      ratings: {
        ...ratings,
        sdl: ratings.sdl.replace('best: Place', 'best: Place all: [Place!]'),
        resolvers: {
          ...ratings.resolvers,
          Query: {
            all: () => [
              { id: 'p1', rating: 4 },
              { id: 'm1', rating: 5 },
            ],
          },
        },
      },
    });
    expect(
      await hub.ask('{ all { ... on Park { id area rating } ... on Museum { rating } rating } }'),
    ).toEqual({
      data: { all: [{ id: 'p1', area: null, rating: 4 }, { rating: 5 }] },
    });
  });
});
