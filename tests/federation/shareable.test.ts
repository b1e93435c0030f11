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

  test('what is alike in one subgraph and differs in another stays apart', async () => {
    type Key = { id: string };
    await using hub = await start({
      parks: {
        sdl: `
          type Query { parks: [Park!] }
          type Park @key(fields: "id") { id: ID! size: Size @shareable }
          type Size { unit: String @shareable inside: Space @shareable }
          type Space { indoor: Boolean @shareable }`,
        resolvers: {
          Query: {
            parks: () => ['p1', 'p2'].map((id) => ({ id, size: { unit: 'm2', inside: { indoor: true } } })),
          },
        },
      },
      surveys: {
        sdl: `
          type Park @key(fields: "id") { id: ID! size: Size @shareable }
          type Size { unit: String @shareable inside: Space @shareable area: Int }
          type Space { indoor: Boolean @shareable rooms: Int }`,
        resolvers: {
          Park: {
            __resolveReference: ({ id }: Key) => ({
              id,
              size: { area: id === 'p1' ? 10 : 20, inside: { rooms: id === 'p1' ? 1 : 2 } },
            }),
          },
        },
      },
    });
    expect(await hub.ask('{ parks { size { unit area inside { indoor rooms } } } }')).toEqual({
      data: {
        parks: [
          { size: { unit: 'm2', area: 10, inside: { indoor: true, rooms: 1 } } },
          { size: { unit: 'm2', area: 20, inside: { indoor: true, rooms: 2 } } },
        ],
      },
    });
  });

  test('what is alike in many places is one thing, whatever is fetched for it later', async () => {
    type Key = { id: string };
    const agency = (id: string) => ({ __typename: 'Agency', id });
    await using hub = await start({
      events: {
        sdl: `
          type Query { events: [Event!] }
          type Event @key(fields: "id") { id: ID! title: String hosts: [Agency!] lead: Agency }
          type Agency @key(fields: "id") { id: ID! }`,
        resolvers: {
          Query: {
            events: () => [
              { id: 'e1', title: 'fair', hosts: [agency('a1'), agency('a2')], lead: agency('a2') },
              { id: 'e2', title: 'fair', hosts: [agency('a1'), agency('a2')], lead: agency('a1') },
              { id: 'e3', title: 'fair', hosts: [agency('a2'), agency('a1')], lead: agency('a1') },
            ],
          },
        },
      },
      party: {
        sdl: 'type Agency @key(fields: "id") { id: ID! name: String above: Agency }',
        resolvers: {
          Agency: {
            __resolveReference: ({ id }: Key) => ({ ...agency(id), above: agency('a1') }),
            name: ({ id }: Key) => `agency ${id}`,
          },
        },
      },
    });
    const a1 = { name: 'agency a1', above: { name: 'agency a1' } };
    const a2 = { name: 'agency a2', above: { name: 'agency a1' } };
    const { data } = await hub.ask(
      '{ events { title hosts { name above { name } } lead { name above { name } } } }',
    );
    expect(data).toEqual({
      events: [
        { title: 'fair', hosts: [a1, a2], lead: a2 },
        { title: 'fair', hosts: [a1, a2], lead: a1 },
        { title: 'fair', hosts: [a2, a1], lead: a1 },
      ],
    });
    expect(hub.calls.map(({ subgraph }) => subgraph)).toEqual(['events', 'party']);
  });
});
