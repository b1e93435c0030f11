import type { GraphManager } from '@wenshu/gateway/graph/graph-manager.ts';
import { followEventsIn } from '@wenshu/gateway/graph/read-events.ts';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { createLocalSubgraph } from '@wenshu/gateway/upstream/local-subgraph.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import postgres from 'postgres';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { poll } from '../support/poll.ts';
import { keyRing } from '../support/signing.ts';
import { type OpenStream, openHere, openOverHttp, type Stream } from '../support/streamed.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';

// The outbox of an agency as a stream: `Subscription._changes`, by which the hub hears of what agencies do.

const keys = keyRing('hub');
const system: Caller = { kind: 'system' };

const database = await createDatabase();
const admin = postgres(database.adminUrl, { max: 4, onnotice: () => {}, fetch_types: false });
const openPolicies = () =>
  createSubgraphOf.policies({ url: database.urls.policies, keys, onError: () => {} });
const policies = openPolicies();
const url = await policies.listen(0);
const ways: [string, OpenStream][] = [
  ['in process', openHere(policies)],
  ['over HTTP', openOverHttp(url, 'policies', keys)],
];
const streams: Stream[] = [];
afterEach(() => {
  for (const { leave } of streams.splice(0)) leave();
});
afterAll(async () => {
  await policies.close();
  await admin.end();
  await database[Symbol.asyncDispose]();
});

type Writer = Pick<postgres.Sql, 'unsafe'>;

const write = (id: string, type = 'ServiceRequest', writer: Writer = admin) =>
  writer.unsafe(
    `insert into policies.changes (type, object_id, action, stage, version) values ('${type}', '${id}', 'ASSIGN', 'ASSIGNED', 2)`,
  );

/** Deletes all events, as the sweep does after some days. */
async function deleteAll() {
  await admin`update policies.changes set at = now() - interval '30 days'`;
  await policies.sweep();
}

/** Begins a transaction that writes an event, and stays open until it is told how to end. */
async function begin(id: string) {
  const written = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<'commit' | 'roll back'>();
  const ended = admin
    .begin(async (tx) => {
      await write(id, 'ServiceRequest', tx);
      written.resolve();
      if ((await ending.promise) === 'roll back') throw new Error('rolled back');
    })
    .catch(() => {});
  await written.promise;
  return async (how: 'commit' | 'roll back') => {
    ending.resolve(how);
    await ended;
  };
}

const query =
  'subscription ($types: [String!]) { _changes(types: $types) { cursor type id action version } }';

/** Follows the outbox from a position on, or from now on; then resolves when the stream stands there. */
async function follow(
  openStream: OpenStream,
  { after, types }: { readonly after?: string; readonly types?: readonly string[] } = {},
) {
  const stream = openStream(
    { query, variables: { types }, ...(after !== undefined && { after }) },
    { caller: system },
  );
  streams.push(stream);
  const begun = after === undefined ? (await stream.next()).value : undefined;
  /** Reads until so many events have come; returns their ids and where the last one stands. */
  const events = async (count: number) => {
    const ids: string[] = [];
    let position: string | undefined;
    while (ids.length < count) {
      const { value } = await stream.next();
      const change = value.data?._changes as { id: string; cursor: string } | undefined;
      if (!change) continue;
      ids.push(change.id);
      position = value.position;
      expect(position).toBe(change.cursor);
    }
    return { ids, position };
  };
  return { ...stream, begun, events };
}

describe.each(ways)('the outbox %s', (_way, openStream) => {
  it('says where it stands, gives what is added from then on, and goes on after any of it', async () => {
    await write('before');
    const { begun, events, next } = await follow(openStream);
    expect(begun).toEqual({ position: expect.stringMatching(/^\d+-0$/) });
    await write('a');
    expect(JSON.parse(JSON.stringify((await next()).value))).toEqual({
      position: expect.stringMatching(/^\d+-\d+$/),
      data: {
        _changes: {
          cursor: expect.any(String),
          type: 'ServiceRequest',
          id: 'a',
          action: 'ASSIGN',
          version: 2,
        },
      },
    });
    await write('b');
    const { position } = await events(1);
    await write('c');
    await write('d');
    const again = await follow(openStream, { after: position ?? '' });
    expect((await again.events(2)).ids).toEqual(['c', 'd']);
    const fromBegin = await follow(openStream, { after: String(begun?.position) });
    expect((await fromBegin.events(4)).ids).toEqual(['a', 'b', 'c', 'd']);
  });

  it('moves its position past events of other types', async () => {
    const { events, next } = await follow(openStream, { types: ['Payout'] });
    await write('p1', 'Payout');
    const { position } = await events(1);
    await write('r1');
    const moved = await next();
    expect(Object.keys(moved.value)).toEqual(['position']);
    expect(moved.value.position).not.toBe(position);
    await write('p2', 'Payout');
    expect((await events(1)).ids).toEqual(['p2']);
  });

  it('is refused after a position whose events were deleted, and after what is no position', async () => {
    const read = async (after: string) => {
      const { next } = await follow(openStream, { after });
      const { value } = await next();
      return [value.errors?.[0]?.extensions?.code, (await next()).done];
    };
    const { begun, events } = await follow(openStream);
    await write('old');
    const { position = '' } = await events(1);
    await deleteAll();
    expect(await read(String(begun?.position))).toEqual(['CURSOR_EXPIRED', true]);
    expect(await read('x')).toEqual(['BAD_USER_INPUT', true]);
    const kept = await follow(openStream, { after: position });
    await write('new');
    for (const each of [kept.events, events]) expect((await each(1)).ids).toEqual(['new']);
  });

  it('is for the hub alone', async () => {
    for (const caller of [
      undefined,
      { kind: 'department', department: 'PROPAGANDA', role: 'leader', user: 'li' },
    ]) {
      const stream = openStream({ query }, caller ? { caller: caller as Caller } : {});
      expect((await stream.next()).value.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});

const here = openHere(policies);

it('tells of no event before one that may still come before it, and loses none that commits late', async () => {
  const { events } = await follow(here);
  const endFirst = await begin('first');
  const endSecond = await begin('second');
  await write('third');
  await endSecond('commit');
  const told = events(3);
  await endFirst('commit');
  expect((await told).ids).toEqual(['first', 'second', 'third']);
});

it('tells of an event that waited for a transaction that was rolled back, of which no notification tells', async () => {
  const { events } = await follow(here);
  const end = await begin('never');
  await write('waits');
  await end('roll back');
  expect((await events(1)).ids).toEqual(['waits']);
});

it('gives each event of several writers once, and those of a writer in order', async () => {
  const { events, begun } = await follow(here);
  const writers = ['x', 'y', 'z'].map(async (name) => {
    for (let n = 0; n < 40; n++) await write(`${name}${n}`);
  });
  const { ids } = await events(120);
  await Promise.all(writers);
  for (const name of ['x', 'y', 'z']) {
    expect(ids.filter((id) => id.startsWith(name))).toEqual(
      Array.from({ length: 40 }, (_, n) => `${name}${n}`),
    );
  }
  const again = await follow(here, { after: String(begun?.position) });
  expect((await again.events(120)).ids).toEqual(ids);
});

it('gives more events than a page holds', async () => {
  const { events } = await follow(here);
  await admin`insert into policies.changes (type, object_id, action, stage, version)
    select 'ServiceRequest', 'n' || n, 'ASSIGN', 'ASSIGNED', 2 from generate_series(1, 1200) n`;
  expect((await events(1200)).ids.at(-1)).toBe('n1200');
});

/** The connections of the subgraph that listen. */
const listeners = async () =>
  (
    await admin`select pid from pg_stat_activity
      where datname = current_database() and usename <> current_user and query ilike 'listen %'`
  ).map(({ pid }) => Number(pid));

it('all readers share one connection, and hold no other', async () => {
  const readers = await Promise.all(Array.from({ length: 20 }, () => follow(here)));
  await write('all');
  for (const { events } of readers) expect((await events(1)).ids).toEqual(['all']);
  expect(await listeners()).toHaveLength(1);
});

it('goes on when the connection that listens is ended', async () => {
  const { events } = await follow(here);
  await write('one');
  await events(1);
  const [pid] = await poll(async () => {
    const all = await listeners();
    return all.length === 1 ? all : undefined;
  });
  await admin`select pg_terminate_backend(${Number(pid)})`;
  await write('two');
  expect((await events(1)).ids).toEqual(['two']);
  await poll(async () => ((await listeners()).some((each) => each !== pid) ? true : undefined));
  await write('three');
  expect((await events(1)).ids).toEqual(['three']);
});

it('finds an event of which no notification told', async () => {
  const { events } = await follow(here);
  await admin`alter table policies.changes disable trigger changes_told`;
  await write('silent');
  expect((await events(1)).ids).toEqual(['silent']);
  await admin`alter table policies.changes enable trigger changes_told`;
  // The connection is taken for dead, and replaced.
  await write('told');
  expect((await events(1)).ids).toEqual(['told']);
  await poll(async () => ((await listeners()).length === 1 ? true : undefined));
});

it('asks the database less often than a flood of notifications wakes it', async () => {
  let looks = 0;
  const own = createSubgraphOf.policies({
    url: database.urls.policies,
    onStatement: (text) => {
      if (text.includes('pg_snapshot_xmin')) looks++;
    },
  });
  const { events } = await follow(openHere(own));
  await write('before the flood');
  await events(1);
  looks = 0;
  for (let n = 0; n < 300; n++) await admin`notify policies_changes`;
  expect(looks).toBeLessThan(150);
  await write('after the flood');
  expect((await events(1)).ids).toEqual(['after the flood']);
  await own.close();
});

describe('a gateway that follows an agency', () => {
  it('goes on when the database was not there for some time, and is woken again', async () => {
    const graphs = {
      current: { subgraphs: new Map([['policies', createLocalSubgraph(policies)]]) },
      announce: () => {},
    } as unknown as GraphManager;
    const leaving = new AbortController();
    const followed = followEventsIn(Promise.resolve(graphs))('policies', undefined, leaving.signal)[
      Symbol.asyncIterator
    ]();
    await followed.next();
    await write('before');
    expect((await followed.next()).value).toMatchObject({ event: { id: 'before' } });
    const name = new URL(database.adminUrl).pathname.slice(1);
    const outside = postgres(new URL('/postgres', database.adminUrl).href, { max: 1, fetch_types: false });
    const allow = (isAllowed: boolean) =>
      outside.unsafe(`alter database "${name}" with allow_connections ${isAllowed}`);
    await allow(false);
    await admin`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename <> current_user`;
    await poll(async () => ((await listeners()).length === 0 ? true : undefined));
    await write('meanwhile');
    await allow(true);
    expect((await followed.next()).value).toMatchObject({ event: { id: 'meanwhile' } });
    await write('after');
    expect((await followed.next()).value).toMatchObject({ event: { id: 'after' } });
    await poll(async () => ((await listeners()).length === 1 ? true : undefined));
    leaving.abort();
    await followed.next();
    await outside.end();
  });

  it('goes on after its last position when the subgraph starts anew elsewhere', async () => {
    let current: ReturnType<typeof graphOver>;
    const listeners: (() => void)[] = [];
    const graphOver = (address: string) => ({
      subgraphs: new Map([['policies', createHttpSubgraph('policies', address, { keys })]]),
    });
    const first = openPolicies();
    current = graphOver(await first.listen(0));
    const graphs = {
      get current() {
        return current;
      },
      announce: (listener: () => void) => listeners.push(listener),
    } as unknown as GraphManager;
    const leaving = new AbortController();
    const followed = followEventsIn(Promise.resolve(graphs))('policies', undefined, leaving.signal)[
      Symbol.asyncIterator
    ]();
    expect((await followed.next()).value).toEqual({ position: expect.any(String) });
    await write('before the stop');
    expect((await followed.next()).value).toMatchObject({ event: { id: 'before the stop' } });
    await first.close();
    await write('between');
    const second = openPolicies();
    const before = current;
    current = graphOver(await second.listen(0));
    for (const tell of listeners) tell();
    expect((await followed.next()).value).toMatchObject({ event: { id: 'between' } });
    await write('after');
    expect((await followed.next()).value).toMatchObject({ event: { id: 'after' } });
    leaving.abort();
    expect((await followed.next()).done).toBe(true);
    for (const { subgraphs } of [before, current]) await subgraphs.get('policies')?.close?.();
    await second.close();
  });

  it('is told when its position is too old', async () => {
    await write('old');
    await deleteAll();
    const graphs = {
      current: { subgraphs: new Map([['policies', createHttpSubgraph('policies', url, { keys })]]) },
      announce: () => {},
    } as unknown as GraphManager;
    const followed = followEventsIn(Promise.resolve(graphs))('policies', '1-1', new AbortController().signal);
    await expect(followed[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    await graphs.current.subgraphs.get('policies')?.close?.();
  });
});
