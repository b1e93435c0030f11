import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { makeToken } from '../support/paste.ts';
import { poll } from '../support/poll.ts';

const supergraph = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
const expires = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10);
const create = [
  ...['keys', 'create', '--department', 'PROPAGANDA', '--by', '王某', '--partner', '文创数据公司'],
  ...['--contact', 'zhang@example.com', '--scope', 'Park', 'Policy.nameZh', '--expires', expires],
];

const pepper = 'a pepper for tests of more than 32 characters';

/** Who a gateway takes the holder of a key for: the status of a small question. */
async function statusWith(graph: string, key: string): Promise<number> {
  const response = await fetch(graph, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', 'x-api-key': key },
    body: '{"query":"{ __typename }"}',
  });
  await response.text();
  return response.status;
}

it('makes, lists, rotates and revokes keys, which two gateways know at once', {
  timeout: 120_000,
}, async () => {
  await using database = await createDatabase();
  await using data = await createDataFolder();
  await using processes = new AsyncDisposableStack();
  const env = { HUB_DATABASE_URL: database.urls.hub, KEY_PEPPER: pepper, WENSHU_DATA: data.path };
  const keys = async (...args: string[]) => {
    const { code, output } = await runCommandHere(args, env);
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  };
  const graphs = await Promise.all(
    ['first', 'second'].map(async (id) => {
      const gateway = processes.use(
        runCli(['gateway', '--supergraph', supergraph, '--port', '0'], { ...env, GATEWAY_ID: id }),
      );
      return new URL('/graphql', await gateway.printed(/http:\/\/localhost:\d+/)).href;
    }),
  );
  const statuses = (key: string) => Promise.all(graphs.map((graph) => statusWith(graph, key)));

  const printed = await keys(...create);
  const secret = /wsk_live_\S+/.exec(printed)?.[0] ?? '';
  expect(await statuses(secret)).toEqual([200, 200]);
  expect(await statuses(`${secret.slice(0, -1)}~`)).toEqual([401, 401]);

  const listed = JSON.parse(await keys('keys', 'list', '--department', 'PROPAGANDA', '--json'));
  expect(listed).toMatchObject([
    { state: 'ACTIVE', partner: '文创数据公司', scopes: ['Park', 'Policy.nameZh'], createdBy: '王某' },
  ]);
  expect(Object.keys(listed[0])).not.toContain('digest');
  const [{ id }] = listed;

  const rotated = JSON.parse(await keys('keys', 'rotate', id, '--department', 'PROPAGANDA', '--json'));
  expect(rotated).toMatchObject({ rotatedFrom: id, scopes: ['Park', 'Policy.nameZh'] });
  expect([await statuses(secret), await statuses(rotated.secret)]).toEqual([
    [200, 200],
    [200, 200],
  ]);

  const revoked = await keys('keys', 'revoke', id, '--department', 'PROPAGANDA', '--reason', '遗失');
  expect(revoked).toBe(`API key ${id} is revoked.`);
  await poll(async () => (await statuses(secret)).every((status) => status === 401) || undefined);
  expect(await statuses(rotated.secret)).toEqual([200, 200]);

  const shown = await keys('audit', 'show', '--kind', 'key');
  const caller = { user: '王某', department: 'PROPAGANDA', role: 'operator' };
  expect(shown.split('\n').map((line) => JSON.parse(line))).toMatchObject([
    { action: 'create', subject: id, caller, details: { partner: '文创数据公司', rotatedFrom: null } },
    { action: 'rotate', subject: rotated.id, details: { rotatedFrom: id } },
    { action: 'revoke', subject: id, details: { revokedReason: '遗失' } },
  ]);
  expect(shown).not.toContain(secret.slice(-20));

  const consent = ['--consent-by', '李某', '--consent-on', '2026-01-05', '--consent-document', '授权书'];
  const forOne = JSON.parse(await keys(...create, '--enterprise', 'ent-gaea', ...consent, '--json'));
  expect(forOne).toMatchObject({
    state: 'PENDING',
    approvals: [{ owner: 'MARKET_REGULATION' }, { owner: 'CULTURE_TOURISM' }],
  });
  expect(await statuses(forOne.secret)).toEqual([403, 403]);
});

it('says what is wrong with a key that is asked for', async () => {
  await using database = await createDatabase();
  const env = { HUB_DATABASE_URL: database.urls.hub, KEY_PEPPER: pepper };
  expect(await runCommandHere([...create, '--address', '10.0.0.0/33'], env)).toEqual({
    code: 1,
    output: 'wenshu: A network must be like 203.0.113.0/24 or 2001:db8::/32, not "10.0.0.0/33".',
  });
  const args = ['keys', 'revoke', 'nothing', '--department', 'PROPAGANDA', '--reason', 'x'];
  expect(await runCommandHere(args, env)).toEqual({
    code: 1,
    output: 'wenshu: API key "nothing" does not exist.',
  });
});

it('makes its own pepper for trials, and demands one in production', async () => {
  await using database = await createDatabase();
  await using data = await createDataFolder();
  const env = { HUB_DATABASE_URL: database.urls.hub, WENSHU_DATA: data.path };
  expect(await runCommandHere(create, env)).toMatchObject({ code: 0 });
  expect(await runCommandHere(create, { ...env, NODE_ENV: 'production' })).toEqual({
    code: 2,
    output: expect.stringMatching(
      /^wenshu: .*\n {2}- KEY_PEPPER must be set with NODE_ENV=production, .*openssl rand -base64 32/,
    ),
  });
});

it('answers that it has no keys where it has no database of them', async () => {
  await using data = await createDataFolder();
  await using gateway = runCli(['gateway', '--supergraph', supergraph, '--port', '0'], {
    WENSHU_DATA: data.path,
  });
  await gateway.printed(/Without HUB_DATABASE_URL this gateway knows no API keys and no agreements\./);
  const graph = new URL('/graphql', await gateway.printed(/http:\/\/localhost:\d+/)).href;
  const response = await fetch(graph, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      authorization: `Bearer ${await makeToken({ WENSHU_DATA: data.path })}`,
    },
    body: '{"query":"{ apiKeys { totalCount } }"}',
  });
  expect(await response.json()).toEqual({
    data: { apiKeys: null },
    errors: [
      {
        message: 'This gateway has no keys and agreements. Set HUB_DATABASE_URL to their database.',
        path: ['apiKeys'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'control' },
      },
    ],
  });
});
