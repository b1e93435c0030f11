import { connect } from 'node:net';
import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { parksThatChange } from '../support/changing-parks.ts';
import { subscribe } from '../support/event-stream.ts';
import { type Federation, startInProcess, supergraphOf } from '../support/federation.ts';

const query = 'subscription { parkChanged { name } }';
const event = (name: string, cursor: number) => ({
  data: { parkChanged: { name } },
  extensions: { cursor: String(cursor) },
});

/** Access by keys that the test gives and takes. */
function keys() {
  const known = new Map<string, PartnerCaller>();
  const give = (key: string, more: Partial<PartnerCaller> = {}) =>
    known.set(key, {
      kind: 'partner',
      keyId: key,
      partner: key,
      isTest: false,
      scopes: [],
      regions: [],
      ...more,
    });
  return {
    give,
    take: (key: string) => known.delete(key),
    access: {
      others: [
        ({ headers }: { headers: ReadonlyMap<string, string> }) => known.get(headers.get('x-api-key') ?? ''),
      ],
    },
  };
}

/** Subscribes, and waits until the stream of the subgraph is open. */
async function open(hub: Federation, opened: readonly unknown[], headers: Record<string, string> = {}) {
  const before = opened.length;
  const stream = subscribe(hub.url, query, { headers });
  const first = stream.next();
  await expect.poll(() => opened.length).toBe(before + 1);
  return { ...stream, first };
}

test('a source that breaks is opened again after the last event, and nothing is lost', async () => {
  const { subgraph, opened, change, break: cut } = parksThatChange();
  await using hub = await startInProcess({ parks: subgraph });
  const stream = await open(hub, opened);
  change('1', 'a');
  expect(await stream.first).toEqual(event('a', 1));
  cut();
  change('1', 'b');
  expect(await stream.next()).toEqual(event('b', 2));
  expect(opened).toEqual([undefined, '1']);
  await stream.stop();
});

test('a key that is taken back ends its stream, and no other', async () => {
  const { subgraph, opened, change } = parksThatChange();
  const { access, give, take } = keys();
  give('one');
  give('other');
  await using hub = await startInProcess({ parks: subgraph }, { access });
  const one = await open(hub, opened, { 'x-api-key': 'one' });
  const other = await open(hub, opened, { 'x-api-key': 'other' });
  take('one');
  expect(await one.first).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(await one.next()).toBeUndefined();
  change('1', 'a');
  expect(await other.first).toEqual(event('a', 1));
  await other.stop();
});

test('a caller whose rights change goes on in another stream, after its last event', async () => {
  const { subgraph, opened, change } = parksThatChange();
  const { access, give } = keys();
  give('one');
  await using hub = await startInProcess({ parks: subgraph }, { access });
  const stream = await open(hub, opened, { 'x-api-key': 'one' });
  change('1', 'a');
  expect(await stream.first).toEqual(event('a', 1));
  give('one', { regions: ['370200'] });
  await expect.poll(() => opened).toEqual([undefined, '1']);
  change('1', 'b');
  expect(await stream.next()).toEqual(event('b', 2));
  await stream.stop();
});

test('a stream goes on in a new supergraph, and ends in one in which it is not valid', async () => {
  const { subgraph, opened, change } = parksThatChange();
  await using hub = await startInProcess({ parks: subgraph });
  const stream = await open(hub, opened);
  change('1', 'a');
  expect(await stream.first).toEqual(event('a', 1));
  const more = `${subgraph.sdl} extend type Query { more: Int }`;
  await hub.replaceSupergraph(supergraphOf({ parks: { sdl: more } }));
  change('1', 'b');
  expect(await stream.next()).toEqual(event('b', 2));
  await hub.replaceSupergraph(supergraphOf({ parks: { sdl: 'type Query { more: Int }' } }));
  expect(await stream.next()).toMatchObject({ errors: [{ extensions: { code: 'SCHEMA_CHANGED' } }] });
  expect(await stream.next()).toBeUndefined();
});

test('a gateway that stops sends its clients elsewhere, where they miss nothing', async () => {
  const { subgraph, opened, change } = parksThatChange();
  const stopping = await startInProcess({ parks: subgraph });
  await using other = await startInProcess({ parks: subgraph });
  let url = stopping.url;
  const client = createClient({
    url: () => `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 5,
    retryWait: async () => {
      url = other.url;
    },
  });
  const events = client.iterate({ query });
  const first = events.next();
  await expect.poll(() => opened).toHaveLength(1);
  change('1', 'a');
  expect((await first).value).toEqual(event('a', 1));
  const next = events.next();
  await stopping[Symbol.asyncDispose]();
  await expect.poll(() => opened).toHaveLength(2);
  change('1', 'b');
  expect((await next).value).toEqual(event('b', 2));
  await client.dispose();
});

test('a client that does not read is told, and dropped, while others go on', async () => {
  const { subgraph, opened, change } = parksThatChange();
  await using hub = await startInProcess(
    { parks: subgraph },
    { subscriptionLimits: { all: 10, perCaller: 10, perAddress: 10, bufferBytes: 1_000_000 } },
  );
  const { port } = new URL(hub.url);
  const slow = connect(Number(port), '127.0.0.1').pause();
  const body = JSON.stringify({ query });
  slow.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await expect.poll(() => opened).toHaveLength(1);
  const reader = subscribe(hub.url, 'subscription { parkChanged(id: 1) { name } }');
  let next = reader.next();
  await expect.poll(() => opened).toHaveLength(2);
  const long = 'x'.repeat(500_000);
  for (let i = 1; i <= 30; i++) {
    change('1', `${i} ${long}`);
    expect((await next)?.data).toEqual({ parkChanged: { name: `${i} ${long}` } });
    next = reader.next();
  }
  let received = '';
  slow.on('data', (chunk) => (received += chunk.toString('latin1'))).resume();
  await expect.poll(() => received).toContain('"code":"SLOW_READER"');
  await expect.poll(() => received).toContain('event: complete');
  slow.destroy();
  await reader.stop();
});

test('subscriptions are limited, and given back however they end', async () => {
  const { subgraph, opened } = parksThatChange();
  await using hub = await startInProcess(
    { parks: subgraph },
    { subscriptionLimits: { all: 1, perCaller: 1, perAddress: 1, bufferBytes: 1_000 } },
  );
  const statusOfAnother = async () => {
    const leaving = new AbortController();
    const { status } = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    });
    leaving.abort();
    return status;
  };
  const one = await open(hub, opened);
  expect(await statusOfAnother()).toBe(429);
  one.first.catch(() => {});
  await one.stop();
  // Each of these leaves as soon as it is let in.
  for (let i = 0; i < 3; i++) await expect.poll(statusOfAnother).toBe(200);
});
