import { dirname } from 'node:path';
import type { AuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import { verifyChain } from '@wenshu/gateway/audit/verify.ts';
import type { Department, Role } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAnswer, createAudit, type TestAudit } from '../support/audit.ts';
import type { Headers } from '../support/callers.ts';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask as askDatabase } from '../support/sql.ts';

// Owners of data read the audit log. On 10c1293 these attacks succeeded: whoever owned one field of a record, were it for
// everybody, saw all of the record and found it by all of it; and cursors told where in the files the records stand.

const running = new AsyncDisposableStack();
let audit: TestAudit;
let log: AuditLog;
let hub: TestHub;

const purpose = '兑付核验';
/** Whom MARKET_REGULATION is about to inspect, and whose payouts it looks at under an agreement with PROPAGANDA. */
const target = 'ent-motie';
const payee = 'ent-bona-film';

const agreement = `
  insert into agreements (id, state, requester, owner, fields, purpose, basis, ends_on, ends_at, requested_by, due_on)
  values ('a-payouts', 'ACTIVE', 'MARKET_REGULATION', 'PROPAGANDA', '{Enterprise.payouts,Payout.id}', '${purpose}', '国令809',
    '2999-01-01', '2999-01-01', 'zhao', '2999-01-01')`;

beforeAll(async () => {
  audit = running.use(await createAudit());
  log = await audit.open();
  running.defer(() => log.close());
  hub = running.use(
    await startHub({
      keys: { auditFolder: dirname(audit.folder) },
      prepare: ({ urls }) => askDatabase(urls.hub, agreement),
      audit: log,
    }),
  );
  await raid();
});
afterAll(() => running.disposeAsync());

const as = (department: Department, query: string, role: Role = 'viewer', said: Headers = {}) =>
  hub.as({ department, role }).ask(query, {}, said);

const partner = { keyId: 'k7', partner: '文创数据公司', scopes: ['Enterprise'], enterpriseId: payee };

/** One question about a field of PROPAGANDA that is for everybody, one that is not, and an inspection that is to come. */
async function raid() {
  const query = `query Raid {
    regions(first: 1) { nodes { nameZh } }
    next: enterprise(id: "${target}") { inspections { totalCount } }
    paid: enterprise(id: "${payee}") { payouts { totalCount } }
  }`;
  const said = {
    'x-wenshu-purpose': encodeURIComponent(purpose),
    'x-wenshu-case': 'secret-117',
    'x-request-id': 'secret-request',
  };
  await poll(async () => {
    const { data, errors } = await as('MARKET_REGULATION', query, 'viewer', said);
    return errors ? undefined : data;
  });
}

const everything = `gateway sequence kind department user role partner keyId represents purpose caseNumber clientAddress
  requestId operationName operationHash decision errorCodes denied enterpriseIds inBulk hash text
  fields { coordinate class owner agreement }`;
const records = (args = 'first: 5') =>
  `{ auditRecords(${args}) { nodes { ${everything} } edges { cursor } pageInfo { hasNextPage endCursor } } }`;
type Trail = {
  nodes: Record<string, unknown>[];
  edges: { cursor: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
};
function trailIn({ data, errors }: Answer): Trail {
  expect(errors).toBeUndefined();
  return data?.auditRecords as Trail;
}

const shown = {
  gateway: 'g1',
  sequence: expect.any(Number),
  kind: 'ANSWER',
  department: 'MARKET_REGULATION',
  user: null,
  role: null,
  partner: null,
  keyId: null,
  represents: null,
  purpose,
  caseNumber: null,
  clientAddress: null,
  requestId: null,
  operationName: null,
  operationHash: null,
  decision: null,
  errorCodes: null,
  denied: null,
  enterpriseIds: [payee],
  inBulk: false,
  hash: null,
  text: null,
  fields: [
    { coordinate: 'Enterprise.payouts', class: 'CONDITIONAL', owner: 'PROPAGANDA', agreement: 'a-payouts' },
  ],
};

test('audit: an owner reads whom another department is about to inspect, by whom and in which case', async () => {
  const { nodes } = trailIn(await as('PROPAGANDA', records()));
  expect(nodes).toEqual([shown]);
});

test('audit: an owner of nothing but what is for everybody reads who asked what', async () => {
  const query = `query Whom { regions(first: 1) { nodes { nameZh } } enterprise(id: "${target}") { inspections { totalCount } } }`;
  await as('MARKET_REGULATION', query);
  expect(trailIn(await as('PROPAGANDA', records('filter: { department: MARKET_REGULATION }'))).nodes).toEqual(
    [shown],
  );
});

test.each([
  'caller: "USER"',
  'owner: MARKET_REGULATION',
  'field: "Enterprise.inspections"',
  'field: "Region.nameZh"',
  'field: "Region"',
  'decision: ANSWERED',
  'decision: PARTIAL',
])('audit: a filter by { %s } reveals to an owner what it does not see', async (filter) => {
  const { nodes: all } = trailIn(
    await as('STATISTICS', records('filter: { field: "Enterprise.payouts" }'), 'auditor'),
  );
  const user = String(all[0]?.user);
  expect(user).not.toBe('null');
  const asked = records(`filter: { ${filter.replace('USER', user)}, department: MARKET_REGULATION }`);
  expect(trailIn(await as('PROPAGANDA', asked)).nodes).toEqual([]);
});

test('audit: a filter by what an owner sees finds it', async () => {
  const filter =
    'filter: { field: "Enterprise.payouts", owner: PROPAGANDA, kind: ANSWER, department: MARKET_REGULATION }';
  expect(trailIn(await as('PROPAGANDA', records(filter))).nodes).toEqual([shown]);
});

test('audit: a cursor reveals to an owner the place and size of records that it does not see', async () => {
  const { edges, pageInfo } = trailIn(await as('PROPAGANDA', records('first: 1')));
  const cursors = [...edges.map(({ cursor }) => cursor), pageInfo.endCursor];
  expect(cursors).toHaveLength(2);
  for (const cursor of cursors) {
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('g1"');
    expect(cursor).toHaveLength(cursors[0]?.length ?? 0);
  }
  const forged = Buffer.from(JSON.stringify([['g1', [1, 400]]])).toString('base64url');
  expect(await as('PROPAGANDA', records(`after: "${forged}"`))).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }],
  });
});

const accessLog = (id: string) =>
  `{ enterprise(id: "${id}") { accessLog { nodes { department user purpose caseNumber inBulk fields { coordinate } } } } }`;
const accessesIn = ({ data, errors }: Answer) => {
  expect(errors).toBeUndefined();
  return (data as { enterprise: { accessLog: { nodes: object[] } } }).enterprise.accessLog.nodes;
};
const payoutsOnly = {
  department: 'MARKET_REGULATION',
  user: null,
  purpose,
  caseNumber: null,
  inBulk: false,
  fields: [{ coordinate: 'Enterprise.payouts' }],
};

test('audit: the access log of an enterprise reveals to an owner that another department looked at it', async () => {
  expect(accessesIn(await as('PROPAGANDA', accessLog(target)))).toEqual([]);
  expect(accessesIn(await as('PROPAGANDA', accessLog(payee)))).toEqual([payoutsOnly]);
});

test('audit: the access log reveals to a partner what was read of other enterprises', async () => {
  const seen = accessesIn(await hub.as(partner).ask(accessLog(payee)));
  expect(seen).toEqual([payoutsOnly]);
});

test('audit: who asked sees all of it, and so do auditors', async () => {
  const asked = records('first: 1, filter: { field: "Enterprise.payouts" }');
  const whole = {
    caseNumber: 'secret-117',
    requestId: 'secret-request',
    operationName: 'Raid',
    decision: 'ANSWERED',
    enterpriseIds: expect.arrayContaining([target, payee]),
    text: expect.stringContaining('secret-117'),
  };
  for (const [department, role] of [
    ['MARKET_REGULATION', 'viewer'],
    ['TAXATION', 'auditor'],
  ] as const) {
    expect(trailIn(await as(department, asked, role)).nodes).toMatchObject([whole]);
  }
});

test('audit: a list that a field of its owner led to names its enterprises to that owner alone', async () => {
  await as(
    'CULTURE_TOURISM',
    '{ parks(first: 20) { nodes { enterprises(first: 2) { nodes { nameZh inspections { totalCount } } } } } }',
  );
  const [newest] = (await audit.records()).slice(-1);
  const tie = { ...newest } as { enterprises?: unknown; enterprisesOf?: unknown };
  // Inspections were denied to it: only the list of the park tells.
  expect(tie.enterprises).toEqual(expect.arrayContaining([expect.any(String)]));
  expect(tie.enterprisesOf).toEqual({ CULTURE_TOURISM: tie.enterprises });
});

test('audit: a record without the owners of its data names no enterprise to an owner', async () => {
  const fields = [
    { coordinate: 'Enterprise.payouts', class: 'CONDITIONAL', owner: 'STATISTICS', agreement: 'a1' },
    { coordinate: 'Enterprise.inspections', class: 'CONDITIONAL', owner: 'MARKET_REGULATION' },
  ] as const;
  await log.append(anAnswer({ fields, enterprises: [target], purpose }));
  expect(trailIn(await as('STATISTICS', records('filter: { owner: STATISTICS }'))).nodes).toMatchObject([
    {
      enterpriseIds: null,
      inBulk: false,
      fields: [{ coordinate: 'Enterprise.payouts' }],
      purpose,
      user: null,
    },
  ]);
  expect(accessesIn(await as('STATISTICS', accessLog(target)))).toEqual([]);
  expect(await verifyChain(audit.folder)).toMatchObject({ isSound: true });
});
