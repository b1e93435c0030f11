import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

const question = readFileSync(
  new URL('../../gateway/examples/6-uncovered-parks-and-who-qualifies.graphql', import.meta.url),
  'utf8',
);
/** What the question says that agreements have to share. */
const fields = [...question.matchAll(/^#.*$/gm)].flatMap(([line]) => line.match(/[A-Z]\w+\.\w+/g) ?? []);

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ agreements: { PROPAGANDA: [{ fields }] }, ownRows: true });
  await sql(
    hub.database.adminUrl,
    `insert into parks.parks (id, name_zh, name_en, kind, region_code, is_virtual, floor_area_sqm)
     values ('x-bare', '无党组织园区', 'Bare', 'CULTURE_PARK', '370214', false, 9000000),
       ('x-covered', '有党组织园区', 'Covered', 'CULTURE_PARK', '370214', false, 9000001);
     insert into party.coverage_statements (target_type, target_id, organisation, reason_zh, reason_en)
       values ('Park', 'x-bare', 'NOT_COVERED', '正式党员不足三人', 'Fewer than three full members');
     insert into party.party_units (id, name_zh, name_en, kind) values ('x-unit', '党支部', 'Branch', 'PARK_BRANCH');
     insert into party.coverages (unit_id, target_type, target_id) values ('x-unit', 'Park', 'x-covered');
     insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code, region_basis, tiers_checked_on)
     select 'x-' || n, '企业' || n, 'E' || n, 'ENTERPRISE', '370214', 'STATED', '2025-01-01' from generate_series(1, 3) n;
     insert into enterprises.enterprise_parks (enterprise_id, park_id, role)
     values ('x-1', 'x-bare', 'TENANT'), ('x-2', 'x-bare', 'TENANT'), ('x-3', 'x-covered', 'TENANT');
     insert into enterprises.enterprise_tiers (enterprise_id, seq, tier) values ('x-1', 0, 'SPECIALIZED_SME');
     insert into enterprises.inspections (id, enterprise_id, method, inspected_on, result)
     values ('x-i1', 'x-2', 'JOINT', '2025-03-01', 'NO_PROBLEM'), ('x-i2', 'x-2', 'COMPLAINT', '2025-04-01', 'SUSPECTED')`,
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

type Parks = { totalCount: number; nodes: { nameZh: string; enterprises: unknown }[] };
type Answer = { uncovered: Parks; unknown: Parks };

it('which parks lack a party organisation for certain, and of which it is unknown, who qualifies there, and who was inspected, is one question', async () => {
  const { data, errors } = await hub.as('PROPAGANDA').ask(question);
  expect(errors).toBeUndefined();
  const { uncovered, unknown } = data as Answer;
  const [{ count } = {}] = await sql(
    hub.database.adminUrl,
    `select count(*)::int from parks.parks p where region_code in (select code from parks.region_closure where ancestor = '370214')
     and kind not in ('DEMO_ZONE', 'VIRTUAL_PARK', 'VENUE_NETWORK', 'PARK_CLASS') and not is_virtual
     and not exists (select from parks.parks part where part.parent_id = p.id)
     and not exists (select from party.coverages where target_type = 'Park' and target_id = p.id)`,
  );
  expect(uncovered.totalCount).toBe(1);
  expect(unknown.totalCount).toBe(Number(count) - 1);
  expect(unknown.nodes).toContainEqual({
    nameZh: '城阳大剧院',
    partyCoverage: { reasonZh: expect.stringContaining('没有党组织覆盖它的记录') },
    enterprises: { nodes: [] },
  });
  expect([...uncovered.nodes, ...unknown.nodes].map(({ nameZh }) => nameZh)).not.toContain('有党组织园区');
  const met = (verdict: string, reasonZh: string) => ({
    nodes: [
      {
        verdict,
        conditions: [
          { textZh: '政策适用地区:城阳区', verdict: 'MET', reasonZh: '位于城阳区。' },
          { textZh: '“专精特新”中小企业', verdict, reasonZh },
        ],
      },
    ],
  });
  expect(uncovered.nodes[0]).toEqual({
    nameZh: '无党组织园区',
    partyCoverage: { reasonZh: '正式党员不足三人' },
    enterprises: {
      nodes: [
        {
          nameZh: '企业1',
          policyMatches: met('MET', '持有“专精特新中小企业”称号。'),
          inspections: { totalCount: 0, nodes: [] },
        },
        {
          nameZh: '企业2',
          policyMatches: met('NOT_MET', '没有记录任何梯度培育称号。要求其一:“专精特新中小企业”。'),
          inspections: {
            totalCount: 2,
            nodes: [{ inspectedOn: '2025-04-01', method: 'COMPLAINT', result: 'SUSPECTED' }],
          },
        },
      ],
    },
  });
});

it('of which a department without the agreements gets what is its own', async () => {
  const { data, errors } = await hub.as('PROPAGANDA').ask(question, {}, { 'x-wenshu-purpose': 'other' });
  expect((data as Answer).uncovered.nodes[0]).toEqual({
    nameZh: '无党组织园区',
    partyCoverage: { reasonZh: expect.any(String) },
    enterprises: null,
  });
  expect(new Set(errors?.map(({ extensions }) => `${extensions.code} ${extensions.coordinate}`))).toEqual(
    new Set(['NOT_SHARED Park.enterprises']),
  );
});

it('can be asked from the policy too, of all that qualify', async () => {
  const { data, errors } = await hub
    .as('PROPAGANDA')
    .ask(
      `{ policy(id: "pol-ch-zjtx") { candidateEnterprises(filter: {relatedPark: {partyCoverage: {organisation: {eq: NOT_COVERED}}}}) { nodes { nameZh } } } }`,
    );
  expect({ data, errors }).toEqual({
    data: { policy: { candidateEnterprises: null } },
    errors: [expect.objectContaining({ path: ['policy', 'candidateEnterprises'] })],
  });
  hub.agree({
    PROPAGANDA: [{ fields: ['Policy.candidateEnterprises', 'EnterpriseFilter.relatedPark'] }],
  });
  expect(
    await hub
      .as('PROPAGANDA')
      .ask(
        `{ policy(id: "pol-ch-zjtx") { candidateEnterprises(filter: {relatedPark: {partyCoverage: {organisation: {eq: NOT_COVERED}}}}) { nodes { nameZh } } } }`,
      ),
  ).toEqual({ data: { policy: { candidateEnterprises: { nodes: [{ nameZh: '企业1' }] } } } });
});
