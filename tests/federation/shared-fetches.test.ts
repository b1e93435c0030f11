import type { Verify } from '@wenshu/gateway/admission/authenticate.ts';
import { departments } from '@wenshu/schema/caller.ts';
import { expect, it } from 'vitest';
import { describeBothWays, type TestSubgraph } from '../support/federation.ts';
import { gate } from '../support/gate.ts';
import { poll } from '../support/poll.ts';

const parksBehind = (opened: Promise<void>, park: object = { id: 'p1' }): Record<string, TestSubgraph> => ({
  parks: {
    sdl: 'type Query { park: Park } type Park @key(fields: "id") { id: ID! }',
    resolvers: { Query: { park: () => opened.then(() => park) } },
  },
  party: {
    sdl: 'type Park @key(fields: "id") { id: ID! unit: String }',
    resolvers: { Park: { __resolveReference: ({ id }: { id: string }) => ({ id, unit: `unit of ${id}` }) } },
  },
  policies: {
    sdl: 'type Park @key(fields: "id") { id: ID! policies: Int } type Mutation { count: Int }',
    resolvers: {
      Park: { __resolveReference: ({ id }: { id: string }) => ({ id, policies: 2 }) },
      Mutation: { count: () => opened.then(() => 1) },
    },
  },
});

const whoever: Verify = async ({ headers }) => ({
  kind: 'department',
  department: departments.find((name) => name === headers.get('x-department')) ?? 'PROPAGANDA',
  role: 'viewer',
  user: 'somebody',
});

const whole = '{ park { id unit policies } }';
const answer = { data: { park: { id: 'p1', unit: 'unit of p1', policies: 2 } } };

describeBothWays((start) => {
  it('asks once for what several requests want at the same time, and answers each of them whole', async () => {
    const { opened, open } = gate();
    await using federation = await start(parksBehind(opened));
    const asked = Array.from({ length: 8 }, () => federation.ask(whole));
    await poll(() => (federation.calls.length > 0 ? true : undefined));
    // A ninth that comes later still joins.
    asked.push(federation.ask(whole));
    open();
    expect(await Promise.all(asked)).toEqual(asked.map(() => answer));
    expect(federation.calls.length).toBeLessThan(asked.length * 3);
  });

  it('asks for each request alone where sharing is off', async () => {
    const { opened, open } = gate();
    await using federation = await start(parksBehind(opened), { sharesFetches: false });
    const asked = [federation.ask(whole), federation.ask(whole)];
    await poll(() => (federation.calls.length === 2 ? true : undefined));
    open();
    expect(await Promise.all(asked)).toEqual([answer, answer]);
    expect(federation.calls).toHaveLength(6);
  });

  it('asks for each of several callers whom a subgraph may answer differently', async () => {
    const { opened, open } = gate();
    await using federation = await start(parksBehind(opened), { access: { others: [whoever] } });
    const asked = ['FINANCE', 'TAXATION'].map(async (department) => {
      const response = await fetch(`${federation.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close', 'x-department': department },
        body: JSON.stringify({ query: '{ park { id } }' }),
      });
      return response.json();
    });
    await poll(() => (federation.calls.length === 2 ? true : undefined));
    open();
    const park = { data: { park: { id: 'p1' } } };
    expect(await Promise.all(asked)).toEqual([park, park]);
  });

  it('sends each mutation', async () => {
    const { opened, open } = gate();
    await using federation = await start(parksBehind(opened));
    const asked = [federation.ask('mutation { count }'), federation.ask('mutation { count }')];
    await poll(() => (federation.calls.length === 2 ? true : undefined));
    open();
    expect(await Promise.all(asked)).toEqual([{ data: { count: 1 } }, { data: { count: 1 } }]);
  });
});
