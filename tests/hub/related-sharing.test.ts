import { type Grant, keepAgreements } from '@wenshu/gateway/governance/agreements.ts';
import type { Department, PartnerCaller } from '@wenshu/schema/caller.ts';
import { describe, expect, it } from 'vitest';
import { createAudit } from '../support/audit.ts';
import { bearer } from '../support/guarded-hub.ts';
import { type HubOptions, startHub } from '../support/hub.ts';
import { makeKey, sign, startIdentityProvider } from '../support/identity-provider.ts';
import { startShared as startDepartments } from '../support/shared-hub.ts';
import { ask as sql } from '../support/sql.ts';

const key = await makeKey('k1');
const purpose = '园区服务';

const partner: PartnerCaller = {
  kind: 'partner',
  keyId: 'k1',
  partner: 'p1',
  isTest: false,
  scopes: [
    'Enterprise',
    'EnterpriseFilter',
    'EnterpriseOrder',
    'Park',
    'ParkFilter',
    'EventFilter',
    'EventOrder',
  ],
  regions: [],
};

/** The hub with access control, where culture and tourism shares with propaganda what it is told to. */
const startShared = (...grants: Partial<Grant>[]) => startWith({}, ...grants);

async function startWith(
  options: Pick<HubOptions, 'relationLimits' | 'ownRows'>,
  ...grants: Partial<Grant>[]
) {
  await using opening = new AsyncDisposableStack();
  const provider = opening.use(await startIdentityProvider(key));
  const audit = opening.use(await createAudit());
  const log = await audit.open();
  const agreements = keepAgreements();
  agreements.replace(
    new Map([
      [
        'PROPAGANDA',
        grants.map((grant, i) => ({
          agreementId: `a${i}`,
          fields: [],
          purpose,
          endsAt: Date.now() + 600_000,
          ...grant,
        })),
      ],
    ]),
  );
  const access = {
    departments: provider.options,
    others: [
      async ({ headers }: { headers: ReadonlyMap<string, string> }) =>
        headers.has('x-key') ? partner : undefined,
    ],
  };
  const hub = opening.use(await startHub({ ...options, guard: { access, agreements }, audit: log }));
  const opened = opening.move();
  const stated = { 'x-wenshu-purpose': encodeURIComponent(purpose) };
  return {
    as:
      (department: Department) =>
      async (query: string, variables: object = {}) =>
        hub.ask(query, variables, { ...bearer(await sign(key, { department, role: 'viewer' })), ...stated }),
    asPartner: (query: string) => hub.ask(query, {}, { 'x-key': 'k1' }),
    hub,
    async records() {
      await log.close();
      return await audit.records();
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const denied = (path: string, coordinate: string, shareClass = 'CONDITIONAL') => ({
  data: { [path]: null },
  errors: [{ path: [path], extensions: { code: 'NOT_SHARED', coordinate, class: shareClass } }],
});

const inNationalParks = '{ enterprises(filter: {park: {level: {eq: NATIONAL}}}) { totalCount } }';
const byPark = '{ enterprises(first: 1, orderBy: [{park: {field: NAME}}]) { totalCount } }';

describe('a condition or an order on something related', () => {
  it('is seen by who may see the relation and what it is on, and by nobody else', async () => {
    await using shared = await startShared();
    const ask = shared.as('PROPAGANDA');
    expect(await ask(inNationalParks)).toMatchObject(denied('enterprises', 'EnterpriseFilter.park'));
    expect(await ask(byPark)).toMatchObject(denied('enterprises', 'EnterpriseOrder.park'));
    const inVariables = 'query ($f: [EnterpriseFilter!]) { enterprises(filter: {or: $f}) { totalCount } }';
    expect(await ask(inVariables, { f: [{ park: { exists: false } }] })).toMatchObject(
      denied('enterprises', 'EnterpriseFilter.park'),
    );
    // The relation is for everybody, what is asked of the other side is not.
    const inspected = '{ events(filter: {enterprise: {inspectedOn: {isNull: false}}}) { totalCount } }';
    expect(await ask(inspected)).toMatchObject(denied('events', 'EnterpriseFilter.inspectedOn'));
    expect(shared.hub.calls).toMatchObject({ parks: 0, enterprises: 0, events: 0 });
    expect((await shared.as('CULTURE_TOURISM')(inNationalParks)).errors).toBeUndefined();
  });

  it('is opened by an agreement, and on record with what it uses', async () => {
    await using shared = await startShared({ fields: ['EnterpriseFilter.park'] });
    const inVariables = 'query ByPark($f: EnterpriseFilter) { enterprises(filter: $f) { totalCount } }';
    const answer = await shared.as('PROPAGANDA')(inVariables, { f: { park: { level: { eq: 'NATIONAL' } } } });
    expect(answer).toEqual({ data: { enterprises: { totalCount: expect.any(Number) } } });
    const record = (await shared.records()).find(
      (each) => 'operation' in each && each.operation?.name === 'ByPark',
    );
    expect(record).toMatchObject({
      fields: expect.arrayContaining([
        {
          coordinate: 'EnterpriseFilter.park',
          class: 'CONDITIONAL',
          owner: 'CULTURE_TOURISM',
          agreement: 'a0',
        },
        { coordinate: 'ParkFilter.level', class: 'UNCONDITIONAL', owner: 'CULTURE_TOURISM' },
      ]),
    });
  });

  it('is not opened by an agreement for some rows: which others it leaves out would tell', async () => {
    await using shared = await startShared({ fields: ['EnterpriseFilter.park'], region: '110105' });
    expect(await shared.as('PROPAGANDA')(inNationalParks)).toMatchObject(
      denied('enterprises', 'EnterpriseFilter.park'),
    );
  });

  it('tells a partner nothing of what is not open, by whatever way', async () => {
    await using shared = await startShared();
    const { asPartner } = shared;
    expect(await asPartner(inNationalParks)).toMatchObject(denied('enterprises', 'EnterpriseFilter.park'));
    expect(await asPartner('{ parks(filter: {partyUnit: {exists: false}}) { totalCount } }')).toMatchObject(
      denied('parks', 'ParkFilter.partyUnit'),
    );
    const around =
      '{ parks(filter: {events: {some: {enterprise: {inspections: {exists: true}}}}}) { totalCount } }';
    expect(await asPartner(around)).toMatchObject(denied('parks', 'EnterpriseFilter.inspections'));
    const open = '{ parks(filter: {events: {some: {year: {gte: 2020}}}}) { nodes { id } } }';
    expect((await asPartner(open)).errors ?? []).toEqual([]);
  });

  it.each([
    ['carried', {}],
    ['looked for', { fewKeys: 0 }],
  ])('is not met by rows that the caller may not know of, %s', async (_way, limits) => {
    await using shared = await startWith({ relationLimits: limits, ownRows: true });
    await sql(
      shared.hub.database.adminUrl,
      `insert into policies.policies (id, name_zh, name_en, kind, domain, status)
         values ('draft', '草案', 'Draft', 'PLAN', 'INDUSTRY', 'DRAFTING');
       insert into events.events (id, name_zh, name_en, kind, status) values ('on-draft', '研讨', 'Talk', 'CONFERENCE', 'HELD');
       insert into events.event_policies values ('on-draft', 0, 'PROMOTES', 'draft')`,
    );
    const ids = (filter: string) => `{ events(filter: {id: {eq: "on-draft"}, ${filter}}) { nodes { id } } }`;
    const found = { data: { events: { nodes: [{ id: 'on-draft' }] } } };
    const none = { data: { events: { nodes: [] } } };
    for (const filter of ['policy: {}', 'policy: {nameZh: {eq: "草案"}}', 'not: {policy: {exists: false}}']) {
      expect(await shared.as('PROPAGANDA')(ids(filter))).toEqual(found);
      expect(await shared.as('MARKET_REGULATION')(ids(filter))).toEqual(none);
    }
    const cursor = `{ events(first: 1, filter: {id: {eq: "on-draft"}}, orderBy: [{policy: {field: NAME}}]) { pageInfo { endCursor } } }`;
    const valueFor = async (department: Department) => {
      const { data } = await shared.as(department)(cursor);
      const { endCursor } = (data as { events: { pageInfo: { endCursor: string } } }).events.pageInfo;
      return JSON.parse(Buffer.from(endCursor, 'base64url').toString())[1];
    };
    expect([await valueFor('PROPAGANDA'), await valueFor('MARKET_REGULATION')]).toEqual(['草案', null]);
  });

  it('on what single units reported is for statisticians alone', async () => {
    await using shared = await startShared();
    const rich = '{ parks(filter: {enterprises: {some: {revenue: {gt: "100000000"}}}}) { totalCount } }';
    const all = '{ enterprises(filter: {revenue: {gt: "100000000"}}) { totalCount } }';
    expect(await shared.as('CULTURE_TOURISM')(rich)).toMatchObject(
      denied('parks', 'EnterpriseFilter.revenue', 'WITHHELD'),
    );
    expect(await shared.as('STATISTICS')(all)).toEqual({ data: { enterprises: { totalCount: 0 } } });
  });

  it('on what single units reported is answered to statisticians with whom tenants are shared', async () => {
    await using shared = await startDepartments(
      { STATISTICS: [{ fields: ['ParkFilter.enterprises'] }] },
      { ownRows: true },
    );
    await sql(
      shared.hub.database.adminUrl,
      `insert into enterprises.enterprise_parks values ('ent-pico', 'park-798', 'TENANT'), ('ent-gaea', 'park-nciz', 'TENANT');
       insert into enterprises.statistical_returns (enterprise_id, period, revision, status, region_code, revenue, tax, staff)
       values ('ent-pico', '2025-01-01', 1, 'PUBLISHED', '370212', 60000000, 1, 1), ('ent-pico', '2025-02-01', 1, 'PUBLISHED', '370212', 40000000.01, 1, 1),
         ('ent-gaea', '2024-12-01', 1, 'PUBLISHED', '370212', 900000000, 1, 1), ('ent-gaea', '2025-01-01', 1, 'PUBLISHED', '370212', 100000000, 1, 1)`,
    );
    const rich =
      '{ parks(filter: {enterprises: {some: {revenue: {gt: "100000000"}}}}) { totalCount nodes { id } } }';
    expect(await shared.ask('STATISTICS', rich)).toEqual({
      data: { parks: { totalCount: 1, nodes: [{ id: 'park-798' }] } },
    });
    expect(await shared.ask('PROPAGANDA', rich)).toMatchObject(denied('parks', 'ParkFilter.enterprises'));
  });
});
