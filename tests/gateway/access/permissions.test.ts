import { mayDo } from '@wenshu/gateway/admission/permissions.ts';
import { type PartnerCaller, type Role, roles } from '@wenshu/schema/caller.ts';
import { expect, test } from 'vitest';
import { bearer, makeKey, sign, startIdentityProvider } from '../../support/identity-provider.ts';
import { startGuarded } from './guarded.ts';

const key = await makeKey('k1');

async function startHub() {
  await using opening = new AsyncDisposableStack();
  const provider = opening.use(await startIdentityProvider(key));
  const options = {
    mayExplain: () => true,
    graphiql: () => ({ status: 200, headers: {}, body: 'GraphiQL' }),
  };
  const hub = opening.use(await startGuarded({ departments: provider.options }, options));
  const opened = opening.move();
  return { ...hub, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Which of the roles this is so for. */
async function rolesWhere(isSo: (headers: Record<string, string>) => Promise<boolean>) {
  const found: Role[] = [];
  for (const role of roles) if (await isSo(bearer(await sign(key, { role })))) found.push(role);
  return found;
}

test('the schema is for those who write queries', async () => {
  await using hub = await startHub();
  const introspect = (headers: Record<string, string>) =>
    hub.ask(headers, '{ ...All } fragment All on Query { of: __schema { queryType { name } } name }');
  expect(await rolesWhere(async (headers) => (await introspect(headers)).answer.data !== undefined)).toEqual([
    'viewer',
    'editor',
    'analyst',
    'steward',
    'operator',
  ]);
  hub.contexts.length = 0;
  expect(await introspect(bearer(await sign(key, { role: 'auditor' })))).toEqual({
    status: 403,
    challenge: null,
    answer: {
      errors: [
        {
          message: 'You may not ask for the schema. Remove __schema and __type.',
          extensions: { code: 'INTROSPECTION_REFUSED' },
        },
      ],
    },
  });
  expect(hub.contexts).toEqual([]);
});

test('"__typename" is no introspection', async () => {
  await using hub = await startHub();
  const headers = bearer(await sign(key, { role: 'auditor' }));
  expect((await hub.ask(headers, '{ __typename }')).answer).toEqual({ data: { __typename: 'Query' } });
});

test('explanations are for analysts and operators', async () => {
  await using hub = await startHub();
  const isExplained = async (headers: Record<string, string>) =>
    'extensions' in (await hub.ask({ ...headers, 'x-wenshu-explain': '1' })).answer;
  expect(await rolesWhere(isExplained)).toEqual(['analyst', 'operator']);
});

test('metrics are for operators', async () => {
  await using hub = await startHub();
  expect(await rolesWhere(async (headers) => (await hub.get('/metrics', headers)).status === 200)).toEqual([
    'operator',
  ]);
  const refused = await hub.get('/metrics', bearer(await sign(key, { role: 'analyst' })));
  expect(refused.status).toBe(403);
  expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="wenshu", error="insufficient_scope"');
  expect(await refused.json()).toEqual({
    errors: [{ message: 'Your role may not do this.', extensions: { code: 'FORBIDDEN' } }],
  });
  expect((await hub.get('/metrics')).status).toBe(401);
});

test.each(['/healthz', '/readyz', '/graphiql'])('%s asks nobody who it is', async (path) => {
  await using hub = await startHub();
  expect((await hub.get(path)).status).toBe(200);
});

test('a partner may learn the schema with a key for testing, and has no other permission', () => {
  const partner = (isTest: boolean): PartnerCaller => ({
    kind: 'partner',
    keyId: 'k',
    partner: 'p',
    isTest,
    scopes: [],
    regions: [],
  });
  const permissions = ['introspect', 'explain', 'readMetrics'] as const;
  expect(permissions.filter((permission) => mayDo(partner(true), permission))).toEqual(['introspect']);
  expect(permissions.filter((permission) => mayDo(partner(false), permission))).toEqual([]);
});
