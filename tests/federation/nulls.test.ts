import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const parks = (ids: readonly (string | null)[]): TestSubgraph => ({
  sdl: `
    type Query { parks: [Park] city: City }
    type City { parks: [Park!]! }
    type Park @key(fields: "id") { id: ID! }`,
  resolvers: {
    Query: {
      parks: () => ids.map((id) => id && { id }),
      city: () => ({ parks: ids.map((id) => ({ id })) }),
    },
  },
});

/** Knows only p1. */
const names: TestSubgraph = {
  sdl: `type Park @key(fields: "id") { id: ID! name: String! nick: String }`,
  resolvers: {
    Park: {
      __resolveReference: ({ id }: { id: string }) => (id === 'p1' ? { id, name: 'East', nick: 'E' } : null),
    },
  },
};

describeBothWays((start) => {
  test('an entity that its subgraph does not know has nulls for its fields', async () => {
    await using hub = await start({ parks: parks(['p1', 'p2']), names });
    expect(await hub.ask('{ parks { id nick } }')).toEqual({
      data: {
        parks: [
          { id: 'p1', nick: 'E' },
          { id: 'p2', nick: null },
        ],
      },
    });
  });

  test('a null for a non-null field makes its object null, with one error', async () => {
    await using hub = await start({ parks: parks(['p1', null, 'p2']), names });
    expect(await hub.ask('{ parks { label: name } }')).toEqual({
      data: { parks: [{ label: 'East' }, null, null] },
      errors: [
        {
          message: 'Cannot return null for non-nullable field Park.name.',
          path: ['parks', 2, 'label'],
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ],
    });
  });

  test('it goes up to the nearest place where null is allowed', async () => {
    await using hub = await start({ parks: parks(['p1', 'p2']), names });
    const { data, errors } = await hub.ask('{ city { parks { name } } }');
    expect(data).toEqual({ city: null });
    expect(errors).toMatchObject([{ path: ['city', 'parks', 1, 'name'] }]);
  });

  test('an error of a subgraph explains the null it caused', async () => {
    await using hub = await start({
      parks: parks(['p1']),
      names: {
        sdl: names.sdl,
        answer: () => ({
          data: { _entities: [null] },
          errors: [
            { message: 'No name.', path: ['_entities', 0, 'name'], extensions: { code: 'NOT_FOUND' } },
          ],
        }),
      },
    });
    expect(await hub.ask('{ parks { name } }')).toEqual({
      data: { parks: [null] },
      errors: [
        {
          message: 'No name.',
          path: ['parks', 0, 'name'],
          extensions: { code: 'NOT_FOUND', subgraph: 'names' },
        },
      ],
    });
  });

  test('data becomes null when nothing on the way may be', async () => {
    await using hub = await start({
      only: { sdl: `type Query { name: String! }`, answer: () => ({ data: { name: null } }) },
    });
    const { data, errors } = await hub.ask('{ name }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ['name'] }]);
  });
});
