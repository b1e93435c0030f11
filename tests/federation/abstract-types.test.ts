import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const search: TestSubgraph = {
  sdl: `
    type Query { search: [Result!]! nodes: [Node] }
    union Result = Park | Policy
    interface Node { id: ID! }
    type Park implements Node @key(fields: "id") { id: ID! }
    type Policy implements Node @key(fields: "id") { id: ID! title: String }`,
  resolvers: {
    Query: {
      search: () => [
        { __typename: 'Park', id: 'p1' },
        { __typename: 'Policy', id: 'd1', title: 'Measures' },
      ],
      nodes: () => [
        { __typename: 'Policy', id: 'd1', title: 'Measures' },
        null,
        { __typename: 'Park', id: 'p1' },
      ],
    },
  },
};

const parks: TestSubgraph = {
  sdl: `
    type Query { newest: Result }
    union Result = Park | Event
    type Event { title: String }
    type Park @key(fields: "id") { id: ID! name: String near: [Result!] }`,
  resolvers: {
    Query: { newest: () => ({ __typename: 'Event', title: 'Fair' }) },
    Park: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      name: ({ id }: { id: string }) => `Park ${id}`,
      near: () => [
        { __typename: 'Event', title: 'Fair' },
        { __typename: 'Park', id: 'p2' },
      ],
    },
  },
};

describeBothWays((start) => {
  test('members of a union are completed by the subgraphs that know them', async () => {
    await using hub = await start({ search, parks });
    expect(await hub.ask('{ search { __typename ... on Park { name } ... on Policy { title } } }')).toEqual({
      data: {
        search: [
          { __typename: 'Park', name: 'Park p1' },
          { __typename: 'Policy', title: 'Measures' },
        ],
      },
    });
  });

  test('a member that only one subgraph knows is answered from there', async () => {
    await using hub = await start({ search, parks });
    expect(
      await hub.ask(
        '{ newest { ... on Event { title } ... on Policy { id } } search { ... on Park { near { ... on Event { title } ... on Park { name } } } } }',
      ),
    ).toEqual({
      data: {
        newest: { title: 'Fair' },
        search: [{ near: [{ title: 'Fair' }, { name: 'Park p2' }] }, {}],
      },
    });
  });

  test('objects behind an interface keep their order and their nulls', async () => {
    await using hub = await start({ search, parks });
    expect(await hub.ask('{ nodes { id ... on Park { name } } }')).toEqual({
      data: { nodes: [{ id: 'd1' }, null, { id: 'p1', name: 'Park p1' }] },
    });
  });

  test('a field whose type differs between members is answered for both', async () => {
    await using hub = await start({
      cities: {
        sdl: `type Query { city: City } type City @key(fields: "id") { id: ID! }`,
        resolvers: { Query: { city: () => ({ id: 'c1' }) } },
      },
      sights: {
        sdl: `
          type City @key(fields: "id") { id: ID! sights: [Sight!] }
          union Sight = Tower | Bridge
          type Tower { id: ID! @shareable }
          type Bridge { id: ID }`,
        resolvers: {
          City: {
            __resolveReference: ({ id }: { id: string }) => ({
              id,
              sights: [
                { __typename: 'Tower', id: 't1' },
                { __typename: 'Bridge', id: 'b1' },
              ],
            }),
          },
        },
      },
      towers: {
        sdl: `type Query { tower: Tower } type Tower { id: ID @shareable }`,
        resolvers: { Query: { tower: () => null } },
      },
    });
    expect(await hub.ask('{ city { sights { ... on Tower { id } ... on Bridge { id } } } }')).toEqual({
      data: { city: { sights: [{ id: 't1' }, { id: 'b1' }] } },
    });
  });
});
