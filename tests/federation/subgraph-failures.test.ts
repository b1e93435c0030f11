import { expect, test } from 'vitest';
import { describeBothWays, startOverHttp, type TestSubgraph } from '../support/federation.ts';

const parks: TestSubgraph = {
  sdl: `type Query { parks: [Park!]! } type Park @key(fields: "id") { id: ID! }`,
  resolvers: { Query: { parks: () => [{ id: 'p1' }, { id: 'p2' }] } },
};

const names = (answer: NonNullable<TestSubgraph['answer']>): TestSubgraph => ({
  sdl: `type Query { slogan: String } type Park @key(fields: "id") { id: ID! name: String }`,
  answer,
});

const query = '{ parks { id name } slogan }';

const allNull = {
  parks: [
    { id: 'p1', name: null },
    { id: 'p2', name: null },
  ],
};

const errorsAtNames = (message: string, code = 'SUBGRAPH_UNAVAILABLE') =>
  [0, 1].map((index) => ({
    message,
    path: ['parks', index, 'name'],
    extensions: { code, subgraph: 'names' },
  }));

const misplaced = 'Subgraph "names" did not answer for the entities it was asked for.';

describeBothWays((start) => {
  test('a subgraph that is down leaves nulls with errors, and the rest of the answer', async () => {
    await using hub = await start({
      parks,
      names: names(() => Promise.reject(new Error('http://10.0.0.1:80'))),
    });
    const message = 'Subgraph "names" cannot be reached.';
    const { data, errors } = await hub.ask(query);
    expect(data).toEqual({ ...allNull, slogan: null });
    expect(errors).toHaveLength(3);
    expect(errors).toEqual(
      expect.arrayContaining([
        ...errorsAtNames(message),
        { message, path: ['slogan'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'names' } },
      ]),
    );
  });

  test('an entity in several places misses a field with an error in each, whatever else is asked there', async () => {
    const park = () => ({ id: 'p1' });
    await using hub = await start({
      parks: {
        sdl: 'type Query { a: Park b: Park c: Park } type Park @key(fields: "id") { id: ID! }',
        resolvers: { Query: { a: park, b: park, c: park } },
      },
      areas: {
        sdl: 'type Park @key(fields: "id") { id: ID! area: Int }',
        resolvers: { Park: { __resolveReference: () => ({ area: 7 }) } },
      },
      names: names(() => Promise.reject(new Error('down'))),
    });
    const { data, errors } = await hub.ask('{ a { area name } b { area } c { name } }');
    expect(data).toEqual({ a: { area: 7, name: null }, b: { area: 7 }, c: { name: null } });
    expect(errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual(['a.name', 'c.name']);
  });

  test('a subgraph that never answers is left behind', async () => {
    await using hub = await start(
      { parks, names: names(() => new Promise(() => {})) },
      { subgraphLimits: { timeoutMs: 20 } },
    );
    expect(await hub.ask('{ parks { id name } }')).toEqual({
      data: allNull,
      errors: errorsAtNames('Subgraph "names" did not answer within 20 ms.', 'SUBGRAPH_TIMEOUT'),
    });
  });

  test.each([
    ['too few entities', [{ name: 'East' }]],
    ['too many entities', [{ name: 'East' }, { name: 'West' }, { name: 'North' }]],
    ['no list', 'East'],
    ['entities of another type', ['p1', 'p2'].map((name) => ({ __typename: 'Enterprise', name }))],
    [
      'entities with another key',
      [
        { id: 'p2', name: 'West' },
        { id: 'p1', name: 'East' },
      ],
    ],
    ['entities without the fields', [{}, {}]],
  ])('%s are errors, never data on the wrong row', async (_, entities) => {
    await using hub = await start({ parks, names: names(() => ({ data: { _entities: entities } })) });
    expect(await hub.ask('{ parks { id name } }')).toEqual({
      data: allNull,
      errors: errorsAtNames(misplaced),
    });
  });

  test('an entity of the wrong kind spoils only its own row', async () => {
    await using hub = await start({
      parks,
      names: names(() => ({
        data: { _entities: [{ name: 'East' }, { __typename: 'Enterprise', name: 'x' }] },
      })),
    });
    const { data, errors } = await hub.ask('{ parks { id name } }');
    expect(data).toEqual({
      parks: [
        { id: 'p1', name: 'East' },
        { id: 'p2', name: null },
      ],
    });
    expect(errors).toMatchObject([{ path: ['parks', 1, 'name'] }]);
  });

  test.each([
    ['nothing', {}],
    ['a list', []],
    ['errors that are none', { errors: 'x' }],
  ])('an answer of %s is no answer', async (_, answer) => {
    await using hub = await start({ parks, names: names(() => answer) });
    expect(await hub.ask('{ parks { id name } }')).toEqual({
      data: allNull,
      errors: errorsAtNames('Subgraph "names" gave no GraphQL answer.'),
    });
  });

  test('a value of the wrong shape becomes null, and an error says where', async () => {
    await using hub = await start({
      parks: { sdl: parks.sdl, answer: () => ({ data: { parks: { id: 'p1' } } }) },
      names: names(() => ({ data: {} })),
    });
    const { data, errors } = await hub.ask('{ parks { id } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { message: 'Expected a list, but a subgraph answered with something else.' },
    ]);
  });
});

test('an answer over HTTP that is not JSON is no answer', async () => {
  await using hub = await startOverHttp({ parks, names: names(() => '<h1>Bad gateway</h1>') });
  expect(await hub.ask('{ parks { id name } }')).toEqual({
    data: allNull,
    errors: errorsAtNames('Subgraph "names" gave no GraphQL answer.'),
  });
});
