import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const echo = (_: unknown, given: object) => JSON.stringify(given);

const parks: TestSubgraph = {
  sdl: `
    type Query { echo(id: ID, size: Int, level: Level, filter: Filter): String park: Park }
    type Park @key(fields: "id") { id: ID! }
    enum Level { CITY NATIONAL }
    input Filter { level: Level = CITY ids: [ID!] }`,
  resolvers: { Query: { echo, park: () => ({ id: 'p1' }) } },
};

const events: TestSubgraph = {
  sdl: `type Park @key(fields: "id") { id: ID! echo(first: Int): String }`,
  resolvers: { Park: { __resolveReference: (park: object) => park, echo } },
};

describeBothWays((start) => {
  test('variables are coerced, and what is left out stays out', async () => {
    await using hub = await start({ parks, events });
    const query = `query ($id: ID, $size: Int = 3, $level: Level, $filter: Filter) {
      echo(id: $id, size: $size, level: $level, filter: $filter)
    }`;
    const given = async (variables: Record<string, unknown>) =>
      JSON.parse(String((await hub.ask(query, variables)).data?.echo));
    expect(await given({ id: 7, filter: { ids: 'a' } })).toEqual({
      id: '7',
      size: 3,
      filter: { level: 'CITY', ids: ['a'] },
    });
    expect(await given({ level: null })).toEqual({ level: null, size: 3 });
  });

  test('a subgraph gets only the variables it needs', async () => {
    await using hub = await start({ parks, events });
    await hub.ask('query ($first: Int, $id: ID) { park { echo(first: $first) } echo(id: $id) }', {
      first: 1,
      id: 'x',
    });
    expect(hub.calls.flatMap((call) => Object.keys(call.variables as object)).sort()).toEqual([
      'first',
      'id',
      'representations',
    ]);
  });

  test('a variable of the wrong kind is refused before anybody is asked', async () => {
    await using hub = await start({ parks, events });
    const { data, errors } = await hub.ask('query ($size: Int!) { echo(size: $size) }', { size: 'big' });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(hub.calls).toEqual([]);
  });
});
