import { expect, test } from 'vitest';
import { describeBothWays } from '../support/federation.ts';

describeBothWays((start) => {
  test('a key of several fields finds the entity by all of them', async () => {
    await using hub = await start({
      parks: {
        sdl: `type Query { units: [Unit!]! } type Unit @key(fields: "park number") { park: ID! number: Int! }`,
        resolvers: { Query: { units: () => [1, 2].map((number) => ({ park: 'p1', number })) } },
      },
      rents: {
        sdl: `type Unit @key(fields: "park number") { park: ID! number: Int! rent: Int! }`,
        resolvers: {
          Unit: {
            __resolveReference: ({ park, number }: { park: string; number: number }) => ({
              park,
              number,
              rent: number * 100,
            }),
          },
        },
      },
    });
    expect(await hub.ask('{ units { rent } }')).toEqual({
      data: { units: [{ rent: 100 }, { rent: 200 }] },
    });
  });

  test('a nested key is sent with its shape', async () => {
    await using hub = await start({
      parks: {
        sdl: `type Query { gate: Gate! } type Gate @key(fields: "park { id } side") { park: Park! side: String! } type Park { id: ID! @shareable }`,
        resolvers: { Query: { gate: () => ({ park: { id: 'p1' }, side: 'east' }) } },
      },
      traffic: {
        sdl: `type Gate @key(fields: "park { id } side") { park: Park! side: String! visitors: Int! } type Park { id: ID! @shareable }`,
        resolvers: { Gate: { __resolveReference: (gate: object) => ({ ...gate, visitors: 7 }) } },
      },
    });
    expect(await hub.ask('{ gate { visitors } }')).toEqual({ data: { gate: { visitors: 7 } } });
    expect(hub.calls[1]?.variables).toEqual({
      representations: [{ __typename: 'Gate', park: { id: 'p1' }, side: 'east' }],
    });
  });

  test('subgraphs with different keys meet over one that has both', async () => {
    await using hub = await start({
      codes: {
        sdl: `type Query { enterprise: Enterprise } type Enterprise @key(fields: "code") { code: ID! }`,
        resolvers: { Query: { enterprise: () => ({ code: 'c1' }) } },
      },
      registry: {
        sdl: `type Enterprise @key(fields: "code") @key(fields: "id") { code: ID! id: ID! }`,
        resolvers: { Enterprise: { __resolveReference: () => ({ code: 'c1', id: 'e1' }) } },
      },
      taxes: {
        sdl: `type Enterprise @key(fields: "id") { id: ID! paid: Int }`,
        resolvers: { Enterprise: { __resolveReference: ({ id }: { id: string }) => ({ id, paid: 5 }) } },
      },
    });
    expect(await hub.ask('{ enterprise { paid } }')).toEqual({ data: { enterprise: { paid: 5 } } });
    expect(hub.calls.map((call) => call.subgraph)).toEqual(['codes', 'registry', 'taxes']);
  });

  test('an entity whose key is null is not asked for', async () => {
    await using hub = await start({
      events: {
        sdl: `type Query { events: [Event!]! } type Event { host: Park } type Park @key(fields: "id") { id: ID }`,
        resolvers: { Query: { events: () => [{ host: { id: 'p1' } }, { host: { id: null } }] } },
      },
      parks: {
        sdl: `type Park @key(fields: "id") { id: ID name: String }`,
        resolvers: { Park: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `Park ${id}` }) } },
      },
    });
    expect(await hub.ask('{ events { host { name } } }')).toEqual({
      data: { events: [{ host: { name: 'Park p1' } }, { host: { name: null } }] },
    });
    expect(hub.calls[1]?.variables).toEqual({ representations: [{ __typename: 'Park', id: 'p1' }] });
  });

  test('an entity that stands in many places is asked for once', async () => {
    await using hub = await start({
      events: {
        sdl: `type Query { events: [Event!]! } type Event { host: Park } type Park @key(fields: "id") { id: ID! }`,
        resolvers: { Query: { events: () => ['p1', 'p2', 'p1', 'p1'].map((id) => ({ host: { id } })) } },
      },
      parks: {
        sdl: `type Park @key(fields: "id") { id: ID! name: String }`,
        resolvers: { Park: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `Park ${id}` }) } },
      },
    });
    expect(await hub.ask('{ events { host { name } } }')).toEqual({
      data: { events: ['p1', 'p2', 'p1', 'p1'].map((id) => ({ host: { name: `Park ${id}` } })) },
    });
    expect(hub.calls[1]?.variables).toMatchObject({ representations: [{ id: 'p1' }, { id: 'p2' }] });
  });
});
