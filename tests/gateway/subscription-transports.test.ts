import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { meros } from 'meros/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { counting } from '../support/counting.ts';
import { type Federation, startInProcess } from '../support/federation.ts';

let hub: Federation;
beforeAll(async () => {
  hub = await startInProcess({ counting });
});
afterAll(() => hub[Symbol.asyncDispose]());

const event = (count: number) => ({ data: { count }, extensions: { cursor: String(count) } });
const query = 'subscription { count }';

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const result of results) found.push(result);
  return found;
}

describe('graphql-sse', () => {
  test.each([false, true])('receives events, on a single connection: %s', async (singleConnection) => {
    const url = `${hub.url}/graphql${singleConnection ? '/stream' : ''}`;
    const client = createSseClient({ url, retryAttempts: 0, singleConnection } as never);
    expect(await all(client.iterate({ query }))).toEqual([event(1), event(2), event(3)]);
    expect(await all(client.iterate({ query: '{ none }' }))).toEqual([{ data: { none: null } }]);
    client.dispose();
  });
});

describe('graphql-ws', () => {
  const connect = () =>
    createWsClient({
      url: `${hub.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });

  test('receives events, and the answer of a query', async () => {
    const client = connect();
    expect(await all(client.iterate({ query }))).toEqual([event(1), event(2), event(3)]);
    expect(await all(client.iterate({ query: '{ none }' }))).toEqual([{ data: { none: null } }]);
    await client.dispose();
  });

  test('carries out a mutation', async () => {
    const client = connect();
    expect(await all(client.iterate({ query: 'mutation { add }' }))).toEqual([{ data: { add: 4 } }]);
    await client.dispose();
  });

  test('goes on after a cursor', async () => {
    const client = connect();
    expect(await all(client.iterate({ query, extensions: { after: '2' } }))).toEqual([event(3)]);
    await client.dispose();
  });

  test('is told what is wrong with its operation', async () => {
    const client = connect();
    expect(await all(client.iterate({ query: 'subscription { counts }' }))).toMatchObject([
      { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    ]);
    await client.dispose();
  });
});

test('multipart, as clients of Apollo ask for it', async () => {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept:
        'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/graphql-response+json,application/json;q=0.9',
    },
    body: JSON.stringify({ query }),
  });
  const parts = (await meros(response)) as AsyncIterable<{ json: boolean; body: { payload?: unknown } }>;
  const payloads = (await all(parts)).map(({ body }) => body.payload).filter(Boolean);
  expect(payloads).toEqual([event(1), event(2), event(3)]);
});
