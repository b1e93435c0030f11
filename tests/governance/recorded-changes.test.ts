import { AuditUnavailable } from '@wenshu/gateway/audit/group-commit.ts';
import { dayOf } from '@wenshu/kit/today.ts';
import { expect, it } from 'vitest';
import { aLog, createAudit } from '../support/audit.ts';
import { steward } from '../support/callers.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as askDatabase } from '../support/sql.ts';

const owner = { department: 'CULTURE_TOURISM', role: 'steward' } as const;
const inDays = (days: number) => Date.now() + days * 24 * 3_600_000;

const create =
  'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }';
const input = {
  partner: '文创数据公司',
  contact: 'zhang@example.com',
  scopes: ['Park', 'Policy.nameZh'],
  expiresAt: new Date(inDays(30)).toISOString(),
};

const request = 'mutation ($input: RequestAgreementInput!) { requestAgreement(input: $input) { id } }';
const asked = {
  fields: ['Park.enterprises'],
  purpose: '园区党建覆盖',
  basis: '政务数据共享条例',
  endsOn: dayOf(inDays(30)),
};

/** Makes a key, then an agreement, and ends both; resolves to their ids. */
async function makeAndEnd(hub: TestHub) {
  const ask = async (who: typeof steward, query: string, variables = {}) => {
    const { data, errors } = await hub.as(who).ask(query, variables);
    expect(errors).toBeUndefined();
    return data as never;
  };
  const { createApiKey } = (await ask(steward, create, { input })) as {
    createApiKey: { secret: string; apiKey: { id: string } };
  };
  const {
    secret,
    apiKey: { id: key },
  } = createApiKey;
  const { rotateApiKey } = (await ask(
    steward,
    `mutation { rotateApiKey(id: "${key}") { apiKey { id } } }`,
  )) as {
    rotateApiKey: { apiKey: { id: string } };
  };
  await ask(steward, `mutation { revokeApiKey(id: "${key}", reason: "遗失") { id } }`);
  const { requestAgreement } = (await ask(steward, request, { input: asked })) as {
    requestAgreement: [{ id: string }];
  };
  const [{ id: agreement }] = requestAgreement;
  await ask(owner, `mutation { extendAgreement(id: "${agreement}", reason: "核对") { id } }`);
  await ask(owner, `mutation { approveAgreement(id: "${agreement}") { id } }`);
  await ask(owner, `mutation { revokeAgreement(id: "${agreement}", reason: "用途已尽") { id } }`);
  return { secret, key, next: rotateApiKey.apiKey.id, agreement };
}

it('puts each change of a key and an agreement on record, with who made it, and no secret', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  const { secret, key, next, agreement } = await (async () => {
    await using hub = await startHub({ graph: 'control plane', keys: true, audit: log });
    return await makeAndEnd(hub);
  })();
  await log.close();

  const records = await audit.records();
  const changes = records.filter(({ kind }) => kind === 'key' || kind === 'agreement');
  const by = (user: string, department: string) => ({ user, department, role: 'steward' });
  const manager = by('propaganda-steward', 'PROPAGANDA');
  const decider = by('culture_tourism-steward', 'CULTURE_TOURISM');
  expect(changes).toMatchObject([
    {
      kind: 'key',
      action: 'create',
      subject: key,
      caller: manager,
      details: {
        partner: '文创数据公司',
        environment: 'LIVE',
        scopes: 'Park Policy.nameZh',
        rotatedFrom: null,
      },
    },
    { kind: 'key', action: 'rotate', subject: next, caller: manager, details: { rotatedFrom: key } },
    { kind: 'key', action: 'revoke', subject: key, caller: manager, details: { revokedReason: '遗失' } },
    {
      kind: 'agreement',
      action: 'request',
      subject: agreement,
      caller: manager,
      details: { state: 'REQUESTED', fields: 'Park.enterprises', purpose: '园区党建覆盖', reason: null },
    },
    { action: 'extend', subject: agreement, caller: decider, details: { reason: '核对' } },
    { action: 'approve', subject: agreement, caller: decider, details: { state: 'ACTIVE' } },
    {
      action: 'revoke',
      subject: agreement,
      caller: decider,
      details: { state: 'REVOKED', reason: '用途已尽' },
    },
  ]);
  expect(changes).toHaveLength(7);
  expect(JSON.stringify(records)).not.toContain(secret.slice(-20));
});

it('changes nothing that cannot be put on record', async () => {
  const full = aLog({ append: () => Promise.reject(new AuditUnavailable('no space left on the disk')) });
  await using hub = await startHub({ graph: 'control plane', keys: true, audit: full });
  expect(await hub.as(steward).ask(create, { input })).toEqual({
    data: { createApiKey: null },
    errors: [
      {
        message: 'Nothing was changed, because the audit log cannot record the change now. Try again later.',
        path: ['createApiKey'],
        extensions: { code: 'AUDIT_UNAVAILABLE', subgraph: 'control' },
      },
    ],
  });
  expect(await askDatabase(hub.database.urls.hub, 'select count(*)::int from api_keys')).toEqual([
    { count: 0 },
  ]);
});
