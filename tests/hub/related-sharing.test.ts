import type { Department } from '@wenshu/schema/caller.ts';
import { describe, expect, it } from 'vitest';
import { createAudit } from '../support/audit.ts';
import { startHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

const partner = {
  scopes: [
    'Enterprise',
    'EnterpriseFilter',
    'EnterpriseOrder',
    'Park',
    'ParkFilter',
    'EventFilter',
    'EventOrder',
  ],
};

const denied = (path: string, coordinate: string, shareClass = 'CONDITIONAL') => ({
  data: { [path]: null },
  errors: [{ path: [path], extensions: { code: 'NOT_SHARED', coordinate, class: shareClass } }],
});

const inNationalParks = '{ enterprises(filter: {park: {level: {eq: NATIONAL}}}) { totalCount } }';
const byPark = '{ enterprises(first: 1, orderBy: [{park: {field: NAME}}]) { totalCount } }';

describe('a condition or an order on something related', () => {
  it('is seen by who may see the relation and what it is on, and by nobody else', async () => {
    await using hub = await startHub({ agreements: {} });
    const { ask } = hub.as('PROPAGANDA');
    expect(await ask(inNationalParks)).toMatchObject(denied('enterprises', 'EnterpriseFilter.park'));
    expect(await ask(byPark)).toMatchObject(denied('enterprises', 'EnterpriseOrder.park'));
    const inVariables = 'query ($f: [EnterpriseFilter!]) { enterprises(filter: {or: $f}) { totalCount } }';
    expect(await ask(inVariables, { f: [{ park: { exists: false } }] })).toMatchObject(
      denied('enterprises', 'EnterpriseFilter.park'),
    );
    // The relation is for everybody, what is asked of the other side is not.
    const inspected = '{ events(filter: {enterprise: {inspectedOn: {isNull: false}}}) { totalCount } }';
    expect(await ask(inspected)).toMatchObject(denied('events', 'EnterpriseFilter.inspectedOn'));
    expect(hub.calls).toMatchObject({ parks: 0, enterprises: 0, events: 0 });
    expect((await hub.as('CULTURE_TOURISM').ask(inNationalParks)).errors).toBeUndefined();
  });

  it('is opened by an agreement, and on record with what it uses', async () => {
    await using audit = await createAudit();
    const log = await audit.open();
    await using hub = await startHub({
      agreements: { PROPAGANDA: [{ agreementId: 'a0', fields: ['EnterpriseFilter.park'] }] },
      audit: log,
    });
    const inVariables = 'query ByPark($f: EnterpriseFilter) { enterprises(filter: $f) { totalCount } }';
    const answer = await hub
      .as('PROPAGANDA')
      .ask(inVariables, { f: { park: { level: { eq: 'NATIONAL' } } } });
    expect(answer).toEqual({ data: { enterprises: { totalCount: expect.any(Number) } } });
    await log.close();
    const record = (await audit.records()).find(
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

  it('is not opened by an agreement for some rows, because the missing rows would reveal the others', async () => {
    await using hub = await startHub({
      agreements: { PROPAGANDA: [{ fields: ['EnterpriseFilter.park'], region: '110105' }] },
    });
    expect(await hub.as('PROPAGANDA').ask(inNationalParks)).toMatchObject(
      denied('enterprises', 'EnterpriseFilter.park'),
    );
  });

  it('reveals no closed data to a partner in any way', async () => {
    await using hub = await startHub({ agreements: {} });
    const { ask } = hub.as(partner);
    expect(await ask(inNationalParks)).toMatchObject(denied('enterprises', 'EnterpriseFilter.park'));
    expect(await ask('{ parks(filter: {partyUnit: {exists: false}}) { totalCount } }')).toMatchObject(
      denied('parks', 'ParkFilter.partyUnit'),
    );
    const around =
      '{ parks(filter: {events: {some: {enterprise: {inspections: {exists: true}}}}}) { totalCount } }';
    expect(await ask(around)).toMatchObject(denied('parks', 'EnterpriseFilter.inspections'));
    const open = '{ parks(filter: {events: {some: {year: {gte: 2020}}}}) { nodes { id } } }';
    expect((await ask(open)).errors ?? []).toEqual([]);
  });

  it.each([
    ['carried', {}],
    ['looked for', { fewKeys: 0 }],
  ])('is not met by rows that the caller may not know of, %s', async (_way, limits) => {
    await using hub = await startHub({ agreements: {}, relationLimits: limits, ownRows: true });
    await sql(
      hub.database.adminUrl,
      `insert into policies.policies (id, name_zh, name_en, kind, domain, status)
         values ('draft', '草案', 'Draft', 'PLAN', 'INDUSTRY', 'DRAFTING');
       insert into events.events (id, name_zh, name_en, kind, status) values ('on-draft', '研讨', 'Talk', 'CONFERENCE', 'HELD');
       insert into events.event_policies values ('on-draft', 0, 'PROMOTES', 'draft')`,
    );
    const ids = (filter: string) => `{ events(filter: {id: {eq: "on-draft"}, ${filter}}) { nodes { id } } }`;
    const found = { data: { events: { nodes: [{ id: 'on-draft' }] } } };
    const none = { data: { events: { nodes: [] } } };
    for (const filter of ['policy: {}', 'policy: {nameZh: {eq: "草案"}}', 'not: {policy: {exists: false}}']) {
      expect(await hub.as('PROPAGANDA').ask(ids(filter))).toEqual(found);
      expect(await hub.as('MARKET_REGULATION').ask(ids(filter))).toEqual(none);
    }
    const cursor = `{ events(first: 1, filter: {id: {eq: "on-draft"}}, orderBy: [{policy: {field: NAME}}]) { pageInfo { endCursor } } }`;
    const valueFor = async (department: Department) => {
      const { data } = await hub.as(department).ask(cursor);
      const { endCursor } = (data as { events: { pageInfo: { endCursor: string } } }).events.pageInfo;
      return JSON.parse(Buffer.from(endCursor, 'base64url').toString())[1];
    };
    expect([await valueFor('PROPAGANDA'), await valueFor('MARKET_REGULATION')]).toEqual(['草案', null]);
  });

  it('on what single units reported is for statisticians alone', async () => {
    await using hub = await startHub({ agreements: {} });
    const rich = '{ parks(filter: {enterprises: {some: {revenue: {gt: "100000000"}}}}) { totalCount } }';
    const all = '{ enterprises(filter: {revenue: {gt: "100000000"}}) { totalCount } }';
    expect(await hub.as('CULTURE_TOURISM').ask(rich)).toMatchObject(
      denied('parks', 'EnterpriseFilter.revenue', 'WITHHELD'),
    );
    expect(await hub.as('STATISTICS').ask(all)).toEqual({ data: { enterprises: { totalCount: 0 } } });
  });

  it('on what single units reported is answered to statisticians with whom tenants are shared', async () => {
    await using hub = await startHub({
      agreements: { STATISTICS: [{ fields: ['ParkFilter.enterprises'] }] },
      ownRows: true,
    });
    await sql(
      hub.database.adminUrl,
      `insert into enterprises.enterprise_parks values ('ent-pico', 'park-798', 'TENANT'), ('ent-gaea', 'park-nciz', 'TENANT');
       insert into enterprises.statistical_returns (enterprise_id, period, revision, status, region_code, revenue, tax, staff)
       values ('ent-pico', '2025-01-01', 1, 'PUBLISHED', '370212', 60000000, 1, 1), ('ent-pico', '2025-02-01', 1, 'PUBLISHED', '370212', 40000000.01, 1, 1),
         ('ent-gaea', '2024-12-01', 1, 'PUBLISHED', '370212', 900000000, 1, 1), ('ent-gaea', '2025-01-01', 1, 'PUBLISHED', '370212', 100000000, 1, 1)`,
    );
    const rich =
      '{ parks(filter: {enterprises: {some: {revenue: {gt: "100000000"}}}}) { totalCount nodes { id } } }';
    expect(await hub.as('STATISTICS').ask(rich)).toEqual({
      data: { parks: { totalCount: 1, nodes: [{ id: 'park-798' }] } },
    });
    expect(await hub.as('PROPAGANDA').ask(rich)).toMatchObject(denied('parks', 'ParkFilter.enterprises'));
  });
});
