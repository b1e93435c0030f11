import type { TestSubgraph } from '../../support/federation.ts';

/**
 * A small city in four subgraphs, with what makes federation hard: entities with several keys, a union
 * and an interface over subgraphs, a value type that two of them fill, a computed field, lists in lists,
 * entities that know each other in circles, nulls. Every object holds all that is known of it, so the
 * same objects answer for each subgraph and for one schema over everything.
 */
type Thing = Record<string, unknown>;

const limited = (items: readonly unknown[]) => (args: { first?: number | null }) =>
  args.first == null ? items : items.slice(0, args.first);

const agencies: Thing[] = [];
const parks: Thing[] = [];
const enterprises: Thing[] = [];
const events: Thing[] = [];

for (let i = 0; i < 3; i++) {
  agencies.push({
    __typename: 'Agency',
    id: `a${i}`,
    code: `c${i}`,
    name: `agency ${i}`,
    title: `title ${i}`,
  });
}
for (let i = 0; i < 4; i++) {
  parks.push({
    __typename: 'Park',
    id: `p${i}`,
    name: i === 2 ? null : `park ${i}`,
    size: i === 3 ? null : { unit: 'm2', area: (i % 2) * 10, rooms: i, plan: { floors: i % 2, lifts: i } },
    grid: [[i, i + 1], [], null],
  });
}
for (let i = 0; i < 6; i++) {
  enterprises.push({
    __typename: 'Enterprise',
    id: `e${i}`,
    name: `enterprise "${i}" 文`,
    capital: i % 3 === 0 ? null : `${i}00000000000000000000.5`,
    kind: ['STATE', 'PRIVATE', null][i % 3],
    label: `enterprise "${i}" 文 (${['STATE', 'PRIVATE', null][i % 3] ?? '?'})`,
  });
}
for (let i = 0; i < 5; i++) {
  events.push({ __typename: 'Event', id: `v${i}`, title: `event ${i % 2}`, year: 2020 + (i % 3) });
}

const at = (list: readonly Thing[], i: number) => list[i % list.length] as Thing;
const some = (list: readonly Thing[], ...indexes: number[]) => indexes.map((i) => at(list, i));

parks.forEach((park, i) => {
  park.operator = [at(agencies, i), at(enterprises, i), null][i % 3];
  park.tenants = limited(some(enterprises, i, i + 1, i));
  park.enterprises = limited(some(enterprises, i, i + 2));
  park.events = some(events, i, i + 1);
  park.near = [some(parks, i + 1, i + 2), [], some(parks, i)];
});
enterprises.forEach((enterprise, i) => {
  enterprise.park = i % 4 === 3 ? null : at(parks, i);
  enterprise.related = limited(some(enterprises, i + 1, i + 2, i + 1));
  enterprise.licensedBy = at(agencies, i);
  enterprise.events = ({ year }: { year?: number | null }) =>
    year == null ? some(events, i) : events.filter((event) => event.year === year);
});
agencies.forEach((agency, i) => {
  agency.above = i === 0 ? null : at(agencies, i - 1);
  agency.hosted = some(events, i, i + 3);
});
events.forEach((event, i) => {
  event.host = [at(agencies, i), at(enterprises, i), null, at(enterprises, i)][i % 4];
  event.hosts = [at(enterprises, i), at(agencies, i), at(enterprises, i + 1)];
  event.place = i % 2 ? at(parks, i) : at(enterprises, i);
  event.parks = some(parks, i, i);
});

const byId = (list: readonly Thing[]) => (key: Thing) => list.find(({ id }) => id === key.id);
const agency = (key: Thing) => agencies.find(({ id, code }) => id === key.id || code === key.code);
const typed = { __resolveType: ({ __typename }: Thing) => __typename as string };

/** A subscription to one thing, which changes once. */
const changesOnce = (event: (key: Thing) => Thing) => ({
  async *subscribe(_root: unknown, { id }: Thing) {
    yield event({ id });
  },
});

/** The roots of the graph, for a schema over everything. */
export const roots = {
  parks,
  park: ({ id }: Thing) => parks.find((park) => park.id === id) ?? null,
  enterprise: ({ id }: Thing) => enterprises.find((enterprise) => enterprise.id === id) ?? null,
  places: [...parks, ...enterprises],
  enterprises: limited(enterprises),
  actors: [...agencies, ...enterprises],
  events,
};

export const city: Record<string, TestSubgraph> = {
  parks: {
    sdl: `
      type Query { parks: [Park!]! park(id: ID!): Park }
      type Subscription { parkChanged(id: ID!): Park }
      type Park @key(fields: "id") {
        id: ID!  name: String!  grid: [[Int!]]  near: [[Park!]!]
        size: Size @shareable  operator: Actor  tenants(first: Int): [Enterprise!]
      }
      type Size { unit: String @shareable  area: Int  plan: Plan @shareable }
      type Plan { floors: Int }
      union Actor = Agency | Enterprise
      type Agency @key(fields: "id") @key(fields: "code") { id: ID!  code: ID!  name: String!  above: Agency }
      type Enterprise @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: { parks: () => parks, park: (_root: unknown, { id }: Thing) => roots.park({ id }) },
      Subscription: { parkChanged: changesOnce((key) => ({ parkChanged: roots.park(key) })) },
      Park: { __resolveReference: byId(parks) },
      Agency: { __resolveReference: agency },
      Enterprise: { __resolveReference: byId(enterprises) },
      Actor: typed,
    },
  },
  enterprises: {
    sdl: `
      type Query { enterprises(first: Int): [Enterprise] enterprise(id: ID!): Enterprise places: [Place!] }
      type Subscription { enterpriseChanged(id: ID!): Enterprise }
      interface Place { id: ID! }
      enum Kind { STATE PRIVATE }
      type Enterprise implements Place @key(fields: "id") {
        id: ID!  name: String!  capital: String  kind: Kind  park: Park  licensedBy: Agency!
        related(first: Int): [Enterprise!]
      }
      type Park implements Place @key(fields: "id") {
        id: ID!  size: Size @shareable  enterprises(first: Int): [Enterprise!]!
      }
      type Size { unit: String @shareable  rooms: Int  plan: Plan @shareable }
      type Plan { lifts: Int }
      type Agency @key(fields: "code") { code: ID! }`,
    resolvers: {
      Query: {
        enterprises: (_root: unknown, args: Thing) => roots.enterprises(args),
        enterprise: (_root: unknown, { id }: Thing) => roots.enterprise({ id }),
        places: () => roots.places,
      },
      Subscription: {
        enterpriseChanged: changesOnce((key) => ({ enterpriseChanged: roots.enterprise(key) })),
      },
      Enterprise: { __resolveReference: byId(enterprises) },
      Park: { __resolveReference: byId(parks) },
      Place: typed,
    },
  },
  events: {
    sdl: `
      type Query { events: [Event!] actors: [Actor!] }
      type Event @key(fields: "id") {
        id: ID!  title: String!  year: Int!  host: Actor  hosts: [Actor!]!  place: Place  parks: [Park!]
      }
      union Actor = Agency | Enterprise
      interface Place { id: ID! }
      type Agency @key(fields: "id") { id: ID!  title: String  hosted: [Event!] }
      type Enterprise implements Place @key(fields: "id") {
        id: ID!  events(year: Int): [Event!]
      }
      type Park implements Place @key(fields: "id") { id: ID!  events: [Event!] }`,
    resolvers: {
      Query: { events: () => events, actors: () => roots.actors },
      Event: { __resolveReference: byId(events) },
      Agency: { __resolveReference: agency },
      Enterprise: { __resolveReference: byId(enterprises) },
      Park: { __resolveReference: byId(parks) },
      Actor: typed,
      Place: typed,
    },
  },
  // Nothing leads from here to where the label is needed: the planner (0.0.38) fails on such ways.
  labels: {
    sdl: `
      type Enterprise @key(fields: "id") {
        id: ID!  name: String! @external  kind: Kind @external
        label: String! @requires(fields: "name kind")
      }
      enum Kind { STATE PRIVATE }`,
    resolvers: {
      Enterprise: { label: ({ name, kind }: Thing) => `${name} (${kind ?? '?'})` },
    },
  },
};
