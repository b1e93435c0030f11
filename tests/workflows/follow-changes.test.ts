import type { AuditEvent } from '@wenshu/gateway/audit/record.ts';
import type { Rule } from '@wenshu/gateway/control/follow/rule.ts';
import type { ControlDatabase } from '@wenshu/gateway/control/open.ts';
import { createGateway, type Gateway } from '@wenshu/gateway/gateway.ts';
import { createHubGraph } from '@wenshu/gateway/graph/hub-graph.ts';
import { readSupergraph } from '@wenshu/gateway/graph/open-graph.ts';
import { readEventsIn } from '@wenshu/gateway/graph/read-events.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import type { AgencyEvent } from '@wenshu/gateway/request/agency-events.ts';
import type { Subgraph } from '@wenshu/gateway/upstream/subgraph.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { compose } from '@wenshu/schema/compose.ts';
import { sharingSdl } from '@wenshu/schema/sharing.ts';
import { GraphQLError } from 'graphql';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { aLog } from '../support/audit.ts';
import { type Official, openCallers } from '../support/callers.ts';
import { openControlPlane } from '../support/control-plane.ts';
import { createDatabase, createHubDatabase } from '../support/database.ts';
import { serve } from '../support/federation.ts';
import { ask as sql } from '../support/sql.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const lists = `type Query @sharing(class: WITHHELD, owner: MARKET_REGULATION, basis: "x") { entry(id: ID!): Entry }
  type Entry @sharing(class: WITHHELD, owner: MARKET_REGULATION, basis: "x") { firm: String }`;
const payouts = `type Query @sharing(class: UNCONDITIONAL, owner: FINANCE) { vetoes: Int }
  type Mutation { veto(input: VetoInput!): Veto @writable(roles: [system]) }
  input VetoInput { key: ID! firm: String reason: String! }
  type Veto @sharing(class: WITHHELD, owner: FINANCE, basis: "x") { firm: String }`;

const rule: Rule = {
  name: 'veto-of-blacklisted',
  on: { agency: 'lists', type: 'Entry', action: 'PUBLISH' },
  ask: 'query ($id: ID!) { entry(id: $id) { firm } }',
  mutation: 'veto',
  input: { firm: '$data.entry.firm', reason: 'BLACKLISTED' },
};

const supergraphSdl = compose(
  Object.entries({ lists, payouts }).map(([name, sdl]) => ({
    name,
    url: `http://${name}.test`,
    sdl: `${link} ${sharingSdl} ${sdl}`,
  })),
).supergraph;

const unclassed = (text: string) => text.replace(/@(sharing|writable)\([^)]*\)/g, '');
const event = (place: number, action = 'PUBLISH'): AgencyEvent => ({
  cursor: `1-${place}`,
  type: 'Entry',
  id: `e${place}`,
  action,
  stage: 'PUBLISHED',
  version: 1,
  regionCode: null,
  at: '2026-11-30T00:00:00Z',
});

let outbox: AgencyEvent[] = [];
let vetoed: Map<string, string>;
let callers: (Caller | undefined)[];
let failure: GraphQLError | undefined;
let records: AuditEvent[];
beforeEach(() => {
  outbox = [];
  vetoed = new Map();
  callers = [];
  failure = undefined;
  records = [];
});

const served = serve({
  lists: {
    sdl: unclassed(lists),
    resolvers: { Query: { entry: (_, { id }) => ({ firm: `firm of ${id}` }) } },
  },
  payouts: {
    sdl: unclassed(payouts),
    resolvers: {
      Mutation: {
        veto: (_, { input }: { input: { key: string; firm: string } }) => {
          if (failure) throw failure;
          vetoed.set(input.key, input.firm);
          return { firm: input.firm };
        },
      },
    },
  },
});
const subgraphs =
  (name: string): Subgraph =>
  async (request, context) => {
    if (request.query.includes('_changes')) {
      const { after } = request.variables as { after?: string };
      const at = outbox.findIndex(({ cursor }) => cursor === after);
      return { data: { _changes: outbox.slice(at + 1) } };
    }
    if (request.kind === 'mutation') callers.push(context.caller);
    return (await served.get(name)?.(request, context)) ?? {};
  };

const identities = await openCallers();
const database = await createHubDatabase();
const control: ControlDatabase = await openControlPlane(database.urls.hub);
const hubGraph = createHubGraph(readSupergraph(supergraphSdl), silent);
const gateway: Gateway = await createGateway({
  supergraphSdl,
  graph: hubGraph,
  access: identities.access,
  subgraphs,
  audit: aLog({
    append: async (each) => {
      records.push(each);
      return { sequence: 1, hash: '' };
    },
    note: (each) => records.push(each) > 0,
  }),
});
const { url } = await gateway.listen(0, '127.0.0.1');
afterAll(async () => {
  await gateway.stop();
  await control.close();
  await database[Symbol.asyncDispose]();
  await identities[Symbol.asyncDispose]();
});

/** A worker that looks only when it is told to, as another process would start it. */
const startWorker = (name: string) =>
  control.follow({
    rules: [{ ...rule, name }],
    readEvents: readEventsIn(hubGraph.graphs),
    ask: hubGraph.ask,
    act: gateway.actAsSystem,
    everyMs: 0,
  });

it('carries out the mutation of each event once, with the event as its key, as the hub itself and on record', async () => {
  outbox = [event(1), event(2, 'PROPOSE'), event(3)];
  const worker = startWorker('once');
  await worker.once();
  await worker.once();
  expect([...vetoed]).toEqual([
    ['once:lists:1-1', 'firm of e1'],
    ['once:lists:1-3', 'firm of e3'],
  ]);
  expect(callers).toEqual([{ kind: 'system' }, { kind: 'system' }]);
  expect(worker.status()).toEqual([{ rule: 'once', done: 2, refused: 0, failing: 0 }]);
  expect(records.slice(0, 2)).toMatchObject([
    {
      kind: 'change',
      action: 'veto',
      caller: { user: 'system', system: true },
      details: { state: 'intended' },
    },
    { kind: 'change', action: 'veto', details: { state: 'made', key: 'once:lists:1-1' } },
  ]);
  outbox.push(event(4));
  await startWorker('once').once();
  expect([...vetoed.keys()]).toEqual(['once:lists:1-1', 'once:lists:1-3', 'once:lists:1-4']);
});

it('waits at an event while the other agency is down, and loses none', async () => {
  outbox = [event(1), event(2)];
  failure = new GraphQLError('down', { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
  const worker = startWorker('waits');
  await expect(worker.once()).rejects.toThrow('veto: SUBGRAPH_UNAVAILABLE');
  expect(vetoed.size).toBe(0);
  failure = undefined;
  await worker.once();
  expect([...vetoed.keys()]).toEqual(['waits:lists:1-1', 'waits:lists:1-2']);
});

it('passes over an event that the other agency refuses for good, and counts it', async () => {
  outbox = [event(1)];
  failure = new GraphQLError('No payout is open.', { extensions: { code: 'WRONG_STAGE' } });
  const worker = startWorker('passes');
  await worker.once();
  failure = undefined;
  await worker.once();
  expect(vetoed.size).toBe(0);
  expect(worker.status()).toEqual([{ rule: 'passes', done: 0, refused: 1, failing: 0 }]);
});

it('one process works on a rule at a time', async () => {
  outbox = [event(1), event(2), event(3)];
  const workers = [startWorker('alone'), startWorker('alone'), startWorker('alone')];
  await Promise.all(workers.map((worker) => worker.once()));
  expect(workers.reduce((sum, worker) => sum + (worker.status()[0]?.done ?? 0), 0)).toBe(3);
});

it('follows by itself, and stops', async () => {
  const worker = control.follow({
    rules: [{ ...rule, name: 'itself' }],
    readEvents: readEventsIn(hubGraph.graphs),
    ask: hubGraph.ask,
    act: async (mutation, input) => {
      const errors = await gateway.actAsSystem(mutation, input);
      done.resolve();
      return errors;
    },
    everyMs: 1,
  });
  const done = Promise.withResolvers<void>();
  outbox = [event(1)];
  await done.promise;
  await worker.close();
  outbox.push(event(2));
  expect([...vetoed.keys()]).toEqual(['itself:lists:1-1']);
});

it('is woken by the events of its agency, without looking from time to time', async () => {
  const woken = Promise.withResolvers<() => void>();
  const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isStopped = false;
  const worker = control.follow({
    rules: [{ ...rule, name: 'woken' }],
    readEvents: readEventsIn(hubGraph.graphs),
    wakeOn: (agency, listener) => {
      expect(agency).toBe('lists');
      woken.resolve(listener);
      return () => {
        isStopped = true;
      };
    },
    ask: hubGraph.ask,
    act: async (mutation, input) => {
      const errors = await gateway.actAsSystem(mutation, input);
      ends[vetoed.size - 1]?.resolve();
      return errors;
    },
    everyMs: 3_600_000,
  });
  const wake = await woken.promise;
  for (const [n, end] of ends.entries()) {
    outbox.push(event(n + 1));
    wake();
    await end.promise;
  }
  expect([...vetoed.keys()]).toEqual(['woken:lists:1-1', 'woken:lists:1-2']);
  await worker.close();
  expect(isStopped).toBe(true);
});

it.each([
  [{ department: 'FINANCE', role: 'leader' } as Official, 'FORBIDDEN'],
  [{ department: 'FINANCE', role: 'system' } as unknown as Official, 'UNAUTHENTICATED'],
])('nobody can act as the hub: %j', async (official, code) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      'x-wenshu-caller': Buffer.from('{"caller":{"kind":"system"}}').toString('base64url'),
      ...(await identities.headersOf(official)),
    },
    body: JSON.stringify({
      query: 'mutation { veto(input: { key: "k", reason: "r" }) { firm } }',
      extensions: { caller: { kind: 'system' } },
    }),
  });
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(vetoed.size).toBe(0);
});

it('the outbox of an agency is read in its order from a place on, by the hub alone', async () => {
  const own = await createDatabase();
  const policies = createSubgraphOf.policies({ url: own.urls.policies });
  const insert = (id: string) =>
    sql(
      own.adminUrl,
      `insert into policies.changes (type, object_id, action, stage, version) values ('ServiceRequest', '${id}', 'ASSIGN', 'ASSIGNED', 2)`,
    );
  const read = async (caller: Caller, after?: string) => {
    const query = `query ($after: String) { _changes(types: ["ServiceRequest"], after: $after, first: 10) { cursor id } }`;
    const { data, errors } = await policies.execute({ query, variables: { after } }, { caller });
    return errors ? errors[0]?.extensions.code : (data?._changes as { cursor: string; id: string }[]);
  };
  await insert('r1');
  await insert('r2');
  const [first, ...rest] = (await read({ kind: 'system' })) as { cursor: string; id: string }[];
  expect([first?.id, ...rest.map(({ id }) => id)]).toEqual(['r1', 'r2']);
  expect(await read({ kind: 'system' }, first?.cursor)).toMatchObject([{ id: 'r2' }]);
  expect(await read({ kind: 'department', department: 'PROPAGANDA', role: 'leader', user: 'li' })).toBe(
    'FORBIDDEN',
  );
  await policies.close();
  await own[Symbol.asyncDispose]();
});
