import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import {
  Environment,
  Network,
  Observable,
  RecordSource,
  type RequestParameters,
  Store,
  type Variables,
} from 'relay-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { counting } from '../support/counting.ts';
import { type Federation, startInProcess } from '../support/federation.ts';

// Each client is set up as its own documentation says.

let hub: Federation;
beforeAll(async () => {
  hub = await startInProcess({ counting });
});
afterAll(() => hub[Symbol.asyncDispose]());

const url = () => `${hub.url}/graphql`;
const webSocket = () =>
  createWsClient({ url: url().replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
const counts = [1, 2, 3].map((count) => ({ count }));

type Subscribable<T> = {
  subscribe(observer: { next(value: T): void; error(cause: unknown): void; complete(): void }): unknown;
};

/** Resolves to all that an observable gives. */
function all<T>(observable: Subscribable<T>): Promise<T[]> {
  const { promise, resolve, reject } = Promise.withResolvers<T[]>();
  const values: T[] = [];
  observable.subscribe({
    next: (value) => values.push(value),
    error: reject,
    complete: () => resolve(values),
  });
  return promise;
}

describe('Apollo Client', () => {
  const query = gql`subscription { count }`;

  test('receives events over multipart, by its HTTP link alone', async () => {
    const client = new ApolloClient({ link: new HttpLink({ uri: url() }), cache: new InMemoryCache() });
    const results = await all<{ data?: unknown }>(client.subscribe({ query }) as never);
    expect(results.map(({ data }) => data)).toEqual(counts);
  });

  test('receives events over WebSocket', async () => {
    const socket = webSocket();
    const client = new ApolloClient({ link: new GraphQLWsLink(socket), cache: new InMemoryCache() });
    const results = await all<{ data?: unknown }>(client.subscribe({ query }) as never);
    expect(results.map(({ data }) => data)).toEqual(counts);
    await socket.dispose();
  });
});

describe('urql', () => {
  test.each(['graphql-ws', 'graphql-sse'])('receives events over %s', async (kind) => {
    const transport = kind === 'graphql-ws' ? webSocket() : createSseClient({ url: url(), retryAttempts: 0 });
    const client = new Client({
      url: url(),
      preferGetMethod: false,
      exchanges: [
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: (request) => ({
            subscribe: (sink) => ({
              unsubscribe: transport.subscribe(
                { query: request.query ?? '', variables: request.variables ?? {} },
                sink as never,
              ),
            }),
          }),
        }),
      ],
    });
    const { promise, resolve } = Promise.withResolvers<unknown[]>();
    const values: unknown[] = [];
    client.subscription('subscription { count }', {}).subscribe(({ data, error }) => {
      values.push(error ?? data);
      if (values.length === 3) resolve(values);
    });
    expect(await promise).toEqual(counts);
    await transport.dispose();
  });
});

test('Relay receives events over graphql-ws', async () => {
  const socket = webSocket();
  const subscribe = (operation: RequestParameters, variables: Variables) =>
    Observable.create((sink) =>
      operation.text
        ? socket.subscribe({ query: operation.text, variables }, sink as never)
        : sink.error(new Error('An operation has a text.')),
    );
  const network = Network.create(() => Promise.reject(new Error('Nothing is queried.')), subscribe as never);
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  const params = {
    id: null,
    cacheID: 'count',
    name: 'Count',
    operationKind: 'subscription',
    text: 'subscription Count { count }',
    metadata: {},
  } as RequestParameters;
  const events = environment.getNetwork().execute(params, {}, {});
  const results = (await all(events as never)) as { data: unknown }[];
  expect(results.map(({ data }) => data)).toEqual(counts);
  await socket.dispose();
});
