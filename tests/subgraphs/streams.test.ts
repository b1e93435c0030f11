import { connect } from 'node:net';
import type { Context } from '@wenshu/kit/context.ts';
import type { StreamedEvent } from '@wenshu/kit/open-stream.ts';
import type { Positioned } from '@wenshu/kit/positioned.ts';
import { rowsOf } from '@wenshu/kit/statement.ts';
import { createSubgraph, type Subgraph } from '@wenshu/kit/subgraph.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { signCall } from '@wenshu/schema/signature.ts';
import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import { readableDatabase } from '../support/database.ts';
import { poll } from '../support/poll.ts';
import { keyRing } from '../support/signing.ts';
import { type OpenStream, openHere, openOverHttp, post } from '../support/streamed.ts';

// Subscriptions of our own subgraphs, in this process and over HTTP, on a subgraph whose events the test makes.

const keys = keyRing('hub');

const ownSdl = `
  type Query { none: Int }
  type Subscription {
    count(from: Int! = 0): Int
    thing(name: String): Thing
    fails(how: String!): Int
    endless: String
  }
  type Thing @key(fields: "name") { name: String! loud: String! caller: String inDatabase: Int slow: Int }
`;

type Value = { readonly name: string };

/** Sends values to those who subscribe to `thing`, and tells the contexts that they had. */
function createThings() {
  const readers = new Set<(event: Positioned<Value>) => void>();
  const contexts: Context[] = [];
  let left = 0;

  async function* follow(context: Context): AsyncGenerator<Positioned<Value>> {
    const waiting: Positioned<Value>[] = [];
    let wake = Promise.withResolvers<void>();
    const read = (event: Positioned<Value>) => {
      waiting.push(event);
      wake.resolve();
    };
    readers.add(read);
    context.signal?.addEventListener('abort', () => wake.resolve());
    contexts.push(context);
    try {
      while (!context.signal?.aborted) {
        yield* waiting.splice(0);
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      readers.delete(read);
      left++;
    }
  }

  return {
    follow,
    contexts,
    left: () => left,
    send: (event: Positioned<Value>) => {
      for (const read of readers) read(event);
    },
  };
}

const things = createThings();

/** Number of events that `endless` has given. */
let endless = 0;

const resolvers = {
  Query: { none: () => null },
  Subscription: {
    count: {
      async *subscribe(_root: unknown, { from }: { from: number }, { after }: Context) {
        if (after !== undefined) yield { position: `went-on-after-${after}` };
        for (let n = from; n < from + 3; n++) yield { position: `at-${n}`, value: n };
        yield { value: null };
      },
    },
    thing: {
      subscribe: (_root: unknown, _args: unknown, context: Context) => things.follow(context),
      resolve: (value: Value, { name }: { name?: string }) => ({ ...value, name: name ?? value.name }),
    },
    fails: {
      async *subscribe(_root: unknown, { how }: { how: string }): AsyncGenerator<Positioned<number>> {
        yield { position: '1', value: 1 };
        if (how === 'for the caller') throw badInput('how', 'That went wrong.', '出错了。');
        if (how === 'position') yield { position: 'two\nlines', value: 2 };
        throw new Error('Nobody may read this.');
      },
    },
    endless: {
      async *subscribe() {
        for (endless = 0; ; endless++) yield { position: String(endless), value: 'x'.repeat(100_000) };
      },
    },
  },
  Thing: {
    loud: ({ name }: Value, _args: unknown, context: Context) =>
      context
        .batch('loud', async (names: readonly string[]) => names.map((each) => each.toUpperCase()))
        .load(name),
    caller: (_thing: Value, _args: unknown, { caller }: Context) => caller?.kind ?? null,
    inDatabase: async (_thing: Value, _args: unknown, { db }: Context) =>
      Number((await rowsOf<{ n: number }>(db, sql`select 7 as n`))[0]?.n),
    slow: async (_thing: Value, _args: unknown, { db }: Context) =>
      (await rowsOf(db, sql`select pg_sleep(30)`)).length,
  },
};

const logged: unknown[] = [];
const open = (options: { readonly callTimeoutMs?: number } = {}): Subgraph =>
  createSubgraph(
    { name: 'control', ownSdl },
    { shared: { resolvers: {} }, own: { ...resolvers } },
    {
      url: readableDatabase().urls.parks,
      maxConnections: 1,
      keys,
      onError: (cause) => logged.push(cause),
      ...options,
    },
  );

const subgraph = open();
const url = await subgraph.listen(0);
afterAll(() => subgraph.close());

const ways: [string, OpenStream][] = [
  ['in process', openHere(subgraph)],
  ['over HTTP', openOverHttp(url, 'control', keys)],
];

/** Reads a stream to its end. */
async function all({ next }: ReturnType<OpenStream>): Promise<StreamedEvent[]> {
  const events = [];
  for (let read = await next(); !read.done; read = await next()) events.push(read.value);
  return JSON.parse(JSON.stringify(events));
}

/** Subscribes to things; resolves when the subgraph has opened the stream. */
async function subscribeToThings(openStream: OpenStream, ...asked: Parameters<OpenStream>) {
  const before = things.contexts.length;
  const stream = openStream(...asked);
  const first = stream.next();
  first.catch(() => {});
  const context = await poll(() => things.contexts[before]);
  return { ...stream, first, context };
}

describe.each(ways)('a stream %s', (_way, openStream) => {
  it('gives the events of its resolver with their positions, and ends with it', async () => {
    expect(await all(openStream({ query: 'subscription { count(from: 5) }' }))).toEqual([
      { data: { count: 5 }, position: 'at-5' },
      { data: { count: 6 }, position: 'at-6' },
      { data: { count: 7 }, position: 'at-7' },
      { data: { count: null } },
    ]);
  });

  it('goes on after a position; an event without a value tells the position alone', async () => {
    const query = 'subscription Counting($from: Int!) { n: count(from: $from) }';
    const events = await all(openStream({ query, variables: { from: 1 }, after: '12' }));
    expect(events.slice(0, 2)).toEqual([
      { position: 'went-on-after-12' },
      { data: { n: 1 }, position: 'at-1' },
    ]);
  });

  it('runs the selection of each event like a query: with a context, batches, the database, and its own time', async () => {
    const { first, next, leave, context } = await subscribeToThings(
      openStream,
      {
        query: 'subscription { thing { name loud caller inDatabase } }',
        rowFilters: { Thing: '{ x: { eq: 1 } }' },
        after: 'p',
      },
      { caller: { kind: 'system' } },
    );
    expect(context).toMatchObject({ after: 'p', rowFilters: { Thing: '{ x: { eq: 1 } }' } });
    things.send({ position: '1', value: { name: 'one' } });
    things.send({ value: { name: 'two' } });
    const told = (name: string) => ({
      thing: { name, loud: name.toUpperCase(), caller: 'system', inDatabase: 7 },
    });
    expect((await first).value).toEqual({ data: told('one'), position: '1' });
    expect((await next()).value).toEqual({ data: told('two') });
    leave();
  });

  it('takes no connection while it waits', async () => {
    const streams: Awaited<ReturnType<typeof subscribeToThings>>[] = [];
    for (const _ of [1, 2, 3]) {
      streams.push(await subscribeToThings(openStream, { query: 'subscription { thing { inDatabase } }' }));
    }
    things.send({ value: { name: 'x' } });
    // The subgraph has one connection in all.
    const events = await Promise.all(streams.map(({ first }) => first));
    expect(events.map(({ value }) => value.data)).toEqual(Array(3).fill({ thing: { inDatabase: 7 } }));
    expect(await subgraph.execute({ query: '{ none }' })).toEqual({ data: { none: null } });
    for (const { leave } of streams) leave();
  });

  it('ends its resolver when the listener leaves', async () => {
    const left = things.left();
    const { leave } = await subscribeToThings(openStream, { query: 'subscription { thing { name } }' });
    leave();
    await poll(() => (things.left() > left ? true : undefined));
  });

  it('tells an error that is meant for the caller, and ends', async () => {
    expect(await all(openStream({ query: 'subscription { fails(how: "for the caller") }' }))).toEqual([
      { data: { fails: 1 }, position: '1' },
      {
        errors: [
          {
            message: 'That went wrong.',
            locations: [{ line: 1, column: 16 }],
            path: ['fails'],
            extensions: { code: 'BAD_USER_INPUT', argument: 'how', messageZh: '出错了。' },
          },
        ],
      },
    ]);
  });

  it.each(['for good', 'position'])(
    'breaks when its resolver fails (%s), and logs the cause',
    async (how) => {
      logged.length = 0;
      const { next } = openStream({
        query: 'subscription ($how: String!) { fails(how: $how) }',
        variables: { how },
      });
      expect((await next()).value).toEqual({ data: { fails: 1 }, position: '1' });
      await expect(next()).rejects.toThrow(/broke|could not be resolved/);
      expect(String(logged)).toMatch(how === 'position' ? /printable/ : /Nobody may read this/);
    },
  );

  it('does not wait for a reader who does not read', async () => {
    const stream = openStream({ query: 'subscription { endless }' });
    expect((await stream.next()).value.position).toBe('0');
    stream.leave();
  });
});

it('refuses what opens no stream as it refuses a query', async () => {
  const answers = async (query: string) => {
    const response = await post(url, 'control', keys, { query }, {});
    return [response.status, response.headers.get('content-type'), await response.json()];
  };
  const type = 'application/graphql-response+json; charset=utf-8';
  expect(await answers('subscription { counts }')).toMatchObject([400, type, { errors: [{}] }]);
  expect(await answers('subscription ($n: Int!) { count(from: $n) }')).toMatchObject([
    400,
    type,
    { errors: [{ message: expect.stringContaining('$n') }] },
  ]);
  expect(await answers('{ none }')).toMatchObject([
    400,
    type,
    { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
  ]);
  const here = openHere(subgraph)({ query: 'subscription { counts }' });
  expect((await here.next()).value.errors).toHaveLength(1);
});

it('opens no stream for an unsigned call, and none without a stream', async () => {
  const body = JSON.stringify({ query: 'subscription { count }' });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(401);
  const call = { method: 'POST', target: '/graphql', contentType: 'application/json', body } as const;
  const signed = { 'content-type': 'application/json', ...signCall(keys, 'control', call, {}) };
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...signed, accept: 'application/json' },
    body,
  });
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

it('ends the selection of one event after the time of a call, and goes on', async () => {
  await using closing = new AsyncDisposableStack();
  const quick = open({ callTimeoutMs: 50 });
  closing.defer(() => quick.close());
  const { first, next, leave } = await subscribeToThings(openHere(quick), {
    query: 'subscription ($slow: Boolean!) { thing { name slow @include(if: $slow) } }',
    variables: { slow: true },
  });
  things.send({ value: { name: 'slow' } });
  expect((await first).value).toMatchObject({
    data: { thing: { name: 'slow', slow: null } },
    errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
  });
  things.send({ value: { name: 'again' } });
  expect((await next()).value.data).toMatchObject({ thing: { name: 'again' } });
  leave();
});

it('breaks all streams when it closes, so that they are opened again elsewhere', async () => {
  const closing = open();
  const at = await closing.listen(0);
  const streams: Awaited<ReturnType<typeof subscribeToThings>>[] = [];
  for (const each of [openHere(closing), openOverHttp(at, 'control', keys)]) {
    streams.push(await subscribeToThings(each, { query: 'subscription { thing { name } }' }));
  }
  // This one does not read, and its connection becomes full.
  endless = 0;
  const { hostname, port } = new URL(at);
  const stuck = connect(Number(port), hostname).pause();
  const body = JSON.stringify({ query: 'subscription { endless }' });
  const call = { method: 'POST', target: '/graphql', contentType: 'application/json', body } as const;
  const headers = Object.entries(signCall(keys, 'control', call, {})).map((each) => each.join(': '));
  stuck.write(
    [
      'POST /graphql HTTP/1.1',
      'host: x',
      'accept: text/event-stream',
      `content-type: ${call.contentType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      ...headers,
      '',
      body,
    ].join('\r\n'),
  );
  let before = 0;
  await poll(() => {
    const isStuck = endless > 0 && endless === before;
    before = endless;
    return isStuck || undefined;
  });
  const ends = Promise.allSettled(streams.map(({ first }) => first));
  await closing.close();
  expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  stuck.destroy();
});
