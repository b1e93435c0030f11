import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { expect, test } from 'vitest';
import { createDatabase, readableDatabase } from '../support/database.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';

type Rows = { readonly lines: string; readonly rows: number; readonly endCursor: string | null };

async function open(name: SubgraphName) {
  const subgraph = createSubgraphOf[name]({ url: readableDatabase().urls[name], onError: () => {} });
  const ask = async (query: string, variables: object = {}) =>
    JSON.parse(JSON.stringify(await subgraph.execute({ query, variables: { ...variables } })));
  return {
    schema: subgraph.schema,
    ask,
    async rows(query: string): Promise<Rows | null> {
      const asked = 'query ($query: String!) { _rows(query: $query) { lines rows endCursor } }';
      const { data, errors } = await ask(asked, { query });
      expect(errors).toBeUndefined();
      return data._rows;
    },
    [Symbol.asyncDispose]: () => subgraph.close(),
  };
}

/** The lists of a subgraph, with the type of their rows. */
function listsOf(
  schema: GraphQLSchema,
): readonly (readonly [GraphQLField<unknown, unknown>, GraphQLObjectType])[] {
  return Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((field) => {
    const connection = getNamedType(field.type);
    if (!isObjectType(connection) || field.args.some(isRequiredArgument)) return [];
    const row = getNamedType(connection.getFields().nodes?.type);
    // The events and tasks of workflows are rows with what was done to them.
    return isObjectType(row) && !/(Changes|Tasks)$/.test(field.name) ? [[field, row] as const] : [];
  });
}

test.each(subgraphNames)(
  'rows of %s that the database writes are those that the resolvers give, to the byte',
  async (name) => {
    await using subgraph = await open(name);
    for (const [field, row] of listsOf(subgraph.schema)) {
      const plain: string[] = ['__typename'];
      for (const each of Object.values(row.getFields())) {
        if (!isLeafType(getNamedType(each.type)) || each.args.some(isRequiredArgument)) continue;
        if (await subgraph.rows(`{ ${field.name}(first: 1) { nodes { ${each.name} } } }`))
          plain.push(each.name);
      }
      expect(plain.length, field.name).toBeGreaterThan(2);
      for (const args of ['first: 500', 'first: 7', 'first: 500, orderBy: [{field: ID, direction: DESC}]']) {
        if (args.includes('ID') && !hasOrderById(field)) continue;
        const selection = `nodes { ${plain.join(' ')} }`;
        const written = await subgraph.rows(`{ ${field.name}(${args}) { ${selection} } }`);
        const { data, errors } = await subgraph.ask(
          `{ list: ${field.name}(${args}) { ${selection} pageInfo { endCursor } } }`,
        );
        expect(errors).toBeUndefined();
        const { nodes, pageInfo } = data.list;
        expect(written, `${field.name}(${args})`).toEqual({
          lines: nodes.map((node: object) => `${JSON.stringify(node)}\n`).join(''),
          rows: nodes.length,
          endCursor: pageInfo.endCursor,
        });
      }
    }
  },
  60_000,
);

const hasOrderById = (field: GraphQLField<unknown, unknown>) => {
  const type = getNamedType(field.args.find(({ name }) => name === 'orderBy')?.type);
  const order = type && 'getFields' in type ? getNamedType(type.getFields().field?.type) : undefined;
  return order !== undefined && 'getValues' in order && order.getValues().some(({ name }) => name === 'ID');
};

test('what is more than a column, or not of one list, is not written by the database', async () => {
  await using subgraph = await open('enterprises');
  const enterprises = (fields: string) => `{ enterprises { nodes { ${fields} } } }`;
  expect(
    await subgraph.rows(enterprises('id nameZh foundedOn updatedAt registeredCapital aliases')),
  ).not.toBeNull();
  expect(await subgraph.rows(enterprises('id region { code }'))).toBeNull();
  expect(await subgraph.rows(enterprises('id honours { titleZh }'))).toBeNull();
  expect(await subgraph.rows('{ enterprises { totalCount nodes { id } } }')).toBeNull();
  expect(await subgraph.rows('{ enterprises { edges { node { id } } } }')).toBeNull();
  expect(
    await subgraph.rows('{ a: enterprises { nodes { id } } b: enterprises { nodes { id } } }'),
  ).toBeNull();
  expect(await subgraph.rows('{ enterprises(first: 501) { nodes { id } } }')).toBeNull();
  expect(await subgraph.rows('{ nothing }')).toBeNull();
});

test('characters that JSON escapes are escaped alike', async () => {
  await using subgraph = await open('enterprises');
  const text = '引"号\\反\n行\t表\u0001控\u2028分\u007f删😀';
  const { data } = await subgraph.ask('{ enterprises(first: 1) { nodes { id } } }');
  const [{ id }] = data.enterprises.nodes;
  await using database = await createDatabase();
  const changed = enterprisesSubgraph({ url: database.urls.enterprises });
  const { default: postgres } = await import('postgres');
  const sql = postgres(database.adminUrl, { max: 1 });
  await sql`update enterprises.enterprises set notes = ${text}, aliases = ${[text, '']} where id = ${id}`;
  await sql.end();
  const query = `{ enterprises(first: 1, filter: {id: {eq: "${id}"}}) { nodes { id notes aliases } } }`;
  const answer = await changed.execute({
    query: 'query ($query: String!) { _rows(query: $query) { lines } }',
    variables: { query },
  });
  await changed.close();
  expect(JSON.parse(JSON.stringify(answer.data))).toEqual({
    _rows: { lines: `${JSON.stringify({ id, notes: text, aliases: [text, ''] })}\n` },
  });
});

test('calls that name a snapshot see its rows, whatever has changed; it is let go when nobody wants it', async () => {
  await using database = await createDatabase();
  const subgraph = enterprisesSubgraph({ url: database.urls.enterprises });
  await using _closing = { [Symbol.asyncDispose]: () => subgraph.close() };
  const { default: postgres } = await import('postgres');
  const sql = postgres(database.adminUrl, { max: 1 });
  await using _end = { [Symbol.asyncDispose]: () => sql.end() };
  const leaving = new AbortController();
  const { id, asOf, ended } = await subgraph.openSnapshot(leaving.signal);
  const query = '{ enterprises(first: 1) { totalCount } }';
  const before = await subgraph.execute({ query });
  await sql`delete from enterprises.enterprises where id in (select id from enterprises.enterprises limit 5)`;
  expect(await subgraph.execute({ query }, { snapshot: id })).toEqual(before);
  expect(await subgraph.execute({ query })).not.toEqual(before);
  expect(Math.abs(Date.parse(asOf) - Date.now())).toBeLessThan(60_000);

  leaving.abort();
  await ended;
  await expect(subgraph.execute({ query }, { snapshot: id })).rejects.toThrow(/snapshot/);
  const [{ held } = {}] = await sql`
    select count(*)::int as held from pg_stat_activity where datname = current_database() and state like 'idle in%'`;
  expect(held).toBe(0);
});
