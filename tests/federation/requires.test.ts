import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const parks = (areas: readonly unknown[]): TestSubgraph => ({
  sdl: `
    type Query { park: Park! }
    type Park @key(fields: "id") { id: ID! area(unit: String! = "m2"): Float buildings: [Building!] }
    type Building { area: Float }`,
  resolvers: {
    Query: { park: () => ({ id: 'p1' }) },
    Park: {
      area: (_: unknown, { unit }: { unit: string }) => (unit === 'ha' ? 2 : 20_000),
      buildings: () => areas.map((area) => ({ area })),
    },
  },
});

type Known = { id: string; area: number | null; buildings: readonly { area: number | null }[] };

const rents: TestSubgraph = {
  sdl: `
    type Park @key(fields: "id") {
      id: ID!
      area(unit: String! = "m2"): Float @external
      buildings: [Building!] @external
      rent: Float @requires(fields: "area(unit: \\"ha\\")")
      floor: Float @requires(fields: "buildings { area }")
    }
    type Building { area: Float @external }`,
  resolvers: {
    Park: {
      __resolveReference: (park: Known) => park,
      rent: ({ area }: Known) => (area ?? 0) * 10,
      floor: ({ buildings }: Known) =>
        buildings.every((each) => each.area !== null)
          ? buildings.reduce((sum, each) => sum + (each.area ?? 0), 0)
          : null,
    },
  },
};

describeBothWays((start) => {
  test('a required field comes with the arguments that the subgraph names', async () => {
    await using hub = await start({ parks: parks([]), rents });
    expect(await hub.ask('{ park { rent } }')).toEqual({ data: { park: { rent: 20 } } });
  });

  test('what the caller asks with other arguments is kept apart', async () => {
    await using hub = await start({ parks: parks([]), rents });
    expect(await hub.ask('{ park { area(unit: "m2") rent } }')).toEqual({
      data: { park: { area: 20_000, rent: 20 } },
    });
  });

  test('fields of a list are required item by item', async () => {
    await using hub = await start({ parks: parks([1, 2.5]), rents });
    expect(await hub.ask('{ park { floor } }')).toEqual({ data: { park: { floor: 3.5 } } });
    expect(hub.calls[1]?.variables).toEqual({
      representations: [{ __typename: 'Park', id: 'p1', buildings: [{ area: 1 }, { area: 2.5 }] }],
    });
  });

  test('a null that is required is sent as null, so that unknown stays unknown', async () => {
    await using hub = await start({ parks: parks([1, null]), rents });
    expect(await hub.ask('{ park { floor } }')).toEqual({ data: { park: { floor: null } } });
  });

  test('a field is not computed where what it requires never came', async () => {
    const silent: TestSubgraph = {
      sdl: `type Query { park: Park! } type Park @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { park: () => ({ id: 'p1' }) } },
    };
    const areas: TestSubgraph = {
      sdl: `
        type Park @key(fields: "id") { id: ID! area(unit: String! = "m2"): Float buildings: [Building!] }
        type Building { area: Float }`,
      answer: () => Promise.reject(new Error('down')),
    };
    await using hub = await start({ silent, areas, rents });
    expect(await hub.ask('{ park { rent } }')).toEqual({
      data: { park: { rent: null } },
      errors: [
        {
          message: 'Subgraph "areas" cannot be reached.',
          path: ['park'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'areas' },
        },
      ],
    });
    expect(hub.calls.map((call) => call.subgraph)).not.toContain('rents');
  });
});
