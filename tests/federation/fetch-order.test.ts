import { expect, it } from 'vitest';
import { describeBothWays, type Federation, type TestSubgraph } from '../support/federation.ts';
import { gate } from '../support/gate.ts';
import { poll } from '../support/poll.ts';

type Park = { readonly id: string; readonly area: number; readonly visitors: number };

/** A subgraph that knows more of parks, and may have to wait before it says so. */
const about = (
  sdl: string,
  tell: (park: Park) => object,
  ready: Promise<void> = Promise.resolve(),
): TestSubgraph => ({
  sdl,
  resolvers: {
    Park: { __resolveReference: (park: Park) => ready.then(() => ({ id: park.id, ...tell(park) })) },
    ...(sdl.includes('Mutation') && { Mutation: { measure: () => 1 } }),
  },
});

const areas = (ready?: Promise<void>) =>
  about(
    'type Park @key(fields: "id") { id: ID! area: Int } type Mutation { measure: Int }',
    () => ({ area: 7 }),
    ready,
  );

const rents = (ready?: Promise<void>) =>
  about(
    'type Park @key(fields: "id") { id: ID! area: Int @external rent: Int @requires(fields: "area") }',
    ({ area }) => ({ rent: area * 10 }),
    ready,
  );

const events = (ready?: Promise<void>) =>
  about('type Park @key(fields: "id") { id: ID! visitors: Int }', () => ({ visitors: 5 }), ready);

/** Two fields that do not need each other, and two that need one of them each. */
const subgraphs = {
  parks: {
    sdl: `
      type Query { park: Park }
      type Mutation { openPark: Park closePark: Int }
      type Park @key(fields: "id") { id: ID! name: String }`,
    resolvers: {
      Query: { park: () => ({ id: 'p1' }) },
      Mutation: { openPark: () => ({ id: 'p1' }), closePark: () => 1 },
    },
  },
  areas: areas(),
  rents: rents(),
  events: events(),
  fame: about(
    'type Park @key(fields: "id") { id: ID! visitors: Int @external fame: Int @requires(fields: "visitors") }',
    ({ visitors }) => ({ fame: visitors + 1 }),
  ),
};

const question = '{ park { id area rent visitors fame } }';
const park = { id: 'p1', area: 7, rent: 70, visitors: 5, fame: 6 };

const asked = ({ calls }: Federation) => calls.map(({ subgraph }) => subgraph);
const untilAsked = (federation: Federation, subgraph: string) =>
  poll(() => (asked(federation).includes(subgraph) ? true : undefined));

describeBothWays((start) => {
  it('starts a fetch as soon as what it needs is there, whatever else is still out', async () => {
    const { opened, open } = gate();
    await using federation = await start({ ...subgraphs, areas: areas(opened) });
    const answer = federation.ask(question);
    await untilAsked(federation, 'fame');
    // What needs the slow one waits for it.
    expect(asked(federation)).not.toContain('rents');
    open();
    expect(await answer).toEqual({ data: { park } });
    expect(asked(federation)).toHaveLength(5);
  });

  it('starts a fetch that needs the other of the two just so', async () => {
    const { opened, open } = gate();
    await using federation = await start({ ...subgraphs, events: events(opened) });
    const answer = federation.ask(question);
    await untilAsked(federation, 'rents');
    expect(asked(federation)).not.toContain('fame');
    open();
    expect(await answer).toEqual({ data: { park } });
  });

  it('answers the rest where a fetch fails, also what is asked later', async () => {
    const { opened, open } = gate();
    await using federation = await start({
      ...subgraphs,
      areas: { sdl: subgraphs.areas.sdl, answer: () => Promise.reject(new Error('down')) },
      events: events(opened),
    });
    const answer = federation.ask(question);
    await untilAsked(federation, 'areas');
    open();
    const { data, errors } = await answer;
    expect(data).toEqual({ park: { ...park, area: null, rent: null } });
    expect(errors).toMatchObject([
      { path: ['park', 'area'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'areas' } },
    ]);
    expect(asked(federation)).not.toContain('rents');
  });

  it('waits for all that a fetch requires, also below other fields and from several subgraphs', async () => {
    const { opened, open } = gate();
    const hosts = about(
      'type Park @key(fields: "id") { id: ID! host: Host } type Host { age: Int }',
      () => ({ host: { age: 3 } }),
      opened,
    );
    const sums = about(
      `type Park @key(fields: "id") {
         id: ID!
         area: Int @external
         host: Host @external
         sum: Int @requires(fields: "area host { age }")
       }
       type Host { age: Int @external }`,
      ({ area, host }: Park & { host?: { age: number } }) => ({ sum: area + (host?.age ?? 0) }),
    );
    await using federation = await start({ ...subgraphs, hosts, sums });
    const answer = federation.ask('{ park { fame sum } }');
    await untilAsked(federation, 'fame');
    expect(asked(federation)).not.toContain('sums');
    open();
    expect(await answer).toEqual({ data: { park: { fame: 6, sum: 10 } } });
  });

  it('runs the next field of a mutation when all that the one before asks for is there', async () => {
    const { opened, open } = gate();
    await using federation = await start({ ...subgraphs, rents: rents(opened) });
    const answer = federation.ask('mutation { openPark { rent fame } measure closePark }');
    await untilAsked(federation, 'rents');
    await untilAsked(federation, 'fame');
    open();
    expect(await answer).toEqual({ data: { openPark: { rent: 70, fame: 6 }, measure: 1, closePark: 1 } });
    const [first, ...rest] = asked(federation);
    expect(first).toBe('parks');
    // The fetches between may come in any order; then the other two fields.
    expect(rest.slice(0, 4).toSorted()).toEqual(['areas', 'events', 'fame', 'rents']);
    expect(rest.slice(4)).toEqual(['areas', 'parks']);
  });
});
