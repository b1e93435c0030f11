import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { standardQueryLimits } from '@wenshu/gateway/admission/query-limits.ts';
import { openDocumentFiles } from '@wenshu/gateway/admission/registered-documents.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { expect, test } from 'vitest';
import { createDataFolder } from '../support/data-folder.ts';
import { startInProcess, type TestSubgraph } from '../support/federation.ts';
import { poll } from '../support/poll.ts';
import { post } from '../support/post.ts';
import { recordingLog } from '../support/recording-log.ts';

const parks: TestSubgraph = {
  sdl: 'type Query { name(of: String): String other: String }',
  resolvers: { Query: { name: (_: unknown, { of }: { of?: string }) => of ?? 'East', other: () => 'West' } },
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const registered = 'query Name($of: String) { name(of: $of) }';
const unregistered = '{ other }';
const named = { query: '{ n: name }', id: 'n1' };

const byHash = (query: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } },
});

const answered = (data: unknown) => ({ status: 200, body: { data } });
const refused = (code: string, status: number) => ({ status, body: { errors: [{ extensions: { code } }] } });
const unknown = refused('PERSISTED_QUERY_NOT_FOUND', 200);

/** A hub with documents registered, and its folder. */
async function startWith(options: Partial<GatewayOptions> = {}) {
  await using starting = new AsyncDisposableStack();
  const folder = starting.use(await createDataFolder());
  const file = join(folder.path, 'manifest.json');
  await writeFile(file, JSON.stringify({ [sha256(registered)]: registered, [named.id]: named.query }));
  const documents = starting.use(await openDocumentFiles(file, options.log ?? silent));
  const hub = starting.use(
    await startInProcess({ parks }, { ...options, registeredDocuments: () => documents.current }),
  );
  const running = starting.move();
  return { hub, file, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test.each(['log', 'allow-list', 'ids'] as const)(
  'in mode %s a registered document is answered by its id',
  async (documentMode) => {
    await using running = await startWith({ admission: { documentMode } });
    const { url } = running.hub;
    const variables = { of: 'North' };
    const documentId = `sha256:${sha256(registered)}`;
    expect(await post(url, { documentId, variables })).toMatchObject(answered({ name: 'North' }));
    expect(await post(url, { ...byHash(registered), variables })).toMatchObject(answered({ name: 'North' }));
    expect(await post(url, { documentId: named.id })).toMatchObject(answered({ n: 'East' }));
    const search = new URLSearchParams({ documentId, variables: JSON.stringify(variables) });
    const byGet = await fetch(`${url}/graphql?${search}`, { headers: { connection: 'close' } });
    expect(await byGet.json()).toEqual({ data: { name: 'North' } });
  },
);

test.each(['log', 'allow-list', 'ids'] as const)(
  'in mode %s an id that is not registered is not found',
  async (documentMode) => {
    await using running = await startWith({ admission: { documentMode } });
    const { url } = running.hub;
    expect(await post(url, { documentId: `sha256:${sha256(unregistered)}` })).toMatchObject(unknown);
    expect(await post(url, { documentId: '__proto__' })).toMatchObject(unknown);
    expect(await post(url, byHash(unregistered))).toMatchObject(unknown);
  },
);

test('in mode log any document is answered, and the log says whether it is registered', async () => {
  const log = recordingLog();
  await using running = await startWith({ log });
  const { url } = running.hub;
  for (const query of [registered, unregistered]) expect((await post(url, { query })).status).toBe(200);
  expect(log.lines.filter(({ message }) => message === 'request')).toMatchObject([
    { registered: true, hash: sha256(registered) },
    { registered: false, hash: sha256(unregistered) },
  ]);
});

test('in mode log a caller registers a document by sending it with its hash', async () => {
  await using hub = await startInProcess({ parks });
  expect(await post(hub.url, byHash(unregistered))).toMatchObject(unknown);
  const both = { query: unregistered, ...byHash(unregistered) };
  expect(await post(hub.url, both)).toMatchObject(answered({ other: 'West' }));
  expect(await post(hub.url, byHash(unregistered))).toMatchObject(answered({ other: 'West' }));
  const search = new URLSearchParams({ extensions: JSON.stringify(byHash(unregistered).extensions) });
  const byGet = await fetch(`${hub.url}/graphql?${search}`, { headers: { connection: 'close' } });
  expect(await byGet.json()).toEqual({ data: { other: 'West' } });
});

test('in mode allow-list a document is answered in full where it is registered', async () => {
  await using running = await startWith({ admission: { documentMode: 'allow-list' } });
  const { hub } = running;
  expect(await post(hub.url, { query: registered })).toMatchObject(answered({ name: 'East' }));
  expect(await post(hub.url, { query: `${registered} ` })).toMatchObject(refused('DOCUMENT_REFUSED', 403));
  const both = { query: unregistered, ...byHash(unregistered) };
  expect(await post(hub.url, both)).toMatchObject(refused('DOCUMENT_REFUSED', 403));
  expect(await post(hub.url, byHash(unregistered))).toMatchObject(unknown);
  expect(hub.calls).toHaveLength(1);
});

test('in mode ids no document is answered in full', async () => {
  await using running = await startWith({ admission: { documentMode: 'ids' } });
  const { url } = running.hub;
  const code = refused('DOCUMENT_REFUSED', 403);
  expect(await post(url, { query: registered })).toMatchObject(code);
  expect(await post(url, { query: registered, ...byHash(registered) })).toMatchObject(code);
  const search = new URLSearchParams({ query: registered });
  const byGet = await fetch(`${url}/graphql?${search}`, { headers: { connection: 'close' } });
  expect(byGet.status).toBe(403);
});

test('a key can have a mode of its own', async () => {
  const key: PartnerCaller = {
    kind: 'partner',
    keyId: 'k1',
    partner: 'p',
    isTest: false,
    scopes: [],
    regions: [],
  };
  await using running = await startWith({
    access: {
      others: [async ({ headers }) => ({ ...key, keyId: headers.get('x-key') ?? 'other' })],
    },
    limitsOfCaller: (caller) =>
      caller.kind === 'partner' && caller.keyId === 'k1' ? { documentMode: 'ids' } : undefined,
  });
  const { url } = running.hub;
  expect(await post(url, { query: registered })).toMatchObject(answered({ name: 'East' }));
  expect(await post(url, { query: registered }, { 'x-key': 'k1' })).toMatchObject(
    refused('DOCUMENT_REFUSED', 403),
  );
});

test.each([
  ['a hash of another document', { query: unregistered, ...byHash(registered) }],
  ['an id beside a document', { query: unregistered, documentId: named.id }],
  ['an id that is no text', { documentId: 7 }],
  ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash: sha256(registered) } } }],
  ['no hash', { query: unregistered, extensions: { persistedQuery: { version: 1 } } }],
  ['an extension that is no object', { extensions: { persistedQuery: 'x' } }],
  ['neither document nor id', { variables: {} }],
])('%s is refused as a bad request', async (_, body) => {
  await using running = await startWith();
  expect(await post(running.hub.url, body)).toMatchObject(refused('BAD_REQUEST', 400));
});

test('limits hold for documents that are asked for by id', async () => {
  await using running = await startWith({ admission: { documentMode: 'ids', queryLimits: tight } });
  const answer = await post(running.hub.url, { documentId: named.id });
  expect(answer).toMatchObject(refused('TOO_MANY_ALIASES', 400));
});

const tight = { ...standardQueryLimits, aliases: 0 };

test('a manifest that changes is in use at once; one that turns bad is refused, and the last good one stays', async () => {
  const log = recordingLog();
  await using running = await startWith({ admission: { documentMode: 'allow-list' }, log });
  const { hub, file } = running;
  const isAnswered = async () => (await post(hub.url, { query: unregistered })).status === 200 || undefined;
  expect(await isAnswered()).toBeUndefined();
  await writeFile(file, JSON.stringify({ other: unregistered }));
  await poll(isAnswered);
  await writeFile(file, '{"other": ');
  await poll(() => log.lines.find(({ level }) => level === 'error'));
  expect(await isAnswered()).toBe(true);
});

test('a folder holds manifests of Relay and of Apollo, and documents', async () => {
  await using folder = await createDataFolder();
  const path = join(folder.path, 'documents');
  await mkdir(path);
  const apollo = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: sha256(registered), name: 'Name', type: 'query', body: registered }],
  };
  await writeFile(join(path, 'a.json'), JSON.stringify(apollo));
  await writeFile(join(path, 'b.json'), JSON.stringify({ [`sha256:${sha256(unregistered)}`]: unregistered }));
  await writeFile(join(path, 'c.graphql'), named.query);
  await writeFile(join(path, 'readme.txt'), 'nothing');
  await using documents = await openDocumentFiles(path, silent);
  expect([registered, unregistered, named.query].map((each) => documents.current.find(sha256(each)))).toEqual(
    [registered, unregistered, named.query],
  );
  expect(documents.current.has('nothing')).toBe(false);
});

test.each([
  ['{"a": 1}', 'is no manifest'],
  ['[]', 'is no manifest'],
  ['{', 'is not valid JSON'],
  [JSON.stringify({ [sha256('{ a }')]: '{ b }' }), 'which is not its SHA-256'],
])('a manifest %s is refused with the reason', async (text, reason) => {
  await using folder = await createDataFolder();
  const file = join(folder.path, 'manifest.json');
  await writeFile(file, text);
  await expect(openDocumentFiles(file, silent)).rejects.toThrow(reason);
  await rm(file);
  await expect(openDocumentFiles(file, silent)).rejects.toThrow('cannot be read (ENOENT)');
});
