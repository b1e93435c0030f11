import type { Verify } from '@wenshu/gateway/admission/authenticate.ts';
import { parksSubgraph } from '@wenshu/parks/server.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInProcess } from '../support/federation.ts';

/** The audits ask for nothing that a database knows. */
const noDatabase = 'postgres://nobody:secret@127.0.0.1:1/none';

async function openGateway() {
  const hub = await startInProcess({ parks: { sdl: 'type Query { name: String }' } });
  return { url: `${hub.url}/graphql`, close: () => hub[Symbol.asyncDispose]() };
}

/** Who asks has said who it is, as in production. */
async function openGuarded() {
  const verify: Verify = async ({ bearer }) => (bearer === 'known' ? viewer : undefined);
  const hub = await startInProcess(
    { parks: { sdl: 'type Query { name: String }' } },
    { access: { others: [verify] } },
  );
  return { url: `${hub.url}/graphql`, close: () => hub[Symbol.asyncDispose]() };
}

const viewer: Caller = { kind: 'department', department: 'PROPAGANDA', role: 'viewer', user: '王芳' };

const asKnown: typeof fetch = (input, init) =>
  fetch(input, {
    ...init,
    headers: { ...Object.fromEntries(new Headers(init?.headers)), authorization: 'Bearer known' },
  });

async function openSubgraph() {
  const subgraph = parksSubgraph({ url: noDatabase });
  return { url: await subgraph.listen(0), close: () => subgraph.close() };
}

// https://github.com/graphql/graphql-http#audits, of https://graphql.github.io/graphql-over-http/draft/
describe.each([
  ['the gateway', openGateway, fetch],
  ['the gateway, to a caller that it knows', openGuarded, asKnown],
  ['a subgraph', openSubgraph, fetch],
])('%s', (_, open, fetchFn) => {
  const opened = Promise.withResolvers<Awaited<ReturnType<typeof open>>>();
  beforeAll(() => open().then(opened.resolve, opened.reject));
  afterAll(async () => (await opened.promise).close());

  const audits = serverAudits({ url: async () => (await opened.promise).url, fetchFn });
  test('is held against all audits', () => expect(audits).toHaveLength(61));
  test.each(audits)('$id $name', async ({ fn }) => {
    const result = await fn();
    expect(result.status === 'ok' ? undefined : result.reason).toBeUndefined();
  });
});
