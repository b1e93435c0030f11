import { expect, test } from 'vitest';
import { startInProcess } from '../support/federation.ts';

const sdl = `  type Query { open: String anything: [Anything] }
  type Public { id: ID! title: String }
  type Private @authenticated { id: ID! title: String }
  union Anything = Public | Private`;
// The spread of another operation answered with a denial before operations were prepared with their own fragments alone.
test('attack: an operation learns nothing of the fragments of another operation', async () => {
  await using hub = await startInProcess(
    { items: { sdl, resolvers: { Query: { open: () => 'o', anything: () => [] } } } },
    { access: { letsInAnonymous: true } } as never,
  );
  const query =
    'query A { open } query B { anything { ...F } } fragment F on Anything { ... on Private { title } }';
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, operationName: 'A' }),
  });
  expect(await response.json()).toEqual({ data: { open: 'o' } });
});
