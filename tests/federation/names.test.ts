import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const parks: TestSubgraph = {
  sdl: `
    type Query { park: Park places: [Place!]! }
    union Place = Park | Museum
    type Museum @key(fields: "id") { id: ID! name: String motto: String }
    type Park @key(fields: "id") { id: ID! name: String }`,
  resolvers: {
    Query: {
      park: () => ({ id: 'p1', name: 'East' }),
      places: () => [
        { __typename: 'Park', id: 'p1', name: 'East' },
        { __typename: 'Museum', id: 'm1', motto: 'See' },
      ],
    },
  },
};

const events: TestSubgraph = {
  sdl: `
    type Park @key(fields: "id") { id: ID! events(first: Int! = 2): [String!] }
    type Museum @key(fields: "id") { id: ID! events(first: Int! = 2): [String!] }`,
  resolvers: Object.fromEntries(
    ['Park', 'Museum'].map((type) => [
      type,
      {
        __resolveReference: (entity: object) => entity,
        events: ({ id }: { id: string }, { first }: { first: number }) =>
          Array.from({ length: first }, (_, index) => `${id}-${index}`),
      },
    ]),
  ),
};

describeBothWays((start) => {
  test('a field can be asked for twice under two names', async () => {
    await using hub = await start({ parks, events });
    expect(
      await hub.ask('{ park { one: events(first: 1) two: events(first: 2) } again: park { name } }'),
    ).toEqual({
      data: { park: { one: ['p1-0'], two: ['p1-0', 'p1-1'] }, again: { name: 'East' } },
    });
  });

  test('a name that belongs to the key can be given to another field', async () => {
    await using hub = await start({ parks, events });
    expect(await hub.ask('{ park { id: name __typename events } }')).toEqual({
      data: { park: { id: 'East', __typename: 'Park', events: ['p1-0', 'p1-1'] } },
    });
  });

  test('one name can stand for different fields and arguments on different types', async () => {
    await using hub = await start({ parks, events });
    expect(
      await hub.ask(`{
        places {
          ... on Park { x: events(first: 1) label: name }
          ... on Museum { x: events(first: 2) label: motto }
        }
      }`),
    ).toEqual({
      data: {
        places: [
          { x: ['p1-0'], label: 'East' },
          { x: ['m1-0', 'm1-1'], label: 'See' },
        ],
      },
    });
  });

  test('the answer has the fields in the order of the question', async () => {
    await using hub = await start({ parks, events });
    const { data } = await hub.ask(
      '{ park { events(first: 0) name ...More __typename } } fragment More on Park { id }',
    );
    expect(JSON.stringify(data)).toBe('{"park":{"events":[],"name":"East","id":"p1","__typename":"Park"}}');
  });

  test('the order of arguments makes no difference', async () => {
    await using hub = await start({
      only: {
        sdl: `type Query { park: Park } type Park { size(a: Int, b: In): Int } input In { x: Int y: Int }`,
        resolvers: { Query: { park: () => ({ size: 4 }) } },
      },
    });
    expect(
      await hub.ask(
        '{ park { size(a: 1, b: { x: 1, y: 2 }) } ...F } fragment F on Query { park { size(b: { y: 2, x: 1 }, a: 1) } }',
      ),
    ).toEqual({ data: { park: { size: 4 } } });
  });
});
