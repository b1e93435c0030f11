import { expect, test } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';

const half = (field: string, value: number): TestSubgraph => ({
  sdl: `
    type Query { stats: Stats @shareable }
    type Stats { asOf: String @shareable  parts: [Part!] @shareable  ${field}: Int }
    type Part { name: String @shareable ${field}: Int }`,
  resolvers: {
    Query: {
      stats: () => ({
        asOf: '2026',
        [field]: value,
        parts: ['a', 'b'].map((name, index) => ({ name, [field]: value + index })),
      }),
    },
  },
});

describeBothWays((start) => {
  test('a shared object is put together from all who know a part of it', async () => {
    await using hub = await start({ parks: half('parks', 1), events: half('events', 10) });
    expect(await hub.ask('{ stats { asOf parks events parts { name parks events } } }')).toEqual({
      data: {
        stats: {
          asOf: '2026',
          parks: 1,
          events: 10,
          parts: [
            { name: 'a', parks: 1, events: 10 },
            { name: 'b', parks: 2, events: 11 },
          ],
        },
      },
    });
  });

  test('a part that fails leaves the others in place', async () => {
    const events = { sdl: half('events', 10).sdl, answer: () => Promise.reject(new Error('down')) };
    await using hub = await start({ parks: half('parks', 1), events });
    const { data, errors } = await hub.ask('{ stats { parks events } }');
    expect(data).toEqual({ stats: { parks: 1, events: null } });
    expect(errors).toMatchObject([{ extensions: { subgraph: 'events' } }]);
  });
});
