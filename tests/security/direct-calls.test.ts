import { createHash, createHmac } from 'node:crypto';
import { memberFolders } from '@wenshu/gateway/cli/member-folders.ts';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { guardSubgraph } from '@wenshu/gateway/upstream/policy.ts';
import { createSubgraph } from '@wenshu/kit/subgraph.ts';
import { parksSubgraph } from '@wenshu/parks/server.ts';
import type { Caller, PurposeOfUse } from '@wenshu/schema/caller.ts';
import { type Asker, type KeyRing, signCall } from '@wenshu/schema/signature.ts';
import { readMember } from '@wenshu/schema/subgraph-sdl.ts';
import { createVerifier, httpbis } from 'http-message-signatures';
import { expect, test } from 'vitest';
import { keyRing, keyText } from '../support/signing.ts';

/** These tests ask for nothing that a database knows. */
const noDatabase = 'postgres://nobody:secret@127.0.0.1:1/none';

const keys = keyRing('a');
const body = '{"query":"{ __typename }"}';
const viewer: Caller = { kind: 'department', department: 'PROPAGANDA', role: 'viewer', user: '王芳' };
const auditor: Caller = { ...viewer, role: 'auditor' };
const purposeOfUse: PurposeOfUse = { purpose: '年度检查', caseNumber: '2026-17' };

async function startParks(ring: KeyRing = keys) {
  const refusals: string[] = [];
  const subgraph = parksSubgraph({
    url: noDatabase,
    keys: ring,
    onRefused: (reason) => refusals.push(reason),
  });
  const url = await subgraph.listen(0);
  return { url, refusals, [Symbol.asyncDispose]: () => subgraph.close() };
}

type Signing = {
  ring?: KeyRing;
  audience?: string;
  method?: string;
  target?: string;
  asker?: Asker;
  secondsAgo?: number;
};

const signed = ({
  ring = keys,
  audience = 'parks',
  method = 'POST',
  target = '/graphql',
  asker = { caller: viewer, purposeOfUse },
  secondsAgo = 0,
}: Signing = {}): Record<string, string> => ({
  'content-type': 'application/json',
  ...signCall(
    ring,
    audience,
    { method, target, contentType: 'application/json', body },
    asker,
    Date.now() - secondsAgo * 1000,
  ),
});

async function post(url: string, headers: Record<string, string>, sent = body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, connection: 'close' },
    body: sent,
  });
  return { status: response.status, answer: await response.json() };
}

const answered = { status: 200, answer: { data: { __typename: 'Query' } } };
const refused = (message: string) => ({
  status: 401,
  answer: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
});
const wrong = refused('The signature is not that of this call.');
const malformed = refused('The signature is not of the form that subgraph "parks" takes.');

test('a call that the gateway signed is answered', async () => {
  await using parks = await startParks();
  expect(await post(parks.url, signed())).toEqual(answered);
  expect(parks.refusals).toEqual([]);
});

test('an unsigned call is refused and logged', async () => {
  await using parks = await startParks();
  const reason = 'This subgraph answers only calls that its gateway signed.';
  expect(await post(parks.url, { 'content-type': 'application/json' })).toEqual(refused(reason));
  expect(parks.refusals).toEqual([reason]);
});

test('an unsigned call is refused before its body is read', async () => {
  await using parks = await startParks();
  const unending = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
  const response = await fetch(parks.url, { method: 'POST', body: unending, duplex: 'half' } as RequestInit);
  expect(response.status).toBe(401);
});

test.each(['GET', 'PUT', 'OPTIONS', 'DELETE'])('an unsigned %s is refused', async (method) => {
  await using parks = await startParks();
  const response = await fetch(`${parks.url}?query={__typename}`, {
    method,
    headers: { connection: 'close' },
  });
  expect(response.status).toBe(401);
});

test('every path but /healthz is closed to unsigned calls', async () => {
  await using parks = await startParks();
  const { origin } = new URL(parks.url);
  const at = (path: string) => fetch(`${origin}${path}`, { headers: { connection: 'close' } });
  expect((await at('/healthz')).status).toBe(200);
  for (const path of ['/', '/health', '/readyz', '/graphiql', '/healthz?query={__typename}', '//healthz']) {
    expect([path, (await at(path)).status]).toEqual([path, 401]);
  }
});

test('a call signed with an unknown key is refused', async () => {
  await using parks = await startParks();
  expect(await post(parks.url, signed({ ring: keyRing('b') }))).toEqual(
    refused('The call is signed with a key that is not, or no longer, valid here.'),
  );
});

test('a call signed with another secret under a known id is refused', async () => {
  await using parks = await startParks();
  const [{ secret }] = keyRing('b');
  expect(await post(parks.url, signed({ ring: [{ id: 'a', secret }] }))).toEqual(wrong);
});

test('an altered body is refused', async () => {
  await using parks = await startParks();
  const altered = '{"query":"{ parks { totalCount } }"}';
  expect(await post(parks.url, signed(), altered)).toEqual(
    refused('The body is not the one that was signed.'),
  );
  const digest = `sha-256=:${createHash('sha256').update(altered).digest('base64')}:`;
  expect(await post(parks.url, { ...signed(), 'content-digest': digest }, altered)).toEqual(wrong);
});

test('an altered path, query, method or content type is refused', async () => {
  await using parks = await startParks();
  expect(await post(`${parks.url}/other`, signed())).toEqual(wrong);
  expect(await post(`${parks.url}?query={x}`, signed())).toEqual(wrong);
  expect(await post(parks.url, signed({ method: 'GET' }))).toEqual(wrong);
  expect(await post(parks.url, { ...signed(), 'content-type': 'application/graphql' })).toEqual(wrong);
});

test('an altered caller or purpose is refused', async () => {
  await using parks = await startParks();
  const asked = signed();
  for (const asker of [
    { caller: auditor, purposeOfUse },
    { caller: viewer, purposeOfUse: { purpose: '其他' } },
  ]) {
    const { 'x-wenshu-caller': forged = '' } = signed({ asker });
    expect(await post(parks.url, { ...asked, 'x-wenshu-caller': forged })).toEqual(wrong);
  }
});

test('an altered time or nonce is refused', async () => {
  await using parks = await startParks();
  const { 'signature-input': input = '', ...rest } = signed();
  const altered = [
    input.replace(/created=\d+/, (created) => `created=${Number(created.slice(8)) + 1}`),
    input.replace(/nonce="./, (text) => `nonce="${text.endsWith('0') ? '1' : '0'}`),
  ];
  for (const forged of altered) {
    expect(await post(parks.url, { ...rest, 'signature-input': forged })).toEqual(wrong);
  }
});

test.each([
  ['that leaves the body out', (input: string) => input.replace(' "content-digest"', '')],
  ['by another algorithm', (input: string) => input.replace('hmac-sha256', 'none')],
  ['without a nonce', (input: string) => input.replace(/;nonce="[^"]*"/, '')],
  ['without a time', (input: string) => input.replace(/;created=\d+/, '')],
  ['of two signatures', (input: string) => `${input}, ${input}`],
])('a signature %s is refused', async (_, alter) => {
  await using parks = await startParks();
  const { 'signature-input': input = '', ...rest } = signed();
  expect(await post(parks.url, { ...rest, 'signature-input': alter(input) })).toEqual(malformed);
});

test.each(['', 'wenshu=::', 'wenshu=:AAAA:', 'x'.repeat(10_000)])(
  'what is no signature (%#) is refused',
  async (signature) => {
    await using parks = await startParks();
    expect((await post(parks.url, { ...signed(), signature })).status).toBe(401);
  },
);

test('a call that was signed for another subgraph is refused', async () => {
  await using parks = await startParks();
  expect(await post(parks.url, signed({ audience: 'party' }))).toEqual(malformed);
});

test.each([
  ['an old call', 32],
  ['a call from the future', -32],
])('%s is refused', async (_, secondsAgo) => {
  await using parks = await startParks();
  expect(await post(parks.url, signed({ secondsAgo }))).toEqual(
    refused('The call was not signed within 30 s of now. Compare the clocks of both machines.'),
  );
});

test('a gateway whose clock is half a minute ahead is answered', async () => {
  await using parks = await startParks();
  expect(await post(parks.url, signed({ secondsAgo: -29 }))).toEqual(answered);
});

test('a replayed call is refused', async () => {
  await using parks = await startParks();
  const call = signed();
  expect(await post(parks.url, call)).toEqual(answered);
  const replayed = refused('The call was answered before: it is taken once.');
  expect(await post(parks.url, call)).toEqual(replayed);
  expect(await post(parks.url, call)).toEqual(replayed);
});

test('of a call that is sent many times at once, one is answered', async () => {
  await using parks = await startParks();
  const call = signed();
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async () => (await post(parks.url, call)).status),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
});

test('a call that was signed before the subgraph started, so may have been answered, is refused', async () => {
  await using parks = await startParks();
  expect(await post(parks.url, signed({ secondsAgo: 5 }))).toEqual(
    refused('The call was signed before this subgraph started.'),
  );
});

test('at a rotation both keys are valid; after it the old one is not', async () => {
  await using before = await startParks(keyRing('new', 'old'));
  expect(await post(before.url, signed({ ring: keyRing('old') }))).toEqual(answered);
  expect(await post(before.url, signed({ ring: keyRing('new', 'old') }))).toEqual(answered);
  await using after = await startParks(keyRing('new'));
  expect(await post(after.url, signed({ ring: keyRing('new') }))).toEqual(answered);
  expect((await post(after.url, signed({ ring: keyRing('old') }))).status).toBe(401);
});

test('a body above the limit is refused, also one that is signed', async () => {
  await using parks = await startParks();
  const response = await post(parks.url, signed(), ' '.repeat(8 * 1024 * 1024 + 1));
  expect(response).toMatchObject({
    status: 413,
    answer: { errors: [{ extensions: { code: 'BODY_TOO_LARGE' } }] },
  });
});

test('who asks, and what for, is known to the resolvers, over HTTP and in process', async () => {
  const seen: Asker[] = [];
  const park = (_: unknown, __: unknown, { caller, purposeOfUse }: Asker) => {
    seen.push({ ...(caller && { caller }), ...(purposeOfUse && { purposeOfUse }) });
    return null;
  };
  const subgraph = createSubgraph(
    readMember('parks', memberFolders.parks),
    { shared: { resolvers: {} }, own: { Query: { park } } },
    { url: noDatabase, keys },
  );
  const call = createHttpSubgraph('parks', await subgraph.listen(0), { keys });
  const query = '{ park(id: "p") { id } }';
  const context = { requestId: 'r', headers: new Map<string, string>() };

  await call({ kind: 'query', query }, { ...context, caller: viewer, purposeOfUse });
  await call({ kind: 'query', query }, context);
  await subgraph.execute({ query }, { caller: viewer, purposeOfUse });
  await subgraph.execute({ query });
  expect(seen).toEqual([{ caller: viewer, purposeOfUse }, {}, { caller: viewer, purposeOfUse }, {}]);
  await call.close?.();
  await subgraph.close();
});

test('a subgraph without keys believes nobody who says for whom he asks', async () => {
  const seen: unknown[] = [];
  const park = (_: unknown, __: unknown, { caller }: Asker) => void seen.push(caller);
  const subgraph = createSubgraph(
    readMember('parks', memberFolders.parks),
    { shared: { resolvers: {} }, own: { Query: { park } } },
    { url: noDatabase },
  );
  const headers = signed({ asker: { caller: auditor } });
  await post(await subgraph.listen(0), headers, '{"query":"{ park(id: \\"p\\") { id } }"}');
  expect(seen).toEqual([undefined]);
  await subgraph.close();
});

test('a gateway that a subgraph refuses says to its callers only that the subgraph is unavailable', async () => {
  await using parks = await startParks();
  const call = guardSubgraph('parks', createHttpSubgraph('parks', parks.url, { keys: keyRing('b') }));
  const context = { requestId: 'r', headers: new Map<string, string>() };
  await expect(call({ kind: 'query', query: '{ __typename }' }, context)).rejects.toMatchObject({
    code: 'SUBGRAPH_UNAVAILABLE',
    message: 'Subgraph "parks" cannot be reached.',
    cause: { message: expect.stringContaining('HTTP 401') },
  });
  await call.close?.();
});

// An implementation of RFC 9421 by others.
const secretOf = (id: string) => keyText(id).slice(id.length + 1);

test('our signatures are those of RFC 9421', async () => {
  const verify = createVerifier(secretOf('a'), 'hmac-sha256');
  const message = { method: 'POST', url: 'http://parks.test/graphql', headers: signed() };
  const keyLookup = async ({ keyid }: { keyid?: string }) => ({ id: String(keyid), verify });
  expect(await httpbis.verifyMessage({ keyLookup }, message)).toBe(true);
  const altered = { ...message, method: 'PUT' };
  expect(await httpbis.verifyMessage({ keyLookup }, altered)).toBe(false);
});

test('a signature that others make by RFC 9421 is taken', async () => {
  await using parks = await startParks();
  const sign = async (data: Buffer) => createHmac('sha256', secretOf('a')).update(data).digest();
  const { signature: _, 'signature-input': __, ...headers } = signed();
  const { headers: theirs } = await httpbis.signMessage(
    {
      name: 'wenshu',
      key: { id: 'a', alg: 'hmac-sha256', sign },
      fields: ['@method', '@request-target', 'content-type', 'content-digest', 'x-wenshu-caller'],
      params: ['created', 'nonce', 'keyid', 'alg', 'tag'],
      paramValues: { nonce: crypto.randomUUID(), tag: 'wenshu-parks' },
    },
    { method: 'POST', url: parks.url, headers },
  );
  expect(await post(parks.url, theirs as Record<string, string>)).toEqual(answered);
});
