import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

function counters() {
  const log: string[] = [];
  const record = (entry: string) => {
    log.push(entry);
    return log.length;
  };
  const parks: TestSubgraph = {
    sdl: `
      type Query { park: Park }
      type Mutation { openPark(name: String!): Park closePark: Int! failPark: Int }
      type Park @key(fields: "id") { id: ID! name: String }`,
    resolvers: {
      Mutation: {
        openPark: (_: unknown, { name }: { name: string }) => ({ id: `p${record(`open ${name}`)}`, name }),
        closePark: () => record('close'),
        failPark: () => Promise.reject(new Error('no')),
      },
    },
  };
  const events: TestSubgraph = {
    sdl: `
      type Query { event: Int }
      type Mutation { addEvent: Int! }
      type Park @key(fields: "id") { id: ID! seen: Int }`,
    resolvers: {
      Mutation: { addEvent: () => record('event') },
      Park: { __resolveReference: ({ id }: { id: string }) => ({ id, seen: record(`see ${id}`) }) },
    },
  };
  return { log, subgraphs: { parks, events } };
}

describeBothWays((start) => {
  test('fields of a mutation run one after the other, over subgraphs', async () => {
    const { log, subgraphs } = counters();
    await using hub = await start(subgraphs);
    const { data } = await hub.ask(
      'mutation { a: addEvent openPark(name: "x") { name } b: addEvent closePark }',
    );
    expect(data).toEqual({ a: 1, openPark: { name: 'x' }, b: 3, closePark: 4 });
    expect(log).toEqual(['event', 'open x', 'event', 'close']);
  });

  test('what a field asks of its result is fetched before the next field runs', async () => {
    const { log, subgraphs } = counters();
    await using hub = await start(subgraphs);
    await hub.ask('mutation { openPark(name: "x") { seen } addEvent }');
    expect(log).toEqual(['open x', 'see p1', 'event']);
  });

  test('a field that fails does not stop the next', async () => {
    const { subgraphs } = counters();
    await using hub = await start(subgraphs);
    const { data, errors } = await hub.ask('mutation { failPark addEvent }');
    expect(data).toEqual({ failPark: null, addEvent: 1 });
    expect(errors).toMatchObject([{ path: ['failPark'] }]);
  });

  test('a mutation cannot be sent by GET', async () => {
    const { log, subgraphs } = counters();
    await using hub = await start(subgraphs);
    const query = encodeURIComponent('mutation { addEvent }');
    const response = await fetch(`${hub.url}/graphql?query=${query}`, {
      headers: { 'apollo-require-preflight': 'yes', connection: 'close' },
    });
    expect(response.status).toBe(405);
    expect(log).toEqual([]);
  });
});
