import { createClient } from 'graphql-sse';
import { expect, test } from 'vitest';
import { parksThatChange } from '../support/changing-parks.ts';
import { describeBothWays, type Federation, type TestSubgraph } from '../support/federation.ts';

const sizes: TestSubgraph = {
  sdl: 'type Query { none: Int } type Park @key(fields: "id") { id: ID! size: Int }',
  resolvers: { Park: { __resolveReference: ({ id }: { id: string }) => ({ id, size: Number(id) * 10 }) } },
};

const clientOf = ({ url }: Federation, headers: Record<string, string> = {}) =>
  createClient({ url: `${url}/graphql`, headers, retryAttempts: 0 });

/** Subscribes; resolves when the subgraph has opened the stream. */
async function subscribeTo(
  hub: Federation,
  query: string,
  { opened }: Pick<ReturnType<typeof parksThatChange>, 'opened'>,
  headers?: Record<string, string>,
) {
  const before = opened.length;
  const events = clientOf(hub, headers).iterate({ query });
  const first = events.next();
  await expect.poll(() => opened.length).toBeGreaterThan(before);
  return { first, next: () => events.next(), stop: () => events.return?.() };
}

describeBothWays((start) => {
  test('an event has the answer that the same selection would have as a query', async () => {
    const parks = parksThatChange();
    await using hub = await start({ parks: parks.subgraph, sizes });
    const stream = await subscribeTo(hub, 'subscription { changed: parkChanged { name size } }', parks);
    parks.change('4', 'North');
    expect(await stream.first).toEqual({
      done: false,
      value: { data: { changed: { name: 'North', size: 40 } }, extensions: { cursor: '1' } },
    });
    parks.change('5', 'South');
    expect((await stream.next()).value).toEqual({
      data: { changed: { name: 'South', size: 50 } },
      extensions: { cursor: '2' },
    });
    await stream.stop();
  });

  test('a stream goes on after the cursor that its client had, without a gap', async () => {
    const parks = parksThatChange();
    await using hub = await start({ parks: parks.subgraph, sizes });
    for (const name of ['a', 'b', 'c']) parks.change('1', name);
    const stream = await subscribeTo(hub, 'subscription { parkChanged { name } }', parks, {
      'last-event-id': '1',
    });
    expect((await stream.first).value).toMatchObject({ data: { parkChanged: { name: 'b' } } });
    expect((await stream.next()).value).toMatchObject({ data: { parkChanged: { name: 'c' } } });
    await stream.stop();
  });

  test('subscribers with the same operation share one source', async () => {
    const parks = parksThatChange();
    await using hub = await start({ parks: parks.subgraph, sizes });
    const query = 'subscription { parkChanged { name } }';
    const one = await subscribeTo(hub, query, parks);
    const other = clientOf(hub).iterate({ query });
    const second = other.next();
    // The other joins before this answer is there: its request came first.
    const third = await subscribeTo(hub, 'subscription { parkChanged(id: 7) { name } }', parks);
    expect(parks.opened).toHaveLength(2);
    parks.change('7', 'both');
    expect((await Promise.all([one.first, second, third.first])).map(({ value }) => value?.data)).toEqual(
      Array(3).fill({ parkChanged: { name: 'both' } }),
    );
    for (const each of [one, third]) await each.stop();
    await other.return?.();
  });

  test('a query over an event stream gives one result', async () => {
    await using hub = await start({ sizes });
    const results = clientOf(hub).iterate({ query: '{ none }' });
    expect((await results.next()).value).toEqual({ data: { none: null } });
    expect((await results.next()).done).toBe(true);
  });

  test('an invalid subscription gives its errors and ends', async () => {
    const { subgraph } = parksThatChange();
    await using hub = await start({ parks: subgraph, sizes });
    const results = clientOf(hub).iterate({ query: 'subscription { parkChanged { nam } }' });
    expect((await results.next()).value).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect((await results.next()).done).toBe(true);
  });

  test('a subscription asked without a stream is told how to ask', async () => {
    const { subgraph } = parksThatChange();
    await using hub = await start({ parks: subgraph, sizes });
    expect(await hub.ask('subscription { parkChanged { name } }')).toMatchObject({
      errors: [
        { message: expect.stringContaining('text/event-stream'), extensions: { code: 'BAD_USER_INPUT' } },
      ],
    });
  });
});
