import { dirname } from 'node:path';
import { today } from '@wenshu/kit/today.ts';
import type { Department, Role } from '@wenshu/schema/caller.ts';
import { addWorkingDays, standardCalendar } from '@wenshu/schema/working-days.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAudit, type TestAudit } from '../support/audit.ts';
import type { Issued } from '../support/callers.ts';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask as sql } from '../support/sql.ts';

// On 10c1293 any steward made himself a key to any enterprise, which showed all at once.

const running = new AsyncDisposableStack();
let hub: TestHub;
let audit: TestAudit;

/** An enterprise in 110105 (朝阳区), and what three departments keep of it. */
const enterpriseId = 'ent-gaea';
const supervision = `
  insert into inspections (id, enterprise_id, method, inspected_on, result)
    values ('i1', '${enterpriseId}', 'COMPLAINT', '2024-03-02', 'SUSPECTED')`;
const support = `
  insert into payouts (id, policy_id, enterprise_id, region_code, stage, amount, paid_on)
    values ('pay-1', 'pol-ls-exempt-apply', '${enterpriseId}', '110105', 'PAID', 200, '2026-06-30')`;

beforeAll(async () => {
  audit = running.use(await createAudit());
  const log = await audit.open();
  running.defer(() => log.close());
  hub = running.use(
    await startHub({
      audit: log,
      keys: { auditFolder: dirname(audit.folder) },
      prepare: ({ urls }) =>
        Promise.all([
          sql(urls.enterprises, `update enterprises set region_code = '110105' where id = '${enterpriseId}'`),
          sql(urls.enterprises, supervision),
          sql(urls.policies, support),
        ]),
    }),
  );
});
afterAll(() => running.disposeAsync());

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000).toISOString();
const consent = { by: '李某', on: '2026-01-05', document: '授权书 1 号' };
const terms = (more: object = {}) => ({
  partner: '文创数据公司',
  contact: 'zhang@example.com',
  scopes: ['Enterprise'],
  enterpriseId,
  consent,
  expiresAt: inDays(90),
  ...more,
});
const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  secret apiKey { id state regions approvals { id owner requester state dueOn endsOn } } } }`;
type Approval = { id: string; owner: Department; endsOn: string };
type Made = Issued & { apiKey: { id: string; state: string; regions: string[]; approvals: Approval[] } };

const as = async (department: Department, role: Role, query: string, variables = {}, region?: string) =>
  hub.as({ department, role, region }).ask(query, variables);
const asSteward = (department: Department, query: string, variables = {}, region?: string) =>
  as(department, 'steward', query, variables, region);

async function make(more: object = {}, department: Department = 'FINANCE', region?: string): Promise<Made> {
  const { data, errors } = await asSteward(department, create, { input: terms(more) }, region);
  expect(errors).toBeUndefined();
  return data?.createApiKey as Made;
}
const act = (action: string, { owner, id }: Approval, region?: string) => {
  const reason = action === 'approve' ? '' : ', reason: "理由"';
  const query = `mutation ($id: ID!) { done: ${action}Agreement(id: $id${reason}) { state } }`;
  return asSteward(owner, query, { id }, region);
};
const approve = async ({ apiKey }: Made, but?: Department) => {
  for (const each of apiKey.approvals) {
    if (each.owner !== but) expect((await act('approve', each)).errors).toBeUndefined();
  }
};
const approvalOf = ({ apiKey }: Made, owner: Department) =>
  apiKey.approvals.find((each) => each.owner === owner) as Approval;

const whole = `{ enterprise(id: "${enterpriseId}") { nameZh inspections { totalCount } payouts { totalCount } } }`;
const shown = { enterprise: { inspections: { totalCount: 1 }, payouts: { totalCount: 1 } } };
const ask = ({ secret }: Pick<Made, 'secret'>, query = whole) => hub.as({ secret }).ask(query);
const codesOf = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);
const refusedWith = (message: string, details: object) => ({
  errors: [{ message, extensions: { code: 'FORBIDDEN', ...details } }],
});

describe('keys for an enterprise: one that its maker alone wants', () => {
  test('shows nothing until each department has approved whose data it opens', async () => {
    const key = await make();
    expect(key.apiKey.state).toBe('PENDING');
    const owners = ['CULTURE_TOURISM', 'MARKET_REGULATION', 'PROPAGANDA'];
    const dueOn = addWorkingDays(today(), 10, standardCalendar);
    expect(key.apiKey.approvals).toMatchObject(
      owners.map((owner) => ({ owner, requester: 'FINANCE', state: 'REQUESTED', dueOn })),
    );
    const { id } = key.apiKey;
    expect(await ask(key)).toEqual(
      refusedWith(
        `API key "${id}" waits for the approval of 文旅局、市场监管局、宣传部. Ask 财政局, which made it.`,
        {
          waitingFor: owners,
          refusedBy: [],
          messageZh: `密钥“${id}”尚待文旅局、市场监管局、宣传部同意。请联系发放部门财政局。`,
        },
      ),
    );
    await approve(key, 'MARKET_REGULATION');
    for (const query of [whole, '{ __typename }', '{ parks { totalCount } }']) {
      expect((await ask(key, query)).errors?.[0]?.message).toContain('waits for the approval of 市场监管局.');
    }
    await act('approve', approvalOf(key, 'MARKET_REGULATION'));
    expect(await ask(key)).toMatchObject({ data: shown });
  });

  test('is approved by no other department, by nobody who is no steward, and by its maker for none but his own', async () => {
    const key = await make({}, 'PROPAGANDA');
    expect(key.apiKey.approvals.map(({ owner }) => owner)).toEqual(['CULTURE_TOURISM', 'MARKET_REGULATION']);
    const approval = approvalOf(key, 'MARKET_REGULATION');
    for (const other of ['PROPAGANDA', 'FINANCE'] as const) {
      const { errors } = await act('approve', { ...approval, owner: other });
      expect(['FORBIDDEN', 'NOT_FOUND']).toContain(errors?.[0]?.extensions.code);
    }
    const query = `mutation { approveAgreement(id: "${approval.id}") { state } }`;
    for (const role of ['viewer', 'editor', 'analyst', 'auditor', 'operator'] as const) {
      expect(codesOf(await as('MARKET_REGULATION', role, query))).toEqual(['FORBIDDEN']);
    }
    expect((await ask(key)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test.each(['refuse', 'revoke'])(
    'shows nothing more at once when a department says no: %s',
    async (action) => {
      const key = await make();
      const no = approvalOf(key, 'MARKET_REGULATION');
      await approve(key, action === 'refuse' ? 'MARKET_REGULATION' : undefined);
      if (action === 'revoke') expect(await ask(key)).toMatchObject({ data: shown });
      expect((await act(action, no)).errors).toBeUndefined();
      expect(await ask(key)).toMatchObject({
        errors: [{ extensions: { code: 'FORBIDDEN', waitingFor: [], refusedBy: ['MARKET_REGULATION'] } }],
      });
      const { data } = await asSteward('FINANCE', `{ apiKey(id: "${key.apiKey.id}") { state } }`);
      expect(data).toEqual({ apiKey: { state: 'UNAPPROVED' } });
      const list = '{ apiKeys(filter: {state: {eq: UNAPPROVED}}) { nodes { id } } }';
      const listed = (await asSteward('FINANCE', list)).data?.apiKeys as { nodes: { id: string }[] };
      expect(listed.nodes).toContainEqual({ id: key.apiKey.id });
      expect(codesOf(await act('approve', no))).toEqual(['CONFLICT']);
    },
  );

  test('opens nothing to the department that made it, for whatever purpose it states', async () => {
    const key = await make();
    await approve(key);
    const { id } = approvalOf(key, 'MARKET_REGULATION');
    const { data } = await asSteward(
      'FINANCE',
      `{ agreement(id: "${id}") { purpose keyId enterpriseId fields } }`,
    );
    expect(data?.agreement).toEqual({
      keyId: key.apiKey.id,
      enterpriseId,
      purpose: `文创数据公司 查看企业 ${enterpriseId}`,
      fields: expect.arrayContaining(['Enterprise.inspections', 'Finding.id']),
    });
    const headers = {
      ...(await hub.as('FINANCE').headers()),
      'x-wenshu-purpose': encodeURIComponent(`文创数据公司 查看企业 ${enterpriseId}`),
    };
    expect(codesOf(await hub.ask(whole, {}, headers))).toContain('NOT_SHARED');
  });

  test('keeps its approvals when it is replaced, and not for longer', async () => {
    const old = await make();
    const rotate = (expiresAt: string) =>
      asSteward(
        'FINANCE',
        'mutation ($id: ID!, $at: DateTime!) { rotateApiKey(id: $id, expiresAt: $at) { secret apiKey { id state } } }',
        { id: old.apiKey.id, at: expiresAt },
      );
    expect(await rotate(inDays(200))).toMatchObject({
      errors: [
        {
          message: `The approvals of this key end on ${old.apiKey.approvals[0]?.endsOn}. For a longer time, make a new key, which the departments must approve.`,
          extensions: { code: 'BAD_USER_INPUT', argument: 'expiresAt' },
        },
      ],
    });
    const { data } = await rotate(inDays(80));
    const next = data?.rotateApiKey as Made;
    expect(next.apiKey.state).toBe('PENDING');
    await approve(old);
    for (const key of [old, next]) expect(await ask(key)).toMatchObject({ data: shown });
    await act('revoke', approvalOf(old, 'CULTURE_TOURISM'));
    for (const key of [old, next]) expect(codesOf(await ask(key))).toEqual(['FORBIDDEN']);
  });

  test('is asked about no longer when it is revoked, unless another replaces it', async () => {
    const old = await make();
    const { data } = await asSteward(
      'FINANCE',
      `mutation { rotateApiKey(id: "${old.apiKey.id}") { apiKey { id } } }`,
    );
    const next = data?.rotateApiKey as Issued;
    const revoke = async (id: string) => {
      const query = `mutation { revokeApiKey(id: "${id}", reason: "不再合作") { approvals { state history { action by reason } } } }`;
      const answer = await asSteward('FINANCE', query);
      return (answer.data?.revokeApiKey as { approvals: unknown[] } | undefined)?.approvals[0];
    };
    expect(await revoke(old.apiKey.id)).toMatchObject({ state: 'REQUESTED' });
    expect(await revoke(next.apiKey.id)).toEqual({
      state: 'REVOKED',
      history: [
        { action: 'REQUEST', by: 'finance-steward', reason: null },
        { action: 'REVOKE', by: 'finance-steward', reason: '不再合作' },
      ],
    });
    const approval = approvalOf(old, 'MARKET_REGULATION');
    expect(codesOf(await act('approve', approval))).toEqual(['CONFLICT']);
  });

  test('shows nothing where it is older than approvals', async () => {
    const key = await make();
    await approve(key);
    await sql(hub.database.urls.hub, `update api_keys set approvals_of = null where id = '${key.apiKey.id}'`);
    const told = await poll(async () => {
      const answer = await ask(key);
      return answer.errors ? answer : undefined;
    });
    expect(told.errors?.[0]?.message).toContain('was made before departments had to approve such keys.');
  });

  // On e0e9d28 an approval opened all that a department keeps of the enterprise, fields that came later included.
  test('shows no field that came into the graph after it was approved', async () => {
    const key = await make();
    await approve(key);
    const own = await make({}, 'MARKET_REGULATION');
    await approve(own);
    expect(await ask(key)).toMatchObject({ data: shown });
    // As if departments had been asked, and the second key made, when inspections were not in the graph.
    const without = async (table: string, column: string, where: string) => {
      const fields = `array(select each from unnest(${column}) each where each !~ '^Enterprise[.]inspections$|^Inspection')`;
      await sql(hub.database.urls.hub, `update ${table} set ${column} = ${fields} where ${where}`);
    };
    await without('agreements', 'fields', `id = '${approvalOf(key, 'MARKET_REGULATION').id}'`);
    await without('api_keys', 'own_fields', `id = '${own.apiKey.id}'`);
    for (const [each, maker] of [
      [key, '财政局'],
      [own, '市场监管局'],
    ] as const) {
      const told = await poll(async () => {
        const answer = await ask(each);
        return answer.errors ? answer : undefined;
      });
      expect(told).toMatchObject({
        data: { enterprise: { nameZh: expect.any(String), inspections: null, payouts: { totalCount: 1 } } },
        errors: [
          {
            path: ['enterprise', 'inspections'],
            message: `Enterprise.inspections is not open to partners, and 市场监管局 has not approved it for your key. Ask ${maker}, which made it, for a new key.`,
            extensions: { code: 'NOT_SHARED', coordinate: 'Enterprise.inspections' },
          },
        ],
      });
      const back = `{ payouts { nodes { enterprise { inspections { totalCount } } } } inspections { totalCount } }`;
      expect((await ask(each, back)).data).toMatchObject({ inspections: null });
    }
    const state = '{ apiKey(id: "ID") { state notAsked ownFields approvals { owner fields } } }';
    const { data } = await asSteward('FINANCE', state.replace('ID', key.apiKey.id));
    expect(data?.apiKey).toMatchObject({
      state: 'ACTIVE',
      ownFields: [],
      notAsked: expect.arrayContaining(['Enterprise.inspections', 'Inspection.id']),
      approvals: [{ owner: 'CULTURE_TOURISM' }, { owner: 'MARKET_REGULATION' }, { owner: 'PROPAGANDA' }],
    });
    // A new key is what they are asked about anew.
    const next = await make();
    await approve(next);
    expect(await ask(next)).toMatchObject({ data: shown });
    const anew = await asSteward('FINANCE', state.replace('ID', next.apiKey.id));
    expect(anew.data?.apiKey).toMatchObject({ notAsked: [] });
  });

  test('is for an enterprise that there is', async () => {
    const input = terms({ enterpriseId: 'ent-of-nobody' });
    expect(await asSteward('FINANCE', create, { input })).toMatchObject({
      errors: [
        { message: 'There is no enterprise "ent-of-nobody".', extensions: { code: 'BAD_USER_INPUT' } },
      ],
    });
  });
});

describe('keys for an enterprise: who is responsible for a region', () => {
  test('makes none for an enterprise elsewhere, nor for other regions', async () => {
    for (const [region, more] of [
      ['370212', {}],
      ['370212', { regions: ['110105'] }],
      ['110105', { regions: ['110000'] }],
      ['110105', { regions: ['110105', '370212'] }],
    ] as const) {
      const answer = await asSteward('FINANCE', create, { input: terms(more) }, region);
      expect([region, more, codesOf(answer)]).toEqual([region, more, ['FORBIDDEN']]);
    }
  });

  test('makes keys of his region where he names none', async () => {
    expect((await make({}, 'FINANCE', '110105')).apiKey.regions).toEqual(['110105']);
    expect((await make({}, 'FINANCE', '110000')).apiKey.regions).toEqual(['110000']);
    const open = await make({ enterpriseId: null, consent: null }, 'FINANCE', '370212');
    expect(open.apiKey.regions).toEqual(['370212']);
    const elsewhere = `{ enterprise(id: "${enterpriseId}") { nameZh } }`;
    expect(await ask(open, elsewhere)).toEqual({ data: { enterprise: null } });
  });

  // On e0e9d28 the regions of a key did not bind what it read of its own enterprise.
  test('makes no key for an enterprise outside of the regions of the key', async () => {
    const input = terms({ regions: ['370212', '110116'] });
    expect(await asSteward('FINANCE', create, { input })).toEqual({
      data: { createApiKey: null },
      errors: [
        {
          path: ['createApiKey'],
          message: `Enterprise "${enterpriseId}" lies in region 110105, outside of the regions of the key, so the key would show nothing of it. Add its region, or give no regions.`,
          extensions: {
            code: 'BAD_USER_INPUT',
            argument: 'input.regions',
            subgraph: 'control',
            messageZh: `企业“${enterpriseId}”位于地区 110105,不在该密钥的地区之内,该密钥将看不到其数据。请加上其所在地区,或不限地区。`,
          },
        },
      ],
    });
  });

  test('shows nothing of an enterprise that has moved out of the regions of its key', async () => {
    const [bound, free] = [await make({ regions: ['110000'] }), await make()];
    for (const key of [bound, free]) {
      await approve(key);
      expect(await ask(key)).toMatchObject({ data: shown });
    }
    const moveTo = (region: string) =>
      sql(
        hub.database.urls.enterprises,
        `update enterprises set region_code = '${region}' where id = '${enterpriseId}'`,
      );
    await moveTo('370212');
    try {
      expect(await ask(free)).toMatchObject({ data: shown });
      expect(await ask(bound)).toEqual({ data: { enterprise: null } });
    } finally {
      await moveTo('110105');
    }
    expect(await ask(bound)).toMatchObject({ data: shown });
  });

  test('approves none for an enterprise elsewhere', async () => {
    const key = await make();
    const approval = approvalOf(key, 'MARKET_REGULATION');
    for (const action of ['approve', 'refuse', 'extend']) {
      expect(codesOf(await act(action, approval, '370212'))).toEqual(['FORBIDDEN']);
    }
    expect(await act('approve', approval, '110000')).toEqual({ data: { done: { state: 'ACTIVE' } } });
    expect(codesOf(await act('revoke', approval, '370212'))).toEqual(['FORBIDDEN']);
  });
});

test('costs of a key: no steward allows more than the operator lets him', async () => {
  for (const [name, most] of [
    ['costPerMinute', 100_000],
    ['costPerDay', 5_000_000],
  ] as const) {
    const input = { ...terms({ enterpriseId: null, consent: null }), [name]: most + 1 };
    expect(await asSteward('FINANCE', create, { input })).toMatchObject({
      errors: [
        {
          message: `"${name}" must be at most ${most} here, not ${most + 1}.`,
          extensions: { code: 'BAD_USER_INPUT', argument: `input.${name}` },
        },
      ],
    });
  }
  // One that was made before is held to it, too.
  const key = await make({ enterpriseId: null, consent: null });
  await sql(
    hub.database.urls.hub,
    `update api_keys set cost_per_minute = 900000 where id = '${key.apiKey.id}'`,
  );
  await poll(async () => {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', 'x-api-key': key.secret },
      body: '{"query":"{ parks(first: 1) { totalCount } }"}',
    });
    await response.text();
    return response.headers.get('ratelimit-policy')?.includes('"minute";q=100000;') || undefined;
  });
});

test('uses of a key are on record with the department on whose behalf it was made, and with the approvals', async () => {
  const key = await make();
  await approve(key);
  await ask(key, `query Own ${whole}`);
  const byKey = await poll(async () => {
    const records = await audit.records();
    const found = records.filter(
      (each) =>
        each.kind === 'answer' && each.operation?.name === 'Own' && each.caller && 'keyId' in each.caller,
    );
    return found.length > 0 ? found : undefined;
  });
  const agreements = ['CULTURE_TOURISM', 'MARKET_REGULATION', 'PROPAGANDA'].map(
    (owner) => approvalOf(key, owner as Department).id,
  );
  expect(byKey).toMatchObject([
    { caller: { keyId: key.apiKey.id, keyMadeBy: 'FINANCE', keyApprovals: agreements } },
  ]);
  const query = `{ auditRecords(filter: {caller: "${key.apiKey.id}"}) { nodes { kind keyMadeBy keyApprovals } } }`;
  expect(await as('FINANCE', 'viewer', query)).toEqual({
    data: { auditRecords: { nodes: [{ kind: 'ANSWER', keyMadeBy: 'FINANCE', keyApprovals: agreements }] } },
  });
  const changes = (await audit.records()).filter(
    (each) =>
      each.kind === 'agreement' &&
      each.details.keyId === key.apiKey.id &&
      each.details.owner === 'PROPAGANDA',
  );
  expect(changes).toMatchObject([
    { action: 'request', caller: { department: 'FINANCE' } },
    { action: 'approve', caller: { department: 'PROPAGANDA', role: 'steward' } },
  ]);
  const { data } = await asSteward(
    'PROPAGANDA',
    `{ agreement(id: "${approvalOf(key, 'PROPAGANDA').id}") { history { action department by reason } } }`,
  );
  expect(data).toEqual({
    agreement: {
      history: [
        { action: 'REQUEST', department: 'FINANCE', by: 'finance-steward', reason: null },
        { action: 'APPROVE', department: 'PROPAGANDA', by: 'propaganda-steward', reason: null },
      ],
    },
  });
});
