import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import { enumValues } from '@wenshu/enterprises/tables.ts';
import type { Subgraph } from '@wenshu/kit/subgraph.ts';
import { isEnumType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { refusalOf, ask as sql } from '../support/sql.ts';

const rows = `
  insert into enterprises (id, name_zh, name_en, kind, region_code, synthetic) values
    ('ent-test-1', '甲公司（合成）', 'A', 'ENTERPRISE', '110105', false),
    ('ent-test-2', '乙公司（合成）', 'B', 'ENTERPRISE', '370212', false),
    ('ent-test-3', '丙公司（合成）', 'C', 'ENTERPRISE', '370212', false),
    ('ent-test-4', '丁公司（合成）', 'D', 'ENTERPRISE', '370214', false);
  insert into inspections (id, enterprise_id, campaign_id, method, inspected_on, result, notes) values
    ('i1', 'ent-test-1', 'evt-c', 'DOUBLE_RANDOM', '2024-03-01', 'NO_PROBLEM', null),
    ('i2', 'ent-test-4', 'evt-c', 'DOUBLE_RANDOM', '2024-03-02', 'SUSPECTED', '现场检查'),
    ('i3', 'ent-test-3', 'evt-c', 'DOUBLE_RANDOM', '2024-03-02', 'SUSPECTED', null),
    ('i4', 'ent-test-2', null, 'COMPLAINT', '2024-05-06', 'SUSPECTED', null),
    ('i5', 'ent-test-4', null, 'FOLLOW_UP', '2024-06-01', null, null);
  insert into inspection_agencies values ('i2', 'org-mr'), ('i2', 'org-ct'), ('i4', 'org-ct');
  insert into findings (id, inspection_id, enterprise_id, title_zh, basis_zh, severity, harm_caused, is_first,
      corrected_on, penalty_kinds, penalty_amount, penalty_decided_on, penalty_document_no, penalty_published_on)
    values ('f1', 'i2', 'ent-test-4', '超范围经营', '营业性演出管理条例', 'ORDINARY', 'SLIGHT', false, null,
      '{FINE,CONFISCATION}', 12345.67, '2024-04-01', '文执罚〔2024〕1号', '2024-04-08');
  insert into findings (id, inspection_id, enterprise_id, title_zh, severity, harm_caused, is_first, corrected_on,
      exemption_kind, exemption_basis_zh, exemption_decided_on, exemption_tolerance_until)
    values ('f2', 'i2', 'ent-test-4', '未亮照', 'LIGHT', 'SLIGHT', true, '2024-03-05',
      'FIRST_CORRECTED', '行政处罚法第三十三条', '2024-03-20', '2025-03-19');
  insert into findings (id, inspection_id, enterprise_id, title_zh) values
    ('f3', 'i3', 'ent-test-3', '无证'), ('f4', 'i4', 'ent-test-2', '噪声');
  insert into finding_steps values
    ('f1', 0, 'SUSPECTED', '2024-03-02'), ('f1', 1, 'FILED', '2024-03-10'), ('f1', 2, 'PENALISED', '2024-04-01'),
    ('f2', 0, 'SUSPECTED', '2024-03-02'), ('f2', 1, 'FILED', '2024-03-09'), ('f2', 2, 'EXEMPTED', '2024-03-20'),
    ('f3', 0, 'SUSPECTED', '2024-03-02'), ('f3', 1, 'DISMISSED', '2024-03-09'),
    ('f4', 0, 'SUSPECTED', '2024-05-06'), ('f4', 1, 'WARNED', '2024-05-07');
  update findings f set stage = s.stage from (select distinct on (object_id) object_id, stage from finding_steps order by object_id, seq desc) s where s.object_id = f.id;
  insert into blacklist_entries (id, enterprise_id, listed_by_id, reason_zh, listed_on, restored_on, published_on) values
    ('b1', 'ent-test-4', 'org-mr', '拒不履行处罚决定', '2024-07-01', null, '2024-07-10'),
    ('b2', 'ent-test-3', 'org-mr', '虚假材料', '2022-01-01', '2023-01-01', '2022-01-02'),
    ('b3', 'ent-test-2', 'org-ct', '尚未公布', '2024-07-01', null, null);
  insert into dual_effect_assessments (id, enterprise_id, assessed_by_id, year, social_score, economic_score, total,
      social_weight, has_content_fault, result_cap, grade_zh) values
    ('d1', 'ent-test-4', 'org-prop', 2023, 88.5, 90, 89.1, 60, false, null, '优秀'),
    ('d2', 'ent-test-4', 'org-prop', 2024, 55, 95, 59.9, 50, true, 59.9, '不合格'),
    ('d3', 'ent-test-1', null, 2024, null, null, null, 50, false, null, null);
  insert into dual_effect_items (assessment_id, seq, kind, name_zh, weight, score) values
    ('d1', 0, 'SOCIAL', '政治导向', 10, 9.5), ('d1', 1, 'ECONOMIC', '国有资产保值增值', 15.5, null);
`;

let database: TestDatabase;
let subgraph: Subgraph;
const statements: string[] = [];
const ask = async (query: string, variables = {}) => {
  statements.length = 0;
  return JSON.parse(JSON.stringify(await subgraph.execute({ query, variables })));
};
const entities = (selection: string, representations: object[]) =>
  ask(`query ($keys: [_Any!]!) { _entities(representations: $keys) { ${selection} } }`, {
    keys: representations,
  });

beforeAll(async () => {
  database = await createDatabase();
  await sql(database.urls.enterprises, rows);
  subgraph = enterprisesSubgraph({
    url: database.urls.enterprises,
    onStatement: (statement) => statements.push(statement),
  });
});
afterAll(async () => {
  await subgraph.close();
  await database[Symbol.asyncDispose]();
});

describe('an inspection', () => {
  it('says who inspected whom, what was found and how each finding was handled', async () => {
    expect(
      await ask(`{
        inspection(id: "i2") {
          enterprise { nameZh } campaign { id } method inspectedOn agencies { id } result
          findings {
            id stage history { stage on } titleZh basisZh severity harmCaused isFirst correctedOn
            penalty { kinds amount decidedOn documentNo publishedOn }
            exemption { kind basisZh decidedOn toleranceUntil }
          }
          notes citations { quote } synthetic version
        }
      }`),
    ).toEqual({
      data: {
        inspection: {
          enterprise: { nameZh: '丁公司（合成）' },
          campaign: { id: 'evt-c' },
          method: 'DOUBLE_RANDOM',
          inspectedOn: '2024-03-02',
          agencies: [{ id: 'org-ct' }, { id: 'org-mr' }],
          result: 'SUSPECTED',
          findings: [
            {
              id: 'f1',
              stage: 'PENALISED',
              history: [
                { stage: 'SUSPECTED', on: '2024-03-02' },
                { stage: 'FILED', on: '2024-03-10' },
                { stage: 'PENALISED', on: '2024-04-01' },
              ],
              titleZh: '超范围经营',
              basisZh: '营业性演出管理条例',
              severity: 'ORDINARY',
              harmCaused: 'SLIGHT',
              isFirst: false,
              correctedOn: null,
              penalty: {
                kinds: ['FINE', 'CONFISCATION'],
                amount: '12345.67',
                decidedOn: '2024-04-01',
                documentNo: '文执罚〔2024〕1号',
                publishedOn: '2024-04-08',
              },
              exemption: null,
            },
            {
              id: 'f2',
              stage: 'EXEMPTED',
              history: [
                { stage: 'SUSPECTED', on: '2024-03-02' },
                { stage: 'FILED', on: '2024-03-09' },
                { stage: 'EXEMPTED', on: '2024-03-20' },
              ],
              titleZh: '未亮照',
              basisZh: null,
              severity: 'LIGHT',
              harmCaused: 'SLIGHT',
              isFirst: true,
              correctedOn: '2024-03-05',
              penalty: null,
              exemption: {
                kind: 'FIRST_CORRECTED',
                basisZh: '行政处罚法第三十三条',
                decidedOn: '2024-03-20',
                toleranceUntil: '2025-03-19',
              },
            },
          ],
          notes: '现场检查',
          citations: [],
          synthetic: false,
          version: 1,
        },
      },
    });
  });

  it('does not say that nobody inspected, or that nothing was found out, where that is not on record', async () => {
    expect(
      await ask(`{
        inspection(id: "i5") { agencies { id } result campaign { id } findings { id } }
        none: inspection(id: "i9") { id }
      }`),
    ).toEqual({
      data: { inspection: { agencies: null, result: null, campaign: null, findings: null }, none: null },
    });
  });

  it.each([
    ['{ method: { in: [COMPLAINT, FOLLOW_UP] } }', ['i4', 'i5']],
    ['{ enterpriseId: { eq: "ent-test-4" } }', ['i2', 'i5']],
    ['{ region: { within: "370000" } }', ['i2', 'i3', 'i4', 'i5']],
    ['{ region: { eq: "110105" } }', ['i1']],
    ['{ campaignId: { isNull: true } }', ['i4', 'i5']],
    ['{ inspectedOn: { gte: "2024-03-02", lt: "2024-06-01" } }', ['i2', 'i3', 'i4']],
    ['{ agencyId: { eq: "org-ct" } }', ['i2', 'i4']],
    ['{ agencyId: { isNull: true } }', ['i1', 'i3', 'i5']],
    ['{ result: { isNull: true } }', ['i5']],
    ['{ not: { result: { eq: SUSPECTED } } }', ['i1', 'i5']],
    ['{ findingStage: { in: [WARNED, EXEMPTED] } }', ['i2', 'i4']],
    ['{ findingStage: { eq: FILED } }', []],
    ['{ findingStage: { in: [] } }', []],
  ])('is found by %s', async (filter, ids) => {
    expect(await ask(`{ inspections(filter: ${filter}) { nodes { id } totalCount } }`)).toEqual({
      data: { inspections: { nodes: ids.map((id) => ({ id })), totalCount: ids.length } },
    });
  });

  it('is paged in the order of its day', async () => {
    const page = (args: string) =>
      ask(`{ inspections(${args}, orderBy: [{ field: INSPECTED_ON, direction: DESC }]) {
        nodes { id } pageInfo { hasNextPage endCursor } } }`);
    const first = await page('first: 3');
    expect(first.data.inspections).toMatchObject({
      nodes: [{ id: 'i5' }, { id: 'i4' }, { id: 'i3' }],
      pageInfo: { hasNextPage: true },
    });
    expect(await page(`first: 3, after: "${first.data.inspections.pageInfo.endCursor}"`)).toMatchObject({
      data: { inspections: { nodes: [{ id: 'i2' }, { id: 'i1' }], pageInfo: { hasNextPage: false } } },
    });
  });

  it('takes as many statements for all as for one', async () => {
    const question = (first: number) => `{
      inspections(first: ${first}, orderBy: [{ field: INSPECTED_ON }, { field: ID, direction: DESC }]) { nodes {
        enterprise { nameZh region { nameZh } blacklistEntry { id } assessments { nodes { items { nameZh } } } }
        campaign { id } agencies { id }
        findings { stage history { stage } }
      } }
    }`;
    await ask(question(5));
    const all = statements.length;
    expect(all).toBe(9);
    await ask(`{ inspection(id: "i2") { enterprise { nameZh region { nameZh } blacklistEntry { id }
      assessments { nodes { items { nameZh } } } } campaign { id } agencies { id } findings { stage history { stage } } } }`);
    expect(statements).toHaveLength(all);
  });
});

describe('an exemption', () => {
  const exempted = (kind: string, columns: string, values: string) => `
    insert into findings (id, inspection_id, enterprise_id, title_zh, exemption_kind, exemption_basis_zh,
      exemption_decided_on, ${columns}) values ('f9', 'i4', 'ent-test-2', '问题', '${kind}', '第三十三条', '2024-06-01', ${values})`;
  const facts = 'severity, harm_caused, is_first, corrected_on';

  it.each([
    ['FIRST_CORRECTED', "'MINOR', 'SLIGHT', false, '2024-05-08'", 'not the first'],
    ['FIRST_CORRECTED', "'MINOR', 'SERIOUS', true, '2024-05-08'", 'of more than slight harm'],
    ['FIRST_CORRECTED', "'MINOR', 'SLIGHT', true, null", 'not corrected'],
    ['FIRST_CORRECTED', "'MINOR', null, true, '2024-05-08'", 'of unknown harm'],
    ['MINOR_CORRECTED', "'LIGHT', 'NONE', true, '2024-05-08'", 'not minor'],
    ['MINOR_CORRECTED', "'MINOR', 'SLIGHT', true, '2024-05-08'", 'of some harm'],
  ])('as %s is refused for (%s): %s', async (kind, values) => {
    expect(await refusalOf(database.urls.enterprises, exempted(kind, facts, values))).toMatch(
      'findings_exemption_lawful',
    );
  });

  it('does not go with a penalty', async () => {
    expect(
      await refusalOf(
        database.urls.enterprises,
        exempted(
          'MINOR_CORRECTED',
          `${facts}, penalty_kinds`,
          "'MINOR', 'NONE', false, '2024-05-08', '{FINE}'",
        ),
      ),
    ).toMatch('findings_penalised_or_exempted');
  });
});

describe('the blacklist', () => {
  it('lists entries with their force, those that are not published too', async () => {
    expect(
      await ask(`{
        blacklist(filter: { publishedOn: { isNull: false } }, orderBy: [{ field: LISTED_ON }]) {
          totalCount
          nodes { id enterprise { nameZh } listedBy { id } reasonZh listedOn restoredOn publishedOn }
        }
        unpublished: blacklist(filter: { status: { eq: UNPUBLISHED } }) { nodes { id } totalCount }
        byId: blacklist(filter: { id: { eq: "b3" } }) { nodes { id } }
        standing: blacklist(filter: { restoredOn: { isNull: true }, reasonZh: { contains: "处罚" } }) { nodes { id } }
      }`),
    ).toEqual({
      data: {
        blacklist: {
          totalCount: 2,
          nodes: [
            {
              id: 'b2',
              enterprise: { nameZh: '丙公司（合成）' },
              listedBy: { id: 'org-mr' },
              reasonZh: '虚假材料',
              listedOn: '2022-01-01',
              restoredOn: '2023-01-01',
              publishedOn: '2022-01-02',
            },
            {
              id: 'b1',
              enterprise: { nameZh: '丁公司（合成）' },
              listedBy: { id: 'org-mr' },
              reasonZh: '拒不履行处罚决定',
              listedOn: '2024-07-01',
              restoredOn: null,
              publishedOn: '2024-07-10',
            },
          ],
        },
        unpublished: { nodes: [{ id: 'b3' }], totalCount: 1 },
        byId: { nodes: [{ id: 'b3' }] },
        standing: { nodes: [{ id: 'b1' }] },
      },
    });
  });

  it('holds an enterprise once at a time for each agency', async () => {
    expect(
      await refusalOf(
        database.urls.enterprises,
        `insert into blacklist_entries (id, enterprise_id, listed_by_id, reason_zh, listed_on)
         values ('b9', 'ent-test-4', 'org-mr', '又', '2024-08-01')`,
      ),
    ).toMatch('blacklist_entries_standing');
  });
});

describe('an enterprise', () => {
  it('knows its inspections, its assessments and the public entry it stands under', async () => {
    expect(
      await ask(`{
        enterprises(filter: { id: { in: ["ent-test-4", "ent-test-3", "ent-test-2"] } }) { nodes {
          id
          inspections(filter: { method: { eq: DOUBLE_RANDOM } }) { nodes { id } totalCount }
          blacklistEntry { id reasonZh }
          assessments(orderBy: [{ field: YEAR, direction: DESC }]) { nodes { year total } }
        } }
      }`),
    ).toEqual({
      data: {
        enterprises: {
          nodes: [
            {
              id: 'ent-test-2',
              inspections: { nodes: [], totalCount: 0 },
              blacklistEntry: null,
              assessments: { nodes: [] },
            },
            {
              id: 'ent-test-3',
              inspections: { nodes: [{ id: 'i3' }], totalCount: 1 },
              blacklistEntry: null,
              assessments: { nodes: [] },
            },
            {
              id: 'ent-test-4',
              inspections: { nodes: [{ id: 'i2' }], totalCount: 1 },
              blacklistEntry: { id: 'b1', reasonZh: '拒不履行处罚决定' },
              assessments: {
                nodes: [
                  { year: 2024, total: '59.9' },
                  { year: 2023, total: '89.1' },
                ],
              },
            },
          ],
        },
      },
    });
    expect(statements).toHaveLength(5);
  });

  it.each([
    ['{ inspectedOn: { gte: "2024-03-02", lte: "2024-05-31" } }', ['ent-test-2', 'ent-test-3', 'ent-test-4']],
    // Of two inspections, none lies between.
    ['{ inspectedOn: { gt: "2024-03-02", lt: "2024-06-01" } }', ['ent-test-2']],
    ['{ inspectedOn: { isNull: false } }', ['ent-test-1', 'ent-test-2', 'ent-test-3', 'ent-test-4']],
    ['{ isBlacklisted: { eq: true } }', ['ent-test-4']],
    ['{ isBlacklisted: { isNull: true } }', []],
    [
      '{ isBlacklisted: { eq: false }, inspectedOn: { isNull: false } }',
      ['ent-test-1', 'ent-test-2', 'ent-test-3'],
    ],
  ])('is found by %s', async (filter, ids) => {
    expect(await ask(`{ enterprises(filter: ${filter}) { nodes { id } } }`)).toEqual({
      data: { enterprises: { nodes: ids.map((id) => ({ id })) } },
    });
  });

  it('is found by having no inspection on record', async () => {
    expect(
      await ask(`{
        never: enterprises(filter: { inspectedOn: { isNull: true } }) { totalCount }
        free: enterprises(filter: { isBlacklisted: { eq: false } }) { totalCount }
        any: enterprises(filter: { inspectedOn: {}, isBlacklisted: {} }) { totalCount }
      }`),
    ).toEqual({ data: { never: { totalCount: 49 }, free: { totalCount: 52 }, any: { totalCount: 53 } } });
  });
});

describe('what other agencies read', () => {
  it('gives each campaign its funnel, counted in inspections, in one statement', async () => {
    await sql(
      database.urls.enterprises,
      `insert into inspections (id, enterprise_id, campaign_id, method, inspected_on, result)
       values ('i6', 'ent-test-4', 'evt-d', 'SPECIAL', '2024-09-01', null);
       insert into inspections (id, enterprise_id, campaign_id, method, inspected_on, result)
       select 'big-' || i, id, 'evt-big', 'SPECIAL', '2024-09-01', case when i <= 12 then 'SUSPECTED' end
       from (select id, row_number() over (order by id) as i from enterprises) as numbered where i <= 20;
       insert into inspections (id, enterprise_id, campaign_id, method, inspected_on, result)
       select 'again', enterprise_id, 'evt-big', 'FOLLOW_UP', '2024-10-01', null from inspections where id = 'big-1';
       insert into findings (id, inspection_id, enterprise_id, title_zh)
       select 'found-' || id, id, enterprise_id, '机密' from inspections
       where campaign_id = 'evt-big' and result = 'SUSPECTED';
       insert into finding_steps
       select 'found-big-' || i, 0, case when i <= 8 then 'FILED' else 'WARNED' end, '2024-09-02'
       from generate_series(1, 12) as i;
       insert into finding_steps
       select 'found-big-' || i, 1, case when i <= 6 then 'PENALISED' else 'DISMISSED' end, '2024-09-03'
       from generate_series(1, 8) as i`,
    );
    expect(
      await entities(
        '... on Event { inspectionFunnel { inspected suspected filed penalised warned exempted dismissed isSuppressed synthetic } }',
        ['evt-big', 'evt-c', 'evt-d', 'evt-qd-joint-enforcement-2021'].map((id) => ({
          __typename: 'Event',
          id,
        })),
      ),
    ).toEqual({
      data: {
        _entities: [
          // Two were filed and not penalised, two dismissed, none exempted: each would tell of single ones.
          {
            inspectionFunnel: {
              inspected: 21,
              suspected: 12,
              filed: 8,
              penalised: null,
              warned: 4,
              exempted: null,
              dismissed: null,
              isSuppressed: true,
              synthetic: false,
            },
          },
          // Of so few every step would tell what came of each.
          {
            inspectionFunnel: {
              inspected: 3,
              suspected: null,
              filed: null,
              penalised: null,
              warned: null,
              exempted: null,
              dismissed: null,
              isSuppressed: true,
              synthetic: false,
            },
          },
          { inspectionFunnel: null },
          // The source prints 384; that none of them is on record here does not make it 0.
          { inspectionFunnel: null },
        ],
      },
    });
    expect(statements).toHaveLength(1);
    await sql(
      database.urls.enterprises,
      `delete from finding_steps where object_id like 'found-%';
       delete from findings where id like 'found-%';
       delete from inspections where id in ('i6', 'again') or id like 'big-%'`,
    );
  });

  it('gives each campaign and each region its own inspections, rolled up by parents', async () => {
    expect(
      await entities('... on Event { inspections(first: 2) { totalCount nodes { id } } }', [
        { __typename: 'Event', id: 'evt-c' },
        { __typename: 'Event', id: 'evt-none' },
      ]),
    ).toEqual({
      data: {
        _entities: [
          { inspections: { totalCount: 3, nodes: [{ id: 'i1' }, { id: 'i2' }] } },
          { inspections: { totalCount: 0, nodes: [] } },
        ],
      },
    });
    expect(statements).toHaveLength(2);
    expect(
      await entities(
        '... on Region { inspectionCount inspections { nodes { id } } own: inspections(includeSubregions: false) { nodes { id } } }',
        ['370000', '110105', '420000'].map((code) => ({ __typename: 'Region', code })),
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            inspectionCount: 4,
            inspections: { nodes: [{ id: 'i2' }, { id: 'i3' }, { id: 'i4' }, { id: 'i5' }] },
            own: { nodes: [] },
          },
          { inspectionCount: 1, inspections: { nodes: [{ id: 'i1' }] }, own: { nodes: [{ id: 'i1' }] } },
          { inspectionCount: 0, inspections: { nodes: [] }, own: { nodes: [] } },
        ],
      },
    });
    expect(statements).toHaveLength(3);
  });

  it('knows inspections and assessments by their keys', async () => {
    expect(
      await entities(
        '... on Inspection { method enterprise { id } } ... on DualEffectAssessment { year enterprise { id } }',
        [
          { __typename: 'Inspection', id: 'i4' },
          { __typename: 'DualEffectAssessment', id: 'd3' },
          { __typename: 'Inspection', id: 'i9' },
        ],
      ),
    ).toEqual({
      data: {
        _entities: [
          { method: 'COMPLAINT', enterprise: { id: 'ent-test-2' } },
          { year: 2024, enterprise: { id: 'ent-test-1' } },
          null,
        ],
      },
    });
  });
});

describe('a dual-effect assessment', () => {
  it('has its scores, its indicators and the effect of a content fault on the result', async () => {
    expect(
      await ask(`{
        dualEffectAssessment(id: "d1") {
          enterprise { id } assessedBy { id } year socialScore economicScore total socialWeight
          hasContentFault resultCap gradeZh items { kind nameZh weight score }
        }
        capped: dualEffectAssessments(filter: { hasContentFault: { eq: true } }) { nodes { id total resultCap } }
        best: dualEffectAssessments(orderBy: [{ field: TOTAL, direction: DESC }]) { nodes { id } }
        good: dualEffectAssessments(
          filter: { year: { eq: 2023 }, total: { gte: "89" }, socialScore: { lt: "89" }, economicScore: { eq: "90" },
                    gradeZh: { contains: "优" }, assessedById: { eq: "org-prop" }, region: { within: "370200" } }
        ) { totalCount }
        none: dualEffectAssessment(id: "d9") { id }
      }`),
    ).toEqual({
      data: {
        dualEffectAssessment: {
          enterprise: { id: 'ent-test-4' },
          assessedBy: { id: 'org-prop' },
          year: 2023,
          socialScore: '88.5',
          economicScore: '90',
          total: '89.1',
          socialWeight: '60',
          hasContentFault: false,
          resultCap: null,
          gradeZh: '优秀',
          items: [
            { kind: 'SOCIAL', nameZh: '政治导向', weight: '10', score: '9.5' },
            { kind: 'ECONOMIC', nameZh: '国有资产保值增值', weight: '15.5', score: null },
          ],
        },
        capped: { nodes: [{ id: 'd2', total: '59.9', resultCap: '59.9' }] },
        best: { nodes: [{ id: 'd1' }, { id: 'd2' }, { id: 'd3' }] },
        good: { totalCount: 1 },
        none: null,
      },
    });
  });

  it.each([
    ['a social weight below half', '49.99, false, null', 'dual_effect_assessments_social_weight'],
    ['a fault without a cap', '50, true, null', 'dual_effect_assessments_fault_caps'],
    ['a total above the cap', '50, true, 79', 'dual_effect_assessments_capped'],
  ])('with %s is refused', async (_what, values, constraint) => {
    expect(
      await refusalOf(
        database.urls.enterprises,
        `insert into dual_effect_assessments (id, enterprise_id, year, total, social_weight, has_content_fault, result_cap)
         values ('d9', 'ent-test-4', 2025, 80, ${values})`,
      ),
    ).toMatch(constraint);
  });
});

it.each(Object.entries(enumValues))('keeps of %s what the graph can say, and no more', (name, values) => {
  const type = subgraph.schema.getType(name);
  expect(isEnumType(type) && type.getValues().map((value) => value.name)).toEqual(values);
});
