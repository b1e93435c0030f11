import { today } from '@wenshu/kit/today.ts';
import type { HubError } from '@wenshu/schema/errors.ts';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { steward } from '../support/callers.ts';
import { arrivingWith } from '../support/control-plane.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask as askDatabase } from '../support/sql.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ graph: 'control plane', keys: true });
});
afterAll(() => hub[Symbol.asyncDispose]());

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000).toISOString();

const input = (more: object = {}) => ({
  partner: '文创数据公司',
  contact: 'zhang@example.com',
  scopes: ['Park', 'Policy.nameZh'],
  expiresAt: inDays(90),
  ...more,
});
const create =
  'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }';
type Issued = { secret: string; apiKey: { id: string } };

async function createKey(more: object = {}): Promise<Issued> {
  const { data, errors } = await hub.as(steward).ask(create, { input: input(more) });
  expect(errors).toBeUndefined();
  return data?.createApiKey as Issued;
}

describe('an API key', () => {
  it('is made with its terms, and its text is nowhere but in that answer', async () => {
    const terms = {
      environment: 'TEST',
      regions: ['110105'],
      addresses: ['203.0.113.0/24'],
      enterpriseId: 'ent-1',
      consent: { by: '李某', on: '2026-01-05', document: '授权书 1 号' },
      costPerMinute: 600,
      costPerDay: 100_000,
      documents: 'ALLOW_LIST',
    };
    const { secret, apiKey } = await createKey(terms);
    const { data } = await hub.as(steward).ask(
      `query ($id: ID!) { apiKey(id: $id) { id environment state partner contact scopes regions enterpriseId
        consent { by on document } addresses costPerMinute costPerDay documents department createdBy
        lastUsedAt rotatedFrom overlapEndsAt revokedAt revokedBy revokedReason } }`,
      { id: apiKey.id },
    );
    const { expiresAt: _, ...shown } = input(terms);
    expect(data?.apiKey).toEqual({
      ...shown,
      id: apiKey.id,
      state: 'PENDING',
      department: 'PROPAGANDA',
      createdBy: 'propaganda-steward',
      lastUsedAt: null,
      rotatedFrom: null,
      overlapEndsAt: null,
      revokedAt: null,
      revokedBy: null,
      revokedReason: null,
    });
    const [row] = await askDatabase(
      hub.database.urls.hub,
      `select * from api_keys where id = '${apiKey.id}'`,
    );
    expect(JSON.stringify(row)).not.toContain(secret.slice('wsk_test_'.length + 13, -6));
  });

  it('names its holder, and is distinct from its environment', async () => {
    const { secret, apiKey } = await createKey({ environment: 'TEST', regions: ['110105'] });
    expect(await hub.control.partners.verify(arrivingWith(secret))).toEqual({
      kind: 'partner',
      keyId: apiKey.id,
      partner: '文创数据公司',
      isTest: true,
      scopes: ['Park', 'Policy.nameZh'],
      regions: ['110105'],
      madeBy: 'PROPAGANDA',
    });
  });

  it('gives what it is held to', async () => {
    const { secret } = await createKey({ costPerMinute: 600, documents: 'IDS_ONLY' });
    const caller = await hub.control.partners.verify(arrivingWith(secret));
    expect(caller && hub.control.partners.limitsOf(caller)).toEqual({
      costPerMinute: 600,
      documentMode: 'ids',
    });
  });

  it.each([
    [
      'scopes',
      { scopes: [] },
      'A key without scopes can read nothing. Give types or fields, for example Park.nameZh.',
    ],
    ['scopes.1', { scopes: ['Park', 'Park.*'] }, 'A scope must be like Park or Park.nameZh, not "Park.*".'],
    ['scopes.0', { scopes: ['Park.name'] }, 'The data catalogue has no type or field "Park.name".'],
    ['regions.0', { regions: ['朝阳'] }, 'A region must be a code like 110105, not "朝阳".'],
    [
      'addresses.0',
      { addresses: ['10.0.0.0/33'] },
      'A network must be like 203.0.113.0/24 or 2001:db8::/32, not "10.0.0.0/33".',
    ],
    ['partner', { partner: ' ' }, '"partner" must not be empty.'],
    ['costPerDay', { costPerDay: 0 }, '"costPerDay" must be above 0, not 0.'],
    ['consent', { enterpriseId: 'ent-1' }, expect.stringContaining('needs the consent')],
    [
      'consent.on',
      { enterpriseId: 'ent-1', consent: { by: '李某', on: '9999-01-05', document: '授权书 1 号' } },
      'The day of a consent must be today or earlier, not 9999-01-05.',
    ],
    ['expiresAt', { expiresAt: inDays(400) }, expect.stringContaining('must expire within a year from now')],
    ['expiresAt', { expiresAt: inDays(-1) }, expect.stringContaining('must expire within a year from now')],
  ])('is refused with unusable %s', async (argument, more, message) => {
    const { data, errors } = await hub.as(steward).ask(create, { input: input(more) });
    expect(data).toEqual({ createApiKey: null });
    expect(errors).toEqual([
      {
        message,
        path: ['createApiKey'],
        extensions: { code: 'BAD_USER_INPUT', argument: `input.${argument}`, subgraph: 'control' },
      },
    ]);
  });
});

describe('rotation', () => {
  const rotate =
    'mutation ($id: ID!, $hours: Int!) { rotateApiKey(id: $id, overlapHours: $hours) { secret apiKey { id rotatedFrom scopes state } } }';

  it('leaves both keys working for the overlap, on the same terms', async () => {
    const old = await createKey();
    const { data } = await hub.as(steward).ask(rotate, { id: old.apiKey.id, hours: 24 });
    const next = data?.rotateApiKey as Issued;
    expect(next.apiKey).toMatchObject({
      rotatedFrom: old.apiKey.id,
      scopes: ['Park', 'Policy.nameZh'],
      state: 'ACTIVE',
    });
    for (const { secret, apiKey } of [old, next]) {
      expect(await hub.control.partners.verify(arrivingWith(secret))).toMatchObject({ keyId: apiKey.id });
    }
    expect(await hub.as(steward).ask(rotate, { id: old.apiKey.id, hours: 24 })).toMatchObject({
      errors: [
        {
          message: `API key "${old.apiKey.id}" has been replaced already.`,
          extensions: { code: 'CONFLICT' },
        },
      ],
    });
  });

  it('ends the old key after the overlap, and says so to its holder', async () => {
    const old = await createKey();
    await hub.control.partners.verify(arrivingWith(old.secret));
    await hub.as(steward).ask(rotate, { id: old.apiKey.id, hours: 0 });
    const refused = await poll(async () => {
      try {
        await hub.control.partners.verify(arrivingWith(old.secret));
        return undefined;
      } catch (error) {
        return error as HubError;
      }
    });
    expect(refused.message).toMatch(/was replaced by another, and ended at .*\. Ask 宣传部, which made it\./);
    expect(refused.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('the keys of a department', () => {
  const list =
    'query ($filter: ApiKeyFilter) { apiKeys(filter: $filter, orderBy: [{field: CREATED_AT, direction: DESC}]) { totalCount nodes { id state } } }';
  const revoke =
    'mutation ($id: ID!) { revokeApiKey(id: $id, reason: "遗失") { state revokedBy revokedReason } }';

  it('are listed by partner and state, and revoked with a reason', async () => {
    const partner = '合作方甲';
    const [kept, revoked] = [await createKey({ partner }), await createKey({ partner })];
    expect(await hub.as(steward).ask(revoke, { id: revoked.apiKey.id })).toEqual({
      data: { revokeApiKey: { state: 'REVOKED', revokedBy: 'propaganda-steward', revokedReason: '遗失' } },
    });
    expect(await hub.as(steward).ask(list, { filter: { partner: { contains: '方甲' } } })).toEqual({
      data: {
        apiKeys: {
          totalCount: 2,
          nodes: [
            { id: revoked.apiKey.id, state: 'REVOKED' },
            { id: kept.apiKey.id, state: 'ACTIVE' },
          ],
        },
      },
    });
    const active = { partner: { eq: partner }, state: { in: ['ACTIVE', 'EXPIRED'] } };
    expect(await hub.as(steward).ask(list, { filter: active })).toMatchObject({
      data: { apiKeys: { nodes: [{ id: kept.apiKey.id }] } },
    });
    expect(await hub.as(steward).ask(revoke, { id: revoked.apiKey.id })).toMatchObject({
      errors: [{ extensions: { code: 'CONFLICT' } }],
    });
  });

  it('are not those of another', async () => {
    const { apiKey } = await createKey();
    const other = { department: 'MARKET_REGULATION', role: 'steward' } as const;
    expect(
      await hub
        .as(other)
        .ask(
          'query ($id: ID!) { apiKey(id: $id) { id } keyUsage(key: $id, from: "2026-01-01", to: "2026-01-02") { day } apiKeys { totalCount } }',
          { id: apiKey.id },
        ),
    ).toEqual({ data: { apiKey: null, keyUsage: null, apiKeys: { totalCount: 0 } } });
    expect(await hub.as(other).ask(revoke, { id: apiKey.id })).toEqual({
      data: { revokeApiKey: null },
      errors: [
        {
          message: `API key "${apiKey.id}" does not exist.`,
          path: ['revokeApiKey'],
          extensions: { code: 'NOT_FOUND', id: apiKey.id, subgraph: 'control' },
        },
      ],
    });
  });

  it('are not those of another who asks the same at the same time', async () => {
    await createKey();
    const { adminUrl } = hub.database;
    const waiting = () =>
      askDatabase(
        adminUrl,
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
    const locking = postgres(adminUrl, { max: 1 });
    const { asked } = await locking.begin(async (sql) => {
      await sql`lock table hub.api_keys in access exclusive mode`;
      const departments = ['PROPAGANDA', 'FINANCE'] as const;
      const asked = departments.map((each) =>
        hub.as({ department: each, role: 'steward' }).ask('{ apiKeys { totalCount } }'),
      );
      await poll(async () => (await waiting()).length === 2 || undefined);
      return { asked };
    });
    await locking.end();
    const [own, other] = await Promise.all(asked);
    expect(other).toEqual({ data: { apiKeys: { totalCount: 0 } } });
    expect(own).not.toEqual(other);
  });

  const refusing = (path: string, message: string) => ({
    data: { [path]: null },
    errors: [{ message, path: [path], extensions: { code: 'FORBIDDEN', subgraph: 'control' } }],
  });

  /** The answer to a change that is not the caller's to make: nothing of the operation is carried out. */
  const forbidding = (mutation: string) => ({
    errors: [
      {
        message: `Only stewards of a department may ask for ${mutation}.`,
        extensions: {
          code: 'FORBIDDEN',
          coordinate: `Mutation.${mutation}`,
          messageZh: `${mutation} 仅限部门的以下角色:steward。`,
        },
      },
    ],
  });

  it.each(['editor', 'operator'] as const)('are no business of somebody who is %s', async (role) => {
    const caller = { department: 'PROPAGANDA', role: role } as const;
    expect(await hub.as(caller).ask('{ apiKeys { totalCount } }')).toEqual(
      refusing('apiKeys', `Only stewards and auditors of a department may do this, not the role ${role}.`),
    );
    expect(await hub.as(caller).ask(create, { input: input() })).toEqual(forbidding('createApiKey'));
  });

  it('are read by an auditor, and not managed', async () => {
    const { apiKey } = await createKey();
    const auditor = { department: 'PROPAGANDA', role: 'auditor' } as const;
    const one = 'query ($id: ID!) { apiKey(id: $id) { id } }';
    expect(await hub.as(auditor).ask(one, { id: apiKey.id })).toEqual({
      data: { apiKey: { id: apiKey.id } },
    });
    expect(await hub.as(auditor).ask(revoke, { id: apiKey.id })).toEqual(forbidding('revokeApiKey'));
  });

  it('are no business of somebody unknown', async () => {
    expect(await hub.ask('{ apiKeys { totalCount } }', {})).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('are no business of a partner', async () => {
    const { secret } = await createKey();
    for (const headers of [{ 'x-api-key': secret }, { authorization: `Bearer ${secret}` }]) {
      expect(await hub.ask('{ apiKeys { totalCount } }', {}, headers)).toMatchObject({
        errors: [{ message: 'Only departments may do this.', extensions: { code: 'FORBIDDEN' } }],
      });
    }
  });
});

it('says by day for which operations and fields a key was used, and when last', async () => {
  const { secret, apiKey } = await createKey();
  const key = { 'x-api-key': secret };
  for (let i = 0; i < 2; i++) await hub.ask('query Count { apiKeys { totalCount } }', {}, key);
  await hub.ask(
    '{ __typename again: __typename agreements { ...page } } fragment page on AgreementConnection { totalCount }',
    {},
    key,
  );
  await hub.ask('{ nonsense }', {}, key);

  const usage = await poll(async () => {
    const { data } = await hub.as(steward).ask(
      `query ($id: ID!, $day: Date!) { apiKey(id: $id) { lastUsedAt }
        keyUsage(key: $id, from: $day, to: $day) { day requests operations { name count } fields { name count } } }`,
      { id: apiKey.id, day: today() },
    );
    const days = data?.keyUsage as { requests: number }[] | undefined;
    const key = data?.apiKey as { lastUsedAt: string | null } | undefined;
    // It may be written in two turns, and between the reads of the two fields.
    return days?.[0]?.requests === 3 && key?.lastUsedAt ? data : undefined;
  });
  expect(usage).toEqual({
    apiKey: { lastUsedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    keyUsage: [
      {
        day: today(),
        requests: 3,
        operations: [
          { name: 'Count', count: 2 },
          { name: '(anonymous)', count: 1 },
        ],
        fields: [
          { name: 'ApiKeyConnection.totalCount', count: 2 },
          { name: 'Query.apiKeys', count: 2 },
          { name: 'AgreementConnection.totalCount', count: 1 },
          { name: 'Query.agreements', count: 1 },
        ],
      },
    ],
  });
});
