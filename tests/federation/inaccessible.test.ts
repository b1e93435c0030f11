import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const parks: TestSubgraph = {
  sdl: `
    type Query { parks: [Park!]! things: [Thing] }
    type Park @key(fields: "id") { id: ID! level: Level secret: String @inaccessible }
    enum Level { NATIONAL CITY DRAFT @inaccessible }
    union Thing = Park | Vault
    type Vault @inaccessible { code: String }`,
  resolvers: {
    Query: {
      parks: () => [
        { id: 'p1', level: 'CITY', secret: 's1' },
        { id: 'p2', level: 'DRAFT', secret: 's2' },
      ],
      things: () => [
        { __typename: 'Vault', code: '0000' },
        { __typename: 'Park', id: 'p1' },
      ],
    },
  },
};

const audits: TestSubgraph = {
  sdl: `type Park @key(fields: "id") { id: ID! secret: String @external length: Int @requires(fields: "secret") }`,
  resolvers: {
    Park: {
      __resolveReference: (park: object) => park,
      length: ({ secret }: { secret: string }) => secret.length,
    },
  },
};

describeBothWays((start) => {
  test('a hidden field cannot be asked for, and still serves other subgraphs', async () => {
    await using hub = await start({ parks, audits });
    const refused = await hub.ask('{ parks { secret } }');
    expect(refused.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(await hub.ask('{ parks { length } }')).toEqual({
      data: { parks: [{ length: 2 }, { length: 2 }] },
    });
  });

  test('a hidden enum value becomes null, and an error says where', async () => {
    await using hub = await start({ parks, audits });
    const { data, errors } = await hub.ask('{ parks { level } }');
    expect(data).toEqual({ parks: [{ level: 'CITY' }, { level: null }] });
    expect(errors).toMatchObject([{ path: ['parks', 1, 'level'] }]);
    expect(JSON.stringify(errors)).not.toContain('DRAFT');
  });

  test('an object of a hidden type becomes null', async () => {
    await using hub = await start({ parks, audits });
    const { data, errors } = await hub.ask('{ things { __typename } }');
    expect(data).toEqual({ things: [null, { __typename: 'Park' }] });
    expect(JSON.stringify(errors)).not.toContain('Vault');
  });
});
