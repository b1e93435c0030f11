import { expect, test } from 'vitest';
import { startInProcess } from '../support/federation.ts';

const parks = {
  sdl: 'type Query { name: String } type Mutation { rename: String }',
  resolvers: { Query: { name: () => 'East' } },
};

const read = (url: string, query: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { connection: 'close', ...headers },
  });

test.each([
  ['a program', {}],
  ['a page of our own', { 'sec-fetch-site': 'same-origin' }],
  ['the address line of a browser', { 'sec-fetch-site': 'none' }],
  [
    'a foreign page whose browser asked first',
    { 'sec-fetch-site': 'cross-site', 'apollo-require-preflight': '1' },
  ],
])('%s may read by GET', async (_, headers) => {
  await using hub = await startInProcess({ parks });
  const response = await read(hub.url, '{ name }', headers as Record<string, string>);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ data: { name: 'East' } });
});

test.each(['cross-site', 'same-site'])('a foreign page (%s) may not', async (site) => {
  await using hub = await startInProcess({ parks });
  const response = await read(hub.url, '{ name }', { 'sec-fetch-site': site });
  expect(response.status).toBe(400);
  expect(hub.calls).toEqual([]);
});

test('nobody may change anything by GET', async () => {
  await using hub = await startInProcess({ parks });
  const response = await read(hub.url, 'mutation { rename }');
  expect(response.status).toBe(405);
  expect(hub.calls).toEqual([]);
});
