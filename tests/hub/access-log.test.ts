import { dirname } from 'node:path';
import type { AuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import type { AuditRecord } from '@wenshu/gateway/audit/record.ts';
import type { Department, PartnerCaller, Role } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAnswer, createAudit, type TestAudit } from '../support/audit.ts';
import type { Headers } from '../support/callers.ts';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask as askDatabase } from '../support/sql.ts';
import { unlimited } from '../support/unlimited.ts';

const running = new AsyncDisposableStack();
let audit: TestAudit;
let log: AuditLog;
let hub: TestHub;
let ids: readonly string[];

beforeAll(async () => {
  audit = running.use(await createAudit());
  log = await audit.open();
  running.defer(() => log.close());
  hub = running.use(
    await startHub({
      keys: { auditFolder: dirname(audit.folder) },
      prepare: ({ urls }) => askDatabase(urls.enterprises, oneHundredMore),
      audit: log,
      admission: { queryLimits: unlimited },
    }),
  );
  const { data } = await as('FINANCE', '{ enterprises(first: 150) { nodes { id } } }');
  ids = (data as { enterprises: { nodes: { id: string }[] } }).enterprises.nodes.map(({ id }) => id);
});
afterAll(() => running.disposeAsync());

/** The dataset has fewer enterprises than a record names. */
const oneHundredMore = `
  insert into enterprises (id, name_zh, name_en, kind, region_code, region_basis)
  select 'ent-zz-' || n, name_zh, name_en, kind, region_code, region_basis
  from enterprises, generate_series(101, 200) n where id = 'ent-motie'`;

const as = (department: Department, query: string, role: Role = 'viewer', said: Headers = {}) =>
  hub.as({ department, role }).ask(query, {}, said);

const asPartner = (enterpriseId: string, query: string) =>
  asPartnerWith({ scopes: ['Enterprise'], enterpriseId }, query);

const asPartnerWith = (terms: Partial<PartnerCaller>, query: string): Promise<Answer> =>
  hub.as({ partner: '文创数据公司', ...terms }).ask(query);

const inspectionsOf = (id: string) => `{ enterprise(id: "${id}") { inspections { totalCount } } }`;
const access = 'department partner user purpose caseNumber inBulk kind fields { coordinate class owner }';
const logOf = (id: string, selection = access) =>
  `{ enterprise(id: "${id}") { accessLog(first: 3) { nodes { ${selection} } pageInfo { hasNextPage } } } }`;
const accesses = (nodes: object[], hasNextPage = false) => ({
  data: { enterprise: { accessLog: { nodes, pageInfo: { hasNextPage } } } },
});
const accessesIn = ({ data }: Answer) =>
  (data as { enterprise: { accessLog: { nodes: { inBulk: boolean }[] } } }).enterprise.accessLog.nodes;
const inspections = [
  { coordinate: 'Enterprise.inspections', class: 'CONDITIONAL', owner: 'MARKET_REGULATION' },
];
const byOwner = {
  department: 'MARKET_REGULATION',
  partner: null,
  user: expect.any(String),
  purpose: '复查',
  caseNumber: '2026-117',
  inBulk: false,
  kind: 'ANSWER',
  fields: inspections,
};
const purposeOfUse = { 'x-wenshu-purpose': encodeURIComponent('复查'), 'x-wenshu-case': '2026-117' };

/** Returns the record of the last answer with data that are not for everybody. */
async function lastShared() {
  const isShared = (record: AuditRecord) =>
    'fields' in record && record.fields.some((access) => access.class !== 'UNCONDITIONAL');
  return (await audit.records()).findLast(isShared) as AuditRecord & { enterprises?: unknown };
}

describe('a record', () => {
  it('names the enterprise, also where its id is not asked for', async () => {
    await as('MARKET_REGULATION', inspectionsOf(ids[0] ?? ''));
    expect((await lastShared()).enterprises).toEqual([ids[0]]);
    const { errors } = await as(
      'MARKET_REGULATION',
      `{ enterprises(first: 2) { nodes { kind: nameZh id: inspections { totalCount } } } }`,
    );
    expect(errors).toBeUndefined();
    expect((await lastShared()).enterprises).toEqual(ids.slice(0, 2));
  });

  it.each([
    ['more than 100', '{ enterprises(first: 101) { nodes { inspections { totalCount } } } }'],
    [
      'those that a condition picks',
      '{ enterprises(filter: { inspectedOn: { isNull: true } }, first: 1) { nodes { id } } }',
    ],
    ['a mere count of those', '{ enterprises(filter: { inspectedOn: { isNull: true } }) { totalCount } }'],
  ])('says of %s that it was in bulk', async (_, query) => {
    const { errors } = await as('MARKET_REGULATION', query);
    expect(errors).toBeUndefined();
    expect((await lastShared()).enterprises).toBeNull();
  });

  it('names none where all that is read is for everybody, or is withheld', async () => {
    await as('MARKET_REGULATION', `{ enterprise(id: "${ids[0]}") { id nameZh } }`);
    await as('FINANCE', inspectionsOf(ids[0] ?? ''));
    await log.append(anAnswer());
    const [open, withheld] = (await audit.records()).slice(-3);
    expect(open).not.toHaveProperty('enterprises');
    expect(withheld).toMatchObject({ decision: 'denied' });
    expect(withheld).not.toHaveProperty('enterprises');
  });

  it('of an export says that it was in bulk', async () => {
    const analyst = await hub.as({ department: 'MARKET_REGULATION', role: 'analyst' }).headers();
    const response = await fetch(`${hub.url}/export`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', ...analyst },
      body: JSON.stringify({ query: '{ inspections { nodes { id inspectedOn } } }', format: 'ndjson' }),
    });
    expect(response.status).toBe(200);
    await response.text();
    expect(await lastShared()).toMatchObject({ kind: 'export', enterprises: null });
  });
});

describe('accessLog', () => {
  it('shows who saw what to the owner and to auditors, and to a department that has no part in it nothing', async () => {
    const id = ids[110] ?? '';
    await as('MARKET_REGULATION', inspectionsOf(id), 'viewer', purposeOfUse);
    const named = (answer: Answer) => accessesIn(answer).filter(({ inBulk }) => !inBulk);
    expect(named(await as('MARKET_REGULATION', logOf(id)))).toEqual([byOwner]);
    expect(named(await as('TAXATION', logOf(id), 'auditor'))).toEqual([byOwner]);
    expect(await as('TAXATION', logOf(id))).toEqual(accesses([]));
  });

  it('shows a partner the records of its own enterprise only, without users and case numbers', async () => {
    const id = ids[111] ?? '';
    await as('MARKET_REGULATION', inspectionsOf(id), 'viewer', purposeOfUse);
    const seen = await asPartner(
      id,
      `{ enterprise(id: "${id}") { accessLog(first: 1) { nodes { ${access} } } } }`,
    );
    expect(seen).toEqual({
      data: { enterprise: { accessLog: { nodes: [{ ...byOwner, user: null, caseNumber: null }] } } },
    });
    const other = await asPartner(id, `{ enterprise(id: "${ids[1]}") { accessLog { nodes { time } } } }`);
    expect(other).toMatchObject({
      data: { enterprise: { accessLog: null } },
      errors: [{ path: ['enterprise', 'accessLog'], extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('shows what was read in bulk for what it may be, and what a partner saw of itself', async () => {
    const id = ids[112] ?? '';
    await asPartner(id, inspectionsOf(id));
    await as(
      'MARKET_REGULATION',
      '{ inspections(filter: { inspectedOn: { isNull: false } }) { totalCount } }',
    );
    const answer = await as('MARKET_REGULATION', logOf(id, 'department partner inBulk'));
    expect(accessesIn(answer).slice(0, 2)).toEqual([
      { department: 'MARKET_REGULATION', partner: null, inBulk: true },
      { department: null, partner: '文创数据公司', inBulk: false },
    ]);
  });

  it('does not make partners see enterprises that their key does not reach', async () => {
    const query = '{ enterprises(first: 500) { nodes { nameZh } } }';
    const regions = ['370200'];
    // Until the gateway has read the regions nothing lies in any.
    const reached = await poll(async () => {
      const { data } = await asPartnerWith({ scopes: ['Enterprise'], regions }, query);
      const { nodes } = (data as { enterprises: { nodes: object[] } }).enterprises;
      return nodes.length > 0 ? nodes : undefined;
    });
    expect(reached.length).toBeLessThan(ids.length);
    expect(await asPartnerWith({ scopes: ['Enterprise.nameZh'], regions }, query)).toEqual({
      data: { enterprises: { nodes: reached } },
    });
  });

  it('is read once for many enterprises', async () => {
    const few = ids.slice(120, 123);
    for (const id of few) await as('MARKET_REGULATION', inspectionsOf(id));
    const { data, errors } = await as(
      'MARKET_REGULATION',
      `{ enterprises(filter: { id: { in: ${JSON.stringify(few)} } }) { nodes { accessLog(first: 1) { nodes { inBulk fields { coordinate } } } } } }`,
    );
    expect(errors).toBeUndefined();
    const node = { inBulk: false, fields: [{ coordinate: 'Enterprise.inspections' }] };
    expect(data?.enterprises).toEqual({ nodes: few.map(() => ({ accessLog: { nodes: [node] } })) });
  });
});

describe('auditRecords', () => {
  const page = (args: string) =>
    `{ auditRecords(${args}) { nodes { gateway sequence kind department user role keyId decision operationName denied
      enterpriseIds inBulk fields { coordinate } } pageInfo { hasNextPage endCursor } } }`;
  const found = ({ data }: Answer) =>
    data?.auditRecords as {
      nodes: Record<string, unknown>[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };

  it('shows a department what it asked, of others not what is for everybody, and an auditor all', async () => {
    const [id] = ids;
    await as('RADIO_TELEVISION', `query Own { enterprise(id: "${id}") { foundedOn } }`);
    // What is not for everybody is on the disk before it is answered, and what was asked before it too.
    await as(
      'MARKET_REGULATION',
      `query Inspected { enterprise(id: "${id}") { inspections { totalCount } } }`,
    );
    const own = {
      gateway: 'g1',
      sequence: expect.any(Number),
      kind: 'ANSWER',
      department: 'RADIO_TELEVISION',
      user: expect.any(String),
      role: 'viewer',
      keyId: null,
      decision: 'ANSWERED',
      operationName: 'Own',
      denied: [],
      enterpriseIds: null,
      inBulk: false,
      fields: expect.arrayContaining([{ coordinate: 'Enterprise.foundedOn' }]),
    };
    expect(found(await as('RADIO_TELEVISION', page('first: 5'))).nodes).toEqual([own]);
    const { nodes } = found(
      await as(
        'MARKET_REGULATION',
        page('first: 2, filter: { field: "Enterprise", department: RADIO_TELEVISION }'),
      ),
    );
    expect(nodes).toEqual([]);
    const all = found(await as('STATISTICS', page('first: 1, filter: { kind: GENESIS }'), 'auditor'));
    expect(all.nodes).toMatchObject([{ kind: 'GENESIS', sequence: 1, department: null, decision: null }]);
    expect(found(await as('STATISTICS', page('first: 1, filter: { kind: GENESIS }'))).nodes).toEqual([]);
  });

  it('gives records with the text that their hash is of', async () => {
    const { data } = await as(
      'STATISTICS',
      '{ auditRecords(first: 1, filter: { kind: GENESIS }) { nodes { hash text } } }',
      'auditor',
    );
    const [genesis] = await audit.records();
    expect(data).toEqual({
      auditRecords: {
        nodes: [{ hash: expect.stringMatching(/^[\da-f]{64}$/), text: JSON.stringify(genesis) }],
      },
    });
  });

  it('is gone through page by page while records come, each once', async () => {
    const name = (i: number) => `Paged${i}`;
    const ask = (i: number) =>
      as(
        'MARKET_REGULATION',
        `query ${name(i)} { enterprise(id: "${ids[0]}") { inspections { totalCount } } }`,
      );
    for (let i = 0; i < 5; i++) await ask(i);
    const seen: unknown[] = [];
    let after = '';
    for (let i = 5; i < 8; i++) {
      const { nodes, pageInfo } = found(
        await as('MARKET_REGULATION', page(`first: 2, filter: { field: "Enterprise.inspections" }${after}`)),
      );
      seen.push(...nodes.map(({ operationName }) => operationName));
      after = `, after: "${pageInfo.endCursor}"`;
      await ask(i);
    }
    expect(seen.slice(0, 5)).toEqual([4, 3, 2, 1, 0].map(name));
  });

  it('is not for partners', async () => {
    expect(await asPartner(ids[0] ?? '', '{ auditRecords { nodes { time } } }')).toEqual({
      data: { auditRecords: null },
      errors: [
        {
          message: 'Only departments may do this.',
          path: ['auditRecords'],
          extensions: expect.objectContaining({ code: 'FORBIDDEN' }),
        },
      ],
    });
  });

  it('refuses a cursor that is none', async () => {
    const { errors } = await as('FINANCE', '{ auditRecords(after: "bm9uZQ") { nodes { time } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });
});
