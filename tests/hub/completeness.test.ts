import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';
import { ask as sql } from '../support/sql.ts';

const completeness = 'completeness { level reason reasonZh published { held figure { value subjectZh } } }';

type Completeness = {
  level: string | null;
  reason: string;
  reasonZh: string;
  published: { held: number; figure: { value: string; subjectZh: string } }[];
};

/** The one object `completeness` in an answer, wherever it is. */
function completenessIn(value: unknown): Completeness | null | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('completeness' in value) return value.completeness as Completeness | null;
  return Object.values(value)
    .map(completenessIn)
    .find((found) => found !== undefined);
}

/** The level, and each published figure as `held of value: subject`. */
function inShort({ data, errors }: Answer) {
  expect(errors).toBeUndefined();
  const found = completenessIn(data);
  return {
    level: found?.level,
    published: found?.published.map(({ held, figure }) => `${held} of ${figure.value}: ${figure.subjectZh}`),
  };
}

describe('the records of the dataset', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  // Ten are on record. The virtual park and the zone are none of the 39: on 6e49a15 they counted too.
  const inChaoyang = ['8 of 39: 朝阳区', '0 of 19: 国家文创实验区'];

  it.each([
    ['parks of a district', 'parks(filter: {region: {within: "110105"}})', 'PARTIAL', inChaoyang],
    ['the same, from the region', 'region(code: "110105") { parks', 'PARTIAL', inChaoyang],
    [
      'parks that the source counts, by their level',
      'parks(filter: {region: {eq: "110105"}, level: {in: [MUNICIPAL]}})',
      'PARTIAL',
      ['1 of 39: 朝阳区', '0 of 19: 国家文创实验区'],
    ],
    [
      'parks of a zone, none of which is on record',
      'park(id: "park-nciz") { subparks',
      'NONE',
      ['0 of 19: 国家文创实验区'],
    ],
    ['museums of a city', 'parks(filter: {kind: {eq: MUSEUM}})', 'PARTIAL', ['2 of 106: 青岛市']],
    ['parks of a province', 'parks(filter: {region: {within: "370000"}})', 'PARTIAL', ['2 of 106: 青岛市']],
    [
      'parks of the whole graph but those of a kind',
      'parks(filter: {not: {kind: {in: [CULTURE_PARK, ART_DISTRICT]}}})',
      'PARTIAL',
      ['2 of 106: 青岛市'],
    ],
    [
      'companies of a group',
      'enterprises(filter: {groupId: {eq: "ent-cfg-system"}})',
      'PARTIAL',
      ['1 of 20: 中影体系'],
    ],
    ['its members', 'enterprise(id: "ent-cfg-system") { members', 'PARTIAL', ['1 of 20: 中影体系']],
    [
      // Two are on record, in other roles. On 6e49a15 this had no level.
      'the enterprises of a park in any role, of which its tenants',
      'park(id: "park-yida-power-valley") { enterprises',
      'PARTIAL',
      ['0 of 10: 亿达未来智能动力谷'],
    ],
    [
      'tenants of a park',
      'park(id: "park-yida-power-valley") { enterprises(role: TENANT)',
      'NONE',
      ['0 of 10: 亿达未来智能动力谷'],
    ],
    ['inspections', 'inspections', 'NONE', ['0 of 384: 青岛旅游联合执法']],
    [
      'inspections of a campaign',
      'event(id: "evt-qd-joint-enforcement-2021") { inspections',
      'NONE',
      ['0 of 384: 青岛旅游联合执法'],
    ],
    [
      'inspections of a city',
      'region(code: "370200") { inspections(includeSubregions: true)',
      'NONE',
      ['0 of 384: 青岛旅游联合执法'],
    ],
    [
      'enterprises with a tier',
      'enterprises(filter: {region: {within: "370212"}, tier: {eq: UNICORN}})',
      'NONE',
      ['0 of 6: 崂山区'],
    ],
    [
      'sports events',
      'events(filter: {and: [{region: {within: "370214"}}, {kind: {eq: SPORT}}]})',
      'PARTIAL',
      ['5 of 2000: 城阳区'],
    ],
    [
      'projects, by the latest figures only',
      'projects(filter: {region: {eq: "370214"}})',
      'PARTIAL',
      ['14 of 506: 506个重点建设项目', '14 of 33: 城阳区', '14 of 27: 城阳区'],
    ],
    ['payouts', 'policy(id: "pol-ls-exempt-apply") { payouts', 'NONE', ['0 of 280: 免申即享']],
    ['open calls', 'openCalls', 'NONE', ['0 of 4: 揭榜攻坚']],
    [
      'Party cells of a branch, all of which are on record',
      'partyUnit(id: "pty-hr-centre-branch") { subordinates(filter: {kind: {eq: CELL}})',
      'COMPLETE',
      ['3 of 3: 区文促中心党支部'],
    ],
  ])('are compared with the published figures: %s', async (_name, list, level, published) => {
    const close = list.includes(') {') ? '}' : '';
    const answer = await hub.ask(`{ ${list} { ${completeness} } ${close} }`);
    expect(inShort(answer)).toEqual({ level, published });
  });

  it.each([
    ['a kind of which no source gives the number', 'parks(filter: {kind: {eq: ART_DISTRICT}})'],
    ['a text', 'parks(filter: {region: {within: "110105"}, nameZh: {contains: "798"}})'],
    ['regions without those below', 'parks(filter: {region: {eq: "370200"}})'],
    ['data of another agency', 'parks(filter: {region: {within: "110105"}, partyUnit: {exists: true}})'],
    ['a list without figures', 'agencies'],
    [
      'enterprises of a park in another role',
      'park(id: "park-yida-power-valley") { enterprises(role: OPERATOR)',
    ],
    [
      'enterprises by a condition on parks, which shows no role',
      'enterprises(filter: {relatedParkId: {eq: "park-yida-power-valley"}})',
    ],
    ['virtual parks', 'parks(filter: {region: {within: "110105"}, isVirtual: {eq: true}})'],
    ['a relation that is no condition', 'park(id: "park-nciz") { events'],
  ])('have no level, with a reason, for %s', async (_name, list) => {
    const close = list.includes(') {') ? '}' : '';
    const { data, errors } = await hub.ask(`{ ${list} { ${completeness} } ${close} }`);
    expect(errors).toBeUndefined();
    expect(completenessIn(data)).toEqual({
      level: null,
      reason: 'No published figure says how many records there should be for exactly what was asked.',
      reasonZh: '没有公布的数字说明所问的范围应有多少条记录。',
      published: [],
    });
  });

  it('come with the reason in words, and the figure with its citation, though another agency keeps it', async () => {
    const { data } = await hub.ask(
      '{ parks(filter: {region: {within: "110105"}, level: {eq: MUNICIPAL}}) { completeness { reason reasonZh published { figure { valueAsPrinted region { nameZh } subject { __typename } citations { quote source { id } } } } } } }',
    );
    expect(data).toMatchObject({
      parks: {
        completeness: {
          reason:
            'Published: 39 “入选北京市级文化产业园区” of “朝阳区” (2023). On record, of what was asked: 1 that may be among them.',
          reasonZh:
            '“朝阳区”的“入选北京市级文化产业园区”,公布为39家(2023年)。所问范围内可能属于其中的,记有1条。',
          published: [
            {
              figure: {
                valueAsPrinted: '39家',
                region: { nameZh: '朝阳区' },
                subject: { __typename: 'Region' },
                citations: [{ quote: '39家园区入选2023年度北京市级文化产业园区', source: { id: 'src-001' } }],
              },
            },
            {},
          ],
        },
      },
    });
  });

  it('leave synthetic records alone', async () => {
    const { data } = await hub.ask(`{ parks(filter: {synthetic: {eq: true}}) { ${completeness} } }`);
    expect(completenessIn(data)).toEqual({
      level: null,
      reason: 'Synthetic records are made up, so no source says how many there should be.',
      reasonZh: '合成数据并非真实记录,没有来源说明应有多少条。',
      published: [],
    });
  });

  it('cost nothing where nobody asks, else one statement for the figures and one for all parents with the same figures', async () => {
    const ask = (fields: string) => hub.ask(`{ regions { nodes { parks(first: 1) { ${fields} } } } }`);
    await ask('nodes { id }');
    const { parks } = { ...hub.statements };
    await ask('nodes { id } completeness { level }');
    // 朝阳区 and 青岛市 have different figures, all other regions have none.
    expect(hub.statements.parks).toBe(parks + 3);
  });
});

describe('records of its own', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({ agreements: {}, prepare: ({ adminUrl }) => sql(adminUrl, more) });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const more = `
    insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code, synthetic)
      select 'x-' || n, '公司' || n, 'C' || n, 'ENTERPRISE', '110116', n > 19 from generate_series(1, 25) n;
    insert into enterprises.enterprise_groups (enterprise_id, group_id)
      select 'x-' || n, 'ent-cfg-system' from generate_series(1, 25) n;
    insert into enterprises.inspections (id, enterprise_id, campaign_id, method, inspected_on, result)
      values ('x-i', 'ent-qd-performing-arts', 'evt-qd-joint-enforcement-2021', 'JOINT', '2021-03-01', 'NO_PROBLEM');
    create temporary table figures as select * from parks.published_totals where id = 'ind-qd-museums';
    update figures set id = 'x-exact', region_code = '110116', value = 1;
    insert into parks.published_totals select * from figures;
    update figures set id = 'x-earlier', value = 50, period_end = '2000-01-01';
    insert into parks.published_totals select * from figures;
    update figures set id = 'x-over', region_code = '130700', approx = 'OVER', value = 2;
    insert into parks.published_totals select * from figures;
    update figures set id = 'x-nearly', region_code = '350128', approx = 'NEARLY', value = 9;
    insert into parks.published_totals select * from figures;
    update figures set id = 'x-one', region_code = '420100', approx = 'EXACT', value = 1, subject_id = '420100';
    insert into parks.published_totals select * from figures;
    update figures set id = 'x-other', value = 7;
    insert into parks.published_totals select * from figures;
    insert into parks.parks (id, name_zh, name_en, kind, region_code, is_virtual, synthetic)
      values ('x-1', '馆', 'M', 'MUSEUM', '110116', false, false),
        ('x-2', '馆', 'M', 'MUSEUM', '130700', false, false), ('x-3', '馆', 'M', 'MUSEUM', '130700', false, false),
        ('x-4', '馆', 'M', 'MUSEUM', '350128', false, false),
        ('x-5', '馆', 'M', 'MUSEUM', '420100', false, false), ('x-6', '馆', 'M', 'MUSEUM', '420100', false, true)`;

  const museumsOf = (region: string) =>
    hub
      .as('CULTURE_TOURISM')
      .ask(`{ parks(filter: {kind: {eq: MUSEUM}, region: {within: "${region}"}}) { ${completeness} } }`);

  it('are complete when they are as many as the figure says, without synthetic ones', async () => {
    const { data } = await hub
      .as('CULTURE_TOURISM')
      .ask(`{ enterprise(id: "ent-cfg-system") { members { totalCount ${completeness} } } }`);
    expect(data).toMatchObject({ enterprise: { members: { totalCount: 20 } } });
    expect(completenessIn(data)).toEqual({
      level: 'COMPLETE',
      reason: 'Published: 20 “体系公司数” of “中影体系” (2018). On record: 20.',
      reasonZh: '“中影体系”的“体系公司数”,公布为20家(2018年)。记有20条。',
      published: [{ held: 20, figure: { value: '20', subjectZh: '中影体系' } }],
    });
  });

  it('are measured by the latest of several figures on the same rows', async () => {
    expect(inShort(await museumsOf('110116'))).toEqual({
      level: 'COMPLETE',
      published: ['1 of 1: 青岛市'],
    });
  });

  it('have fewer than "more than two"', async () => {
    expect(inShort(await museumsOf('130700')).level).toBe('PARTIAL');
  });

  it('are neither complete nor partial by an approximate figure, or where two figures contradict each other', async () => {
    expect(completenessIn((await museumsOf('350128')).data)).toMatchObject({
      level: null,
      reasonZh: '已公布的数字为约数,或只计所问范围的一部分,无法据以判断记录是否齐全。',
    });
    expect(completenessIn((await museumsOf('420100')).data)).toMatchObject({
      level: null,
      reasonZh: '已公布的数字互相矛盾:按其一缺少记录,按另一则不缺。',
      published: [{ held: 1 }, { held: 1 }],
    });
  });

  const inspections = `{ inspections { totalCount ${completeness} } }`;

  it('are not told to a department that may not see them', async () => {
    expect(await hub.as('FINANCE').ask(inspections)).toMatchObject({
      data: { inspections: null },
      errors: [{ extensions: { code: 'NOT_SHARED' } }],
    });
    expect(inShort(await hub.as('MARKET_REGULATION').ask(inspections))).toEqual({
      level: 'PARTIAL',
      published: ['1 of 384: 青岛旅游联合执法'],
    });
  });

  it('are compared with no figure that counts rows which a department does not see', async () => {
    const fields = ['Query.inspections', 'Inspection.id'];
    hub.agree({ FINANCE: [{ fields, region: '370212' }] });
    const answer = await hub.as('FINANCE').ask(inspections);
    expect(answer.data).toMatchObject({ inspections: { totalCount: 0 } });
    expect(inShort(answer)).toEqual({ level: null, published: [] });
    const inLaoshan = { department: 'MARKET_REGULATION', region: '370212' } as const;
    expect(inShort(await hub.as(inLaoshan).ask(inspections))).toEqual({ level: null, published: [] });
  });

  it('are told to a partner whose key names completeness in its scopes', async () => {
    const question = '{ parks { completeness { level published { held } } } }';
    expect((await hub.as({ scopes: ['Park'] }).ask(question)).data).toEqual({
      parks: { completeness: null },
    });
    const { data } = await hub.as({ scopes: ['Park', 'Completeness', 'PublishedTotal'] }).ask(question);
    expect(completenessIn(data)?.published).toContainEqual({ held: 8 });
  });
});
