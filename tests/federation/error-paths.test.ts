import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const events: TestSubgraph = {
  sdl: `
    type Query { events: [Event!]! broken: Int secret: Int }
    type Event { hosts: [Park!]! }
    type Park @key(fields: "id") { id: ID! }`,
  resolvers: {
    Query: {
      events: () => [{ hosts: [{ id: 'p1' }, { id: 'p2' }] }, { hosts: [{ id: 'p2' }] }],
      broken: () => {
        throw new GraphQLError('Closed today.', { extensions: { code: 'CONFLICT', http: { status: 503 } } });
      },
      secret: () => {
        throw new Error('select * from parks at postgres://secret');
      },
    },
  },
};

const parks: TestSubgraph = {
  sdl: `type Park @key(fields: "id") { id: ID! rooms(floor: Int): [Room!] } type Room { size: Int }`,
  resolvers: {
    Park: {
      __resolveReference: (park: object) => park,
      rooms: ({ id }: { id: string }) => [{ size: 1 }, { isLocked: id === 'p2' }],
    },
    Room: {
      size: ({ size, isLocked }: { size?: number; isLocked?: boolean }) => {
        if (isLocked) throw new GraphQLError('Locked.', { extensions: { code: 'FORBIDDEN' } });
        return size ?? 2;
      },
    },
  },
};

describeBothWays((start) => {
  test('an error stands at every place of its entity, by the names of the caller', async () => {
    await using hub = await start({ events, parks });
    const { data, errors } = await hub.ask(
      '{ all: events { hosts { halls: rooms(floor: 1) { area: size } } } }',
    );
    const halls = (area: number | null) => ({ halls: [{ area: 1 }, { area }] });
    expect(data).toEqual({ all: [{ hosts: [halls(2), halls(null)] }, { hosts: [halls(null)] }] });
    expect(errors).toEqual(
      [
        ['all', 0, 'hosts', 1, 'halls', 1, 'area'],
        ['all', 1, 'hosts', 0, 'halls', 1, 'area'],
      ].map((path) => ({ message: 'Locked.', path, extensions: { code: 'FORBIDDEN', subgraph: 'parks' } })),
    );
  });

  test('an error of a root field keeps its code, and never sets the HTTP status', async () => {
    await using hub = await start({ events, parks });
    expect(await hub.ask('{ x: broken }')).toEqual({
      data: { x: null },
      errors: [
        { message: 'Closed today.', path: ['x'], extensions: { code: 'CONFLICT', subgraph: 'events' } },
      ],
    });
  });

  test('an error that names no code is masked, and can be found by the id of the request', async () => {
    await using hub = await start({ events, parks });
    expect(await hub.ask('{ secret }')).toEqual({
      data: { secret: null },
      errors: [
        {
          message: 'This field could not be resolved. The cause is in the log.',
          path: ['secret'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph: 'events', requestId: expect.any(String) },
        },
      ],
    });
  });

  test('an error without a place stands at every field of its call', async () => {
    await using hub = await start({
      events,
      parks: {
        sdl: parks.sdl,
        answer: () => ({ errors: [{ message: 'Not for you.', extensions: { code: 'FORBIDDEN' } }] }),
      },
    });
    const { data, errors } = await hub.ask('{ events { hosts { rooms { size } } } }');
    expect(data).toEqual({
      events: [{ hosts: [{ rooms: null }, { rooms: null }] }, { hosts: [{ rooms: null }] }],
    });
    expect(errors?.map((error) => error.path)).toEqual([
      ['events', 0, 'hosts', 0, 'rooms'],
      ['events', 0, 'hosts', 1, 'rooms'],
      ['events', 1, 'hosts', 0, 'rooms'],
    ]);
  });
});
