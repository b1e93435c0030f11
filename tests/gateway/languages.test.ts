import { standardQueryLimits } from '@wenshu/gateway/admission/query-limits.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestSubgraph } from '../support/federation.ts';
import { startHub, type TestHub } from '../support/hub.ts';

const parks: TestSubgraph = {
  sdl: `
    type Query { name: String park(id: ID, size: Int): Park parks(first: Int): [Park] @listSize(slicingArguments: ["first"]) broken: String }
    type Mutation { close(id: ID!): Park }
    type Park { id: ID! name: String next: Park }
  `,
  answer: ({ query }) =>
    query.includes('broken')
      ? { data: null, errors: [{ message: 'Out of tea.', extensions: { code: 'NO_TEA' } }] }
      : { data: { name: 'East' } },
};

let hub: TestHub;
beforeAll(async () => {
  const queryLimits = {
    ...standardQueryLimits,
    variableDepth: 3,
    tokens: 100,
    aliases: 2,
    rootFields: 3,
    fields: 8,
    depth: 3,
  };
  hub = await startHub({
    graph: { parks },
    callers: true,
    maxBodyBytes: 2_000,
    mayIntrospect: () => false,
    admission: { queryLimits },
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

type Sent = {
  readonly path?: string;
  readonly method?: string;
  readonly body?: object | string;
  readonly isUnknown?: boolean;
};

const asked = (query: string, variables: object = {}): Sent => ({ body: { query, variables } });

/** Requests that fail, by the code of their error. */
const failing: readonly (readonly [code: string, sent: Sent])[] = [
  ['BAD_REQUEST', { body: '{' }],
  ['BAD_REQUEST', { body: {} }],
  ['BAD_REQUEST', { body: [{ query: '{ name }' }] }],
  ['BAD_REQUEST', { body: { query: 7 } }],
  ['BAD_USER_INPUT', asked('query ($id: ID!) { park(id: $id) { id } }')],
  ['BAD_USER_INPUT', asked('query ($size: Int) { park(size: $size) { id } }', { size: 'x' })],
  ['BODY_TOO_LARGE', { body: { query: `{ name } # ${'x'.repeat(2_000)}` } }],
  ['GRAPHQL_PARSE_FAILED', asked('{ name')],
  ['GRAPHQL_VALIDATION_FAILED', asked('{ nam }')],
  ['INTROSPECTION_REFUSED', asked('{ __schema { queryType { name } } }')],
  ['METHOD_NOT_ALLOWED', { method: 'PUT', body: {} }],
  ['NO_TEA', asked('{ broken }')],
  ['NOT_FOUND', { path: '/nothing', method: 'GET' }],
  ['OPERATION_RESOLUTION_FAILURE', asked('query A { name } query B { name }')],
  ['PERSISTED_QUERY_NOT_FOUND', { body: { documentId: 'sha256:0' } }],
  ['QUERY_TOO_COSTLY', asked('{ parks(first: 60000) { name } }')],
  ['QUERY_TOO_DEEP', asked('{ park { next { next { id } } } }')],
  ['TOO_MANY_ALIASES', asked('{ a: name b: name c: name }')],
  ['TOO_MANY_FIELDS', asked('{ park { id name id name id name id name id name } }')],
  ['TOO_MANY_ROOT_FIELDS', asked('{ name name name name }')],
  ['TOO_MANY_TOKENS', asked(`{ name ${'name '.repeat(120)} }`)],
  ['UNAUTHENTICATED', { ...asked('{ name }'), isUnknown: true }],
  ['VARIABLES_TOO_DEEP', asked('query ($size: Int) { park(size: $size) { id } }', { size: [[[[1]]]] })],
];

async function send({ path = '/graphql', method = 'POST', body, isUnknown }: Sent, language: string) {
  const known = isUnknown ? {} : await hub.as({ department: 'FINANCE', role: 'viewer' }).headers();
  return await fetch(`${hub.url}${path}`, {
    method,
    headers: {
      ...known,
      connection: 'close',
      'content-type': 'application/json',
      'accept-language': language,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function firstError(sent: Sent, language: string) {
  const response = await send(sent, language);
  expect(response.headers.get('vary')).toContain('accept-language');
  const { errors } = (await response.json()) as {
    errors: { message: string; extensions: { code: string; messageZh: string } }[];
  };
  return errors[0];
}

test.each(failing)(
  '%s is said in both languages, and in the one that is asked for: %j',
  async (code, sent) => {
    const inEnglish = await firstError(sent, '*');
    expect(inEnglish?.extensions.code).toBe(code);
    expect(inEnglish?.extensions.messageZh).toMatch(/\p{Script=Han}/u);
    if (code !== 'NO_TEA') expect(inEnglish?.message).not.toMatch(/\p{Script=Han}/u);
    const inChinese = await firstError(sent, 'zh-CN,zh;q=0.9,en;q=0.8');
    expect(inChinese?.extensions).toMatchObject({ code, messageZh: inEnglish?.extensions.messageZh });
    expect(inChinese?.message).toBe(inEnglish?.extensions.messageZh);
  },
);

test.each([
  ['', 'en'],
  ['*', 'en'],
  ['en, zh;q=0.5', 'en'],
  ['fr', 'en'],
  ['zh;q=0', 'en'],
  ['zh;q=x', 'en'],
  ['zh', 'zh'],
  ['ZH-Hant-TW', 'zh'],
  ['fr, zh;q=0.4, en;q=0.3', 'zh'],
])('accept-language: %j gets %s', async (language, wanted) => {
  const error = await firstError({ path: '/nothing', method: 'GET' }, language);
  expect(/\p{Script=Han}/u.test(error?.message ?? '')).toBe(wanted === 'zh');
});

test('an error of a foreign subgraph keeps its message, and gets a Chinese one from its code', async () => {
  const error = await firstError(asked('{ broken }'), 'en');
  expect(error).toMatchObject({
    message: 'Out of tea.',
    extensions: { code: 'NO_TEA', messageZh: '发生错误 NO_TEA。(Out of tea.)', subgraph: 'parks' },
  });
});

// A cache gave the message of the first caller to callers of another language on 6e49a15.
test('an answer says that it depends on the language, also without an error', async () => {
  const answer = await send(asked('{ name }'), 'zh');
  expect(answer.headers.get('vary')).toContain('accept-language');
  const exported = await send({ path: '/export', body: { query: '{ name }' } }, 'zh');
  expect(exported.headers.get('vary')).toContain('accept-language');
});
