import { expect, test } from 'vitest';
import { describeBothWays } from '../support/federation.ts';

describeBothWays((start) => {
  test('a provided field is taken from the subgraph that provides it', async () => {
    await using hub = await start({
      events: {
        sdl: `
          type Query { events: [Event!]! }
          type Event { host: Park @provides(fields: "name") visitor: Park }
          type Park @key(fields: "id") { id: ID! name: String @external }`,
        resolvers: {
          Query: { events: () => [{ host: { id: 'p1', name: 'provided' }, visitor: { id: 'p1' } }] },
        },
      },
      parks: {
        sdl: `type Park @key(fields: "id") { id: ID! name: String @shareable }`,
        resolvers: { Park: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'looked up' }) } },
      },
    });
    expect(await hub.ask('{ events { host { name } } }')).toEqual({
      data: { events: [{ host: { name: 'provided' } }] },
    });
    expect(hub.calls).toHaveLength(1);
    expect(await hub.ask('{ events { visitor { name } } }')).toEqual({
      data: { events: [{ visitor: { name: 'looked up' } }] },
    });
  });
});
