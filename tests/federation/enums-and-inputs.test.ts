import { expect, test } from 'vitest';
import { describeBothWays } from '../support/federation.ts';

describeBothWays((start) => {
  test('an enum that is only answered has the values of all subgraphs', async () => {
    await using hub = await start({
      old: {
        sdl: `type Query { before: Stage } enum Stage { PLANNED BUILT }`,
        resolvers: { Query: { before: () => 'BUILT' } },
      },
      new: {
        sdl: `type Query { after: Stage } enum Stage { PLANNED CLOSED }`,
        resolvers: { Query: { after: () => 'CLOSED' } },
      },
    });
    expect(await hub.ask('{ before after }')).toEqual({ data: { before: 'BUILT', after: 'CLOSED' } });
  });

  test('an input has the fields that all subgraphs know', async () => {
    const echo = (name: string, fields: string) => ({
      sdl: `type Query { ${name}(filter: Filter): String } input Filter { ${fields} }`,
      resolvers: {
        Query: { [name]: (_: unknown, { filter }: { filter: object }) => JSON.stringify(filter) },
      },
    });
    await using hub = await start({
      a: echo('a', 'name: String city: String'),
      b: echo('b', 'name: String district: String'),
    });
    expect(
      await hub.ask('query ($filter: Filter) { a(filter: $filter) b(filter: $filter) }', {
        filter: { name: 'x' },
      }),
    ).toEqual({ data: { a: '{"name":"x"}', b: '{"name":"x"}' } });
    const { errors } = await hub.ask('{ a(filter: { city: "Beijing" }) }');
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });
});
