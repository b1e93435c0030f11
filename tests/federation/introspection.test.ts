import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const parks: TestSubgraph = {
  sdl: `
    "The graph."
    type Query { "A park." park(id: ID = "p1"): Park }
    type Park @key(fields: "id") { id: ID! name: String old: Int @deprecated(reason: "Use name.") }`,
  resolvers: { Query: { park: () => ({ id: 'p1', name: 'East' }) } },
};

describeBothWays((start) => {
  test('introspection returns the whole public schema and asks no subgraph', async () => {
    await using hub = await start({ parks });
    const { data } = await hub.ask(getIntrospectionQuery());
    const schema = buildClientSchema(data as unknown as IntrospectionQuery);
    expect(
      Object.keys(schema.getTypeMap())
        .filter((name) => !name.startsWith('__'))
        .sort(),
    ).toEqual(['Boolean', 'ID', 'Park', 'Query', 'String', 'Int'].sort());
    expect(schema.getQueryType()?.getFields().park?.description).toBe('A park.');
    expect(hub.calls).toEqual([]);
  });

  test('introspection and data come in one answer, in the order asked', async () => {
    await using hub = await start({ parks });
    const { data } = await hub.ask(
      `query ($name: String!) {
        type: __type(name: $name) { fields(includeDeprecated: true) { field: name } }
        park { name }
        ...Root
        me: __typename
      }
      fragment Root on Query { __schema { queryType { name description } } }`,
      { name: 'Park' },
    );
    expect(JSON.stringify(data)).toBe(
      JSON.stringify({
        type: { fields: [{ field: 'id' }, { field: 'name' }, { field: 'old' }] },
        park: { name: 'East' },
        __schema: { queryType: { name: 'Query', description: 'The graph.' } },
        me: 'Query',
      }),
    );
  });

  test('the name of the root type asks nobody', async () => {
    await using hub = await start({ parks });
    expect(await hub.ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    expect(hub.calls).toEqual([]);
  });

  test('introspection can be kept from callers', async () => {
    await using hub = await start({ parks }, { mayIntrospect: () => false });
    const { errors } = await hub.ask('{ __schema { queryType { name } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'INTROSPECTION_REFUSED' } }]);
  });
});
