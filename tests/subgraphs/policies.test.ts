import type { ConditionalPolicy, StatedCondition } from '@wenshu/kit/criteria.ts';
import { readDataset } from '@wenshu/migrations/load/dataset.ts';
import { policiesRows } from '@wenshu/migrations/load/policies.ts';
import { matchesOf } from '@wenshu/policies/eligibility.ts';
import type { Fact, Lineages, Place, Subject } from '@wenshu/policies/outcomes.ts';
import { policiesSubgraph } from '@wenshu/policies/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSubgraph, type TestSubgraph } from '../support/subgraph.ts';

let policies: TestSubgraph;
beforeAll(async () => {
  policies = await startSubgraph('policies', policiesSubgraph);
});
afterAll(() => policies[Symbol.asyncDispose]());

const entities = (query: string, representations: object[]) =>
  policies.ask(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${query} } }`,
    {
      representations,
    },
  );

describe('a policy', () => {
  it('is found by its id, with its issuer, its conditions and what it rests on', async () => {
    expect(
      await policies.ask(`{
        policy(id: "pol-wh-express") {
          nameEn kind domain status docNo issuedOn issuedYear synthetic version
          region { code nameZh }
          issuers { ... on Agency { nameZh kind department } }
          basedOn { docNo issuedOn issuedYear basisOf { totalCount nodes { id } } }
          eligibility { id seq field op value textZh }
          citations { quote isSidebar source { id date } }
        }
      }`),
    ).toEqual({
      data: {
        policy: {
          nameEn: 'Work plan: Service Express for key digital-creative enterprises',
          kind: 'WORK_PLAN',
          domain: 'DIGITAL_CREATIVE',
          status: 'ISSUED',
          docNo: null,
          issuedOn: '2022-10-18',
          issuedYear: 2022,
          synthetic: false,
          version: 1,
          region: { code: '420100', nameZh: '武汉市' },
          issuers: [
            {
              nameZh: '武汉市文化体制改革与文化产业发展领导小组办公室',
              kind: 'OFFICE',
              department: 'PROPAGANDA',
            },
          ],
          basedOn: ['武办文〔2021〕19号', '武办文〔2021〕47号'].map((docNo) => ({
            docNo,
            issuedOn: null,
            issuedYear: 2021,
            basisOf: { totalCount: 1, nodes: [{ id: 'pol-wh-express' }] },
          })),
          eligibility: [
            {
              id: 'pol-wh-express-e01',
              seq: 1,
              field: 'enterprise.regionCode',
              op: 'IN_REGION',
              value: '420100',
              textZh: '武汉地区',
            },
            expect.objectContaining({ op: 'HAS', value: ['龙头作用', '发展潜力'] }),
            expect.objectContaining({ field: 'enterprise.businessField', op: 'IN' }),
            expect.objectContaining({
              field: 'enterprise.onList',
              value: 'list-wh-express-first',
            }),
          ],
          citations: ['支持重点数字创意企业突破性发展的工作方案', '2022年10月18日'].map((quote) => ({
            quote,
            isSidebar: false,
            source: { id: 'src-003', date: '2022-10-18' },
          })),
        },
      },
    });
  });

  it('has its clauses in order, each with who is responsible and what is counted', async () => {
    expect(
      await policies.ask(`{
        policy(id: "pol-wh-express") {
          measures { seq titleZh frequency responsible { __typename ... on Agency { nameZh } } quantities { key value } }
        }
        measure(id: "pol-cy-party-brand-plan-m01") {
          titleEn kind textZh deadline targetGroupZh policy { nameEn }
          responsible { __typename ... on PartyUnit { id } }
          quantities { key value }
        }
      }`),
    ).toMatchObject({
      data: {
        policy: {
          measures: [
            { seq: 1, titleZh: '建立工作专班', frequency: null },
            { seq: 2, frequency: 'MONTHLY_ANALYSIS/QUARTERLY_DISPATCH/YEARLY_ASSESSMENT' },
            { seq: 3, frequency: 'MONTHLY' },
            {
              seq: 4,
              titleZh: '选派服务专员',
              responsible: [
                { __typename: 'Agency', nameZh: '中共武汉市委宣传部' },
                { __typename: 'Agency', nameZh: '武汉有关区文化产业主管部门' },
              ],
            },
            { seq: 5, responsible: null },
            { seq: 6, quantities: [] },
            {
              seq: 7,
              quantities: [
                { key: 'criteria', value: ['企业社会贡献', '经营业绩', '技术产品创新', '模式创新'] },
              ],
            },
            { seq: 8 },
          ],
        },
        measure: {
          kind: 'PARTY_BUILDING',
          deadline: null,
          targetGroupZh: null,
          policy: { nameEn: expect.stringContaining('brand') },
          responsible: [{ __typename: 'PartyUnit', id: 'pty-cy-culture-industry-committee' }],
          quantities: [{ key: 'brandsPerYear', value: 5 }],
        },
      },
    });
  });

  it('says nothing of issuer, clauses, conditions or day of issue where its source does not', async () => {
    expect(
      await policies.ask(`{
        silent: policy(id: "pol-huaiying-ten") {
          issuers { __typename } measures { id } eligibility { id } docNo issuedOn issuedYear
        }
        onlyYear: policy(id: "pol-ls-innovation-points") { issuedOn issuedYear }
        draft: policy(id: "pol-zj-av-base-measures") { status issuedOn issuers { __typename } notes }
        nationwide: policy(id: "pol-nrta-base-notice") { region { code } status }
      }`),
    ).toEqual({
      data: {
        silent: {
          issuers: null,
          measures: null,
          eligibility: null,
          docNo: null,
          issuedOn: null,
          issuedYear: null,
        },
        onlyYear: { issuedOn: null, issuedYear: 2021 },
        draft: {
          status: 'DRAFT_FOR_COMMENT',
          issuedOn: null,
          issuers: null,
          notes: expect.stringContaining('not stated'),
        },
        nationwide: { region: null, status: 'REFERENCED' },
      },
    });
  });

  it('is found by its document number, and null where there is none', async () => {
    expect(
      await policies.ask(`{
        policyByDocNo(docNo: "武办文〔2021〕47号") { id }
        none: policyByDocNo(docNo: "武办文〔2021〕48号") { id }
        policy(id: "pol-none") { id } measure(id: "pol-none-m01") { id } agency(id: "org-none") { id } source(id: "src-none") { id }
      }`),
    ).toEqual({
      data: {
        policyByDocNo: { id: 'pol-wh-965-chain' },
        none: null,
        policy: null,
        measure: null,
        agency: null,
        source: null,
      },
    });
  });

  it('names its subjects by role, of whatever type, and may be issued by a Party organisation', async () => {
    expect(
      await policies.ask(`{
        policy(id: "pol-qd-culture-tech-opinion") {
          subjects { role subject { __typename ... on Park { id } ... on Enterprise { id } } }
          none: subjects(role: RECOGNISES) { role }
        }
        fund: policy(id: "pol-qd-culture-media-fund") { subjects(role: SUPPORTS) { subject { ... on Agency { nameZh } } } }
        plan: policy(id: "pol-cy-party-brand-plan") { issuers { __typename ... on PartyUnit { id } } }
      }`),
    ).toEqual({
      data: {
        policy: {
          subjects: [
            { role: 'BENEFICIARY', subject: { __typename: 'Park', id: 'park-22c-radio-tv' } },
            { role: 'BENEFICIARY', subject: { __typename: 'Enterprise', id: 'ent-jindong-digital' } },
          ],
          none: null,
        },
        fund: {
          subjects: [
            { subject: { nameZh: '“观海”新闻客户端' } },
            { subject: { nameZh: '“蓝睛”新闻客户端' } },
          ],
        },
        plan: { issuers: [{ __typename: 'PartyUnit', id: 'pty-cy-culture-industry-committee' }] },
      },
    });
  });
});

describe('an agency', () => {
  it('knows what is above and below it, its services, and the policies that it issued', async () => {
    expect(
      await policies.ask(`{
        agency(id: "org-cy-zone-admin") {
          nameZh kind department region { nameZh } parent { id } locatedIn { id }
          subordinates(orderBy: [{ field: ID, direction: DESC }]) {
            totalCount nodes { nameZh parent { id } services { nameZh } indicators { nodes { valueAsPrinted } } }
          }
          issuedPolicies { nodes { id } }
          notes
        }
      }`),
    ).toEqual({
      data: {
        agency: {
          nameZh: '国家文创实验区(管理机构)',
          kind: 'ZONE_ADMINISTRATION',
          department: 'CULTURE_PROMOTION',
          region: { nameZh: '朝阳区' },
          parent: null,
          locatedIn: null,
          subordinates: {
            totalCount: 3,
            nodes: [
              {
                nameZh: '广电政务审批帮办窗口',
                parent: { id: 'org-cy-zone-admin' },
                services: [{ nameZh: '政策解读' }, { nameZh: '政策咨询' }, { nameZh: '材料预审' }],
                indicators: { nodes: [{ valueAsPrinted: '80余次' }] },
              },
              expect.objectContaining({ nameZh: '实验区“政务服务工作站”', services: null }),
              expect.objectContaining({ nameZh: '国家文创实验区云园区企业服务站' }),
            ],
          },
          issuedPolicies: { nodes: [{ id: 'pol-cy-culture-hq-measures' }] },
          notes: expect.stringContaining('one name for the zone'),
        },
      },
    });
  });

  it('says where it lies, to which system it belongs, and how it relates to others', async () => {
    expect(
      await policies.ask(`{
        agency(id: "org-cas-psych-service-lab") {
          department locatedIn { id } subjects { role }
        }
        office: agency(id: "org-qd-tourism-joint-office") { subjects(role: MEMBER) { role subject { ... on Agency { nameZh } } } }
        member: agency(id: "org-qd-transport") { namedBy { role agency { nameZh } } none: namedBy(role: DEPUTY_HEAD) { role } }
        app: agency(id: "org-guanhai") { policies(role: SUPPORTS) { nodes { id } } none: policies(role: PROMOTED_BY) { totalCount } }
      }`),
    ).toEqual({
      data: {
        agency: {
          department: null,
          locatedIn: { id: 'park-xinzhigu' },
          subjects: null,
        },
        office: {
          subjects: ['青岛市文化和旅游局', '青岛市交通运输局', '青岛市市场监管部门', '青岛市公安部门'].map(
            (nameZh) => ({ role: 'MEMBER', subject: { nameZh } }),
          ),
        },
        member: { namedBy: [{ role: 'MEMBER', agency: { nameZh: '青岛旅游联合执法办公室' } }], none: null },
        app: { policies: { nodes: [{ id: 'pol-qd-culture-media-fund' }] }, none: { totalCount: 0 } },
      },
    });
  });
});

describe('lists', () => {
  it('hold every policy and agency of the dataset, and every source', async () => {
    expect(
      await policies.ask(
        '{ policies { totalCount } agencies { totalCount } policyIndicators { totalCount } sources { id issuers { nameZh } } }',
      ),
    ).toMatchObject({
      data: {
        policies: { totalCount: 105 },
        agencies: { totalCount: 125 },
        policyIndicators: { totalCount: 59 },
        sources: [
          { id: 'src-000', issuers: [{ nameZh: '怀柔区文促中心' }, { nameZh: '“政风热线”节目' }] },
          { id: 'src-001' },
          { id: 'src-002' },
          { id: 'src-003' },
          { id: 'src-004' },
        ],
      },
    });
    expect(policies.statements).toHaveLength(5);
  });

  it.each([
    ['status: { in: [TRIAL, DRAFT_FOR_COMMENT] }', 3],
    ['kind: { eq: FUND }, domain: { eq: FINANCE }', 5],
    ['region: { within: "370000" }', 76],
    ['region: { eq: "370000" }', 4],
    ['region: { isNull: true }', 4],
    ['docNo: { contains: "武办文" }', 2],
    ['docNo: { isNull: false }', 2],
    ['nameZh: { contains: "融" }, not: { region: { within: "370000" } }', 1],
    ['issuedYear: { eq: 2021 }', 6],
    ['issuedOn: { gte: "2022-01-01", lt: "2023-01-01" }', 1],
    ['issuerId: { eq: "org-cy-zone-admin" }', 1],
    ['issuerId: { in: ["org-cy-zone-admin", "pty-cy-culture-industry-committee"] }', 2],
    ['issuerId: { in: [] }', 0],
    ['issuerId: { isNull: true }', 46],
    ['hasMeasures: false', 68],
    ['hasEligibility: true', 7],
    ['hasEligibility: true, hasMeasures: false', 2],
    ['or: [{ hasEligibility: true }, { synthetic: { eq: true } }]', 7],
  ])('are filtered: policies with { %s }', async (filter, totalCount) => {
    expect(await policies.ask(`{ policies(filter: { ${filter} }) { totalCount } }`)).toEqual({
      data: { policies: { totalCount } },
    });
  });

  it.each([
    ['kind: { eq: SERVICE_WINDOW }, parentId: { isNull: true }', 1],
    ['department: { in: [PROPAGANDA] }', 8],
    ['department: { isNull: true }', 86],
    ['parkId: { eq: "park-xinzhigu" }', 2],
    ['region: { within: "110000" }, nameEn: { contains: "PARTY" }', 1],
  ])('are filtered: agencies with { %s }', async (filter, totalCount) => {
    expect(await policies.ask(`{ agencies(filter: { ${filter} }) { totalCount } }`)).toEqual({
      data: { agencies: { totalCount } },
    });
  });

  it.each([
    ['forward', 'first: 9, after: $cursor', 'endCursor', 'hasNextPage'],
    ['backward', 'last: 9, before: $cursor', 'startCursor', 'hasPreviousPage'],
  ])(
    'show every policy once, paging %s by day of issue, which most do not have',
    async (_way, args, cursor, more) => {
      type Answer = {
        data: { policies: { nodes: { id: string }[]; pageInfo: Record<string, string | boolean> } };
      };
      const orderBy = 'orderBy: [{ field: ISSUED_ON, direction: DESC }, { field: NAME }]';
      const whole = (await policies.ask(
        `{ policies(first: 500, ${orderBy}) { nodes { id } pageInfo { hasNextPage } } }`,
      )) as Answer;
      const page = `query ($cursor: String) { policies(${args}, ${orderBy}) { nodes { id } pageInfo { ${cursor} ${more} } } }`;
      const seen: string[] = [];
      let at: unknown = null;
      do {
        const { nodes, pageInfo } = ((await policies.ask(page, { cursor: at })) as Answer).data.policies;
        const ids = nodes.map(({ id }) => id);
        if (more === 'hasNextPage') seen.push(...ids);
        else seen.unshift(...ids);
        at = pageInfo[more] ? pageInfo[cursor] : null;
      } while (at);
      expect(seen).toEqual(whole.data.policies.nodes.map(({ id }) => id));
      expect(seen).toHaveLength(105);
      expect(seen[0]).toBe('pol-wh-express');
    },
  );

  it('take as many statements for a hundred policies as for sixty', async () => {
    const question = (first: number) => `{
      policies(first: ${first}, orderBy: [{ field: NAME }]) {
        nodes {
          nameZh region { nameZh } issuers { ... on Agency { nameZh parent { nameZh } } }
          basedOn { nameZh } basisOf { totalCount nodes { id } } eligibility { value }
          measures { titleZh responsible { ... on Agency { nameZh } } policy { nameZh } }
          subjects { subject { ... on Agency { nameZh } } } indicators { nodes { value } } enterprises { role }
        }
      }
    }`;
    await policies.ask(question(105));
    const forAll = policies.statements.length;
    await policies.ask(question(60));
    expect(policies.statements.length).toBe(forAll);
    expect(forAll).toBe(17);
  });

  it('read only the columns asked for', async () => {
    await policies.ask('{ policies(first: 3) { nodes { nameZh } } }');
    expect(policies.statements).toHaveLength(1);
    expect(policies.statements[0]).not.toMatch(/count|citations|name_en|facts/);
  });

  it.each([
    ['policies(first: -1)', 'first', '"first" must be from 0 to 500, not -1.'],
    [
      'policies(after: "gibberish")',
      'after',
      '"after" is not a cursor of this list. Use a cursor from pageInfo or edges.',
    ],
    [
      'policies(filter: { issuedYear: { gt: 2022, lt: 2021 } })',
      'filter.issuedYear',
      'The bounds of filter.issuedYear exclude each other: nothing is above 2022 and below 2021.',
    ],
    [
      'agencies(filter: { department: { isNull: true, eq: PROPAGANDA } })',
      'filter.department',
      'filter.department asks for null and for a value at once.',
    ],
    [
      'policies(filter: { issuerId: { isNull: true, eq: "org-cy-zone-admin" } })',
      'filter.issuerId',
      'filter.issuerId asks for null and for a value at once.',
    ],
  ])('refuse %s at its path, and answer the rest', async (list, argument, message) => {
    expect(
      await policies.ask(`{ bad: ${list} { totalCount } fine: agency(id: "org-qd-gov") { kind } }`),
    ).toEqual({
      errors: [
        expect.objectContaining({ path: ['bad'], message, extensions: { code: 'BAD_USER_INPUT', argument } }),
      ],
      data: { bad: null, fine: { kind: 'GOVERNMENT' } },
    });
  });
});

describe('what other agencies read by key', () => {
  it('gives each subject the policies that name it, in one statement for each type', async () => {
    expect(
      await entities(
        `... on PartyBrand { policies { nodes { id } } }
         ... on PartyUnit { policies(role: BENEFICIARY) { nodes { id } } issuedPolicies { nodes { id } } }
         ... on Park { policies { nodes { id } } }
         ... on Enterprise { policies(role: IMPLEMENTED_BY) { nodes { id } } }
         ... on Work { policies { totalCount } }`,
        [
          { __typename: 'PartyBrand', id: 'brand-motie' },
          { __typename: 'PartyUnit', id: 'pty-gaea' },
          { __typename: 'PartyUnit', id: 'pty-cy-culture-industry-committee' },
          { __typename: 'Park', id: 'park-22c-radio-tv' },
          { __typename: 'Park', id: 'park-798' },
          { __typename: 'Enterprise', id: 'ent-ccb' },
          { __typename: 'Enterprise', id: 'ent-gaea' },
          { __typename: 'Work', id: 'work-crazy-alien' },
        ],
      ),
    ).toEqual({
      data: {
        _entities: [
          { policies: { nodes: [{ id: 'pol-bj-two-new-brand-project' }] } },
          {
            policies: { nodes: [{ id: 'pol-bj-nonpublic-party-reward' }] },
            issuedPolicies: { nodes: [] },
          },
          { policies: { nodes: [] }, issuedPolicies: { nodes: [{ id: 'pol-cy-party-brand-plan' }] } },
          { policies: { nodes: [{ id: 'pol-qd-culture-tech-opinion' }, { id: 'pol-sd-integration-base' }] } },
          { policies: { nodes: [] } },
          { policies: { nodes: [{ id: 'pol-pd-mortgage-measures' }] } },
          { policies: { nodes: [] } },
          { policies: { totalCount: 1 } },
        ],
      },
    });
    expect(policies.statements).toHaveLength(6);
  });

  it('gives each region its policies, agencies and figures, with and without what is below it', async () => {
    expect(
      await entities(
        `... on Region {
          policyCount agencyCount
          own: policies(includeSubregions: false, first: 1) { totalCount }
          agencies(filter: { kind: { eq: SERVICE_WINDOW } }) { totalCount }
          policyIndicators { totalCount nodes { subject { ... on Policy { id } ... on Agency { id } } } }
        }`,
        [
          { __typename: 'Region', code: '110000' },
          { __typename: 'Region', code: '110105' },
          { __typename: 'Region', code: '350128' },
        ],
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            policyCount: 12,
            agencyCount: 26,
            own: { totalCount: 4 },
            agencies: { totalCount: 5 },
            policyIndicators: { totalCount: 0, nodes: [] },
          },
          {
            policyCount: 2,
            agencyCount: 8,
            own: { totalCount: 2 },
            agencies: { totalCount: 4 },
            policyIndicators: {
              totalCount: 2,
              nodes: [
                { subject: { id: 'org-cy-radio-tv-window' } },
                { subject: { id: 'pol-cy-party-brand-plan' } },
              ],
            },
          },
          {
            policyCount: 0,
            agencyCount: 0,
            own: { totalCount: 0 },
            agencies: { totalCount: 0 },
            policyIndicators: { totalCount: 0, nodes: [] },
          },
        ],
      },
    });
  });

  it('gives each park the agencies within it and the service windows of its operator', async () => {
    const operator = { __typename: 'Agency', id: 'org-cy-zone-admin' };
    expect(
      await entities('... on Park { serviceStations { totalCount nodes { id kind } } }', [
        { __typename: 'Park', id: 'park-nciz', operator },
        { __typename: 'Park', id: 'park-xinzhigu', operator: null },
        { __typename: 'Park', id: 'park-yida-power-valley', operator: { __typename: 'Enterprise' } },
      ]),
    ).toEqual({
      data: {
        _entities: [
          {
            serviceStations: {
              totalCount: 3,
              nodes: ['org-cy-cloud-station', 'org-cy-gov-service-workstation', 'org-cy-radio-tv-window'].map(
                (id) => ({ id, kind: 'SERVICE_WINDOW' }),
              ),
            },
          },
          {
            serviceStations: {
              totalCount: 2,
              nodes: ['org-cas-psych-service-lab', 'org-cass-ai-logic-lab'].map((id) => ({
                id,
                kind: 'LAB',
              })),
            },
          },
          { serviceStations: { totalCount: 0, nodes: [] } },
        ],
      },
    });
    expect(policies.statements).toHaveLength(2);
  });
});

describe('the policies that fit an enterprise', () => {
  const enterprise = (facts: object) => ({
    __typename: 'Enterprise',
    id: 'ent-any',
    kind: 'ENTERPRISE',
    cultureDomainCode: null,
    isAboveScale: null,
    honours: [],
    region: null,
    regionBasis: null,
    tiers: null,
    tiersCheckedOn: '2024-06-30',
    ...facts,
  });
  const inLaoshan = { region: { code: '370212' }, regionBasis: 'STATED' };

  it('are listed condition by condition, each with its reason', async () => {
    expect(
      await entities(
        `... on Enterprise {
          policyMatches(verdict: [MET]) {
            totalCount
            nodes { policy { nameZh status } verdict conditions { textZh field verdict reason reasonZh } }
          }
        }`,
        [enterprise({ ...inLaoshan, tiers: [{ tier: 'GAZELLE' }, { tier: 'LEADING' }] })],
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            policyMatches: {
              totalCount: 1,
              nodes: [
                {
                  policy: { nameZh: '创新型企业梯次培育', status: 'ISSUED' },
                  verdict: 'MET',
                  conditions: [
                    {
                      textZh: '政策适用地区:崂山区',
                      field: 'enterprise.regionCode',
                      verdict: 'MET',
                      reasonZh: '位于崂山区。',
                      reason: 'It lies in Laoshan District.',
                    },
                    {
                      textZh: '专精特新、隐形冠军、高新技术、瞪羚、独角兽、上市等企业',
                      field: 'enterprise.tier',
                      verdict: 'MET',
                      reasonZh: '持有“瞪羚企业”称号。',
                      reason: 'It holds the tier "Gazelle".',
                    },
                  ],
                },
              ],
            },
          },
        ],
      },
    });
  });

  it('are never met by an enterprise of which nothing is known', async () => {
    expect(
      await entities('... on Enterprise { policyMatches { nodes { policy { id } verdict } } }', [
        enterprise({}),
      ]),
    ).toEqual({
      data: {
        _entities: [
          {
            policyMatches: {
              nodes: [
                'pol-ch-guarantee-whitelist',
                'pol-ch-tech-upgrade',
                'pol-ch-zjtx',
                'pol-ls-sme-ladder',
                'pol-ls-tolerance-period',
                'pol-wh-express',
              ].map((id) => ({ policy: { id }, verdict: 'UNKNOWN' })),
            },
          },
        ],
      },
    });
  });

  it('are filtered by verdict before they are paged, forwards and backwards', async () => {
    const ask = async (args: string) => {
      const answer = (await entities(
        `... on Enterprise { policyMatches(orderBy: [{ field: POLICY_ID }], ${args}) {
          totalCount edges { cursor node { policy { id } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } }`,
        [enterprise({ ...inLaoshan, tiers: [] })],
      )) as {
        data: {
          _entities: {
            policyMatches: {
              totalCount: number;
              edges: { cursor: string; node: { policy: { id: string } } }[];
              pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
            };
          }[];
        };
      };
      const [entity] = answer.data._entities;
      if (!entity) throw new Error('No answer.');
      const { totalCount, edges, pageInfo } = entity.policyMatches;
      return { totalCount, ids: edges.map(({ node }) => node.policy.id), pageInfo };
    };
    const first = await ask('verdict: [NOT_MET], first: 2');
    expect(first).toEqual({
      totalCount: 5,
      ids: ['pol-ch-guarantee-whitelist', 'pol-ch-tech-upgrade'],
      pageInfo: expect.objectContaining({ hasNextPage: true, hasPreviousPage: false }),
    });
    const second = await ask(`verdict: [NOT_MET], first: 3, after: "${first.pageInfo.endCursor}"`);
    expect(second).toEqual({
      totalCount: 5,
      ids: ['pol-ch-zjtx', 'pol-ls-sme-ladder', 'pol-wh-express'],
      pageInfo: expect.objectContaining({ hasNextPage: false, hasPreviousPage: true }),
    });
    expect(await ask(`verdict: [NOT_MET], last: 1, before: "${second.pageInfo.endCursor}"`)).toEqual({
      totalCount: 5,
      ids: ['pol-ls-sme-ladder'],
      pageInfo: expect.objectContaining({ hasNextPage: true, hasPreviousPage: true }),
    });
    expect((await ask('verdict: [UNKNOWN]')).ids).toEqual(['pol-ls-tolerance-period']);
    expect(await ask('first: 0')).toEqual({
      totalCount: 6,
      ids: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
    expect(await ask('verdict: []')).toMatchObject({ totalCount: 0, ids: [] });
    expect(await ask('policyId: "pol-ls-sme-ladder"')).toMatchObject({
      totalCount: 1,
      ids: ['pol-ls-sme-ladder'],
    });
    expect(await ask('policyId: "pol-ls-sme-ladder", verdict: [MET]')).toMatchObject({
      totalCount: 0,
      ids: [],
    });
    expect(await ask('policyId: "nowhere"')).toMatchObject({ totalCount: 0, ids: [] });
  });

  it('refuse a malformed page for each enterprise, without asking the database', async () => {
    expect(
      await entities('... on Enterprise { id policyMatches(after: "gibberish") { totalCount } }', [
        enterprise({}),
      ]),
    ).toMatchObject({
      errors: [
        {
          path: ['_entities', 0, 'policyMatches'],
          extensions: { code: 'BAD_USER_INPUT', argument: 'after' },
        },
      ],
    });
    expect(policies.statements).toEqual([]);
  });

  it('are found for two hundred enterprises in three statements', async () => {
    const codes = ['370212', '370214', '370200', '110105', '420100', '999999'];
    const many = Array.from({ length: 200 }, (_, i) =>
      enterprise({
        id: `ent-${i}`,
        region: { code: codes[i % codes.length] },
        regionBasis: i % 2 ? 'STATED' : 'CONTEXT',
        tiers: i % 3 ? [{ tier: 'SPECIALIZED_SME' }] : null,
      }),
    );
    const answer = (await entities(
      '... on Enterprise { policyMatches { nodes { policy { nameZh } verdict } } }',
      many,
    )) as { data: { _entities: object[] } };
    expect(answer.data._entities).toHaveLength(200);
    expect(policies.statements).toHaveLength(3);
  });
});

describe('the policies that fit a park', () => {
  it('are drafts only when drafts are asked for', async () => {
    expect(
      await entities(
        `... on Park {
          inForce: policyMatches { totalCount }
          all: policyMatches(includeDrafts: true) { nodes { policy { id status } verdict conditions { verdict reasonZh } } }
        }`,
        [
          { __typename: 'Park', id: 'park-a', kind: 'AV_BASE', region: { code: '330000' } },
          { __typename: 'Park', id: 'park-b', kind: 'AV_BASE', region: null },
          { __typename: 'Park', id: 'park-798', kind: 'ART_DISTRICT', region: { code: '110105' } },
        ],
      ),
    ).toEqual({
      data: {
        _entities: (
          [
            ['MET', ['MET', '种类为“视听产业基地”。'], ['MET', '位于浙江省。']],
            [
              'UNKNOWN',
              ['MET', '种类为“视听产业基地”。'],
              ['UNKNOWN', '没有来源说明园区所在地区,不等于不符合。园区所在地区由文旅局掌握。'],
            ],
            [
              'NOT_MET',
              ['NOT_MET', '种类为“艺术区”。要求其一:“视听产业基地”。'],
              ['NOT_MET', '位于朝阳区,不属于浙江省。'],
            ],
          ] as const
        ).map(([verdict, ...conditions]) => ({
          inForce: { totalCount: 0 },
          all: {
            nodes: [
              {
                policy: { id: 'pol-zj-av-base-measures', status: 'DRAFT_FOR_COMMENT' },
                verdict,
                conditions: conditions.map(([each, reasonZh]) => ({ verdict: each, reasonZh })),
              },
            ],
          },
        })),
      },
    });
    expect(policies.statements).toHaveLength(3);
  });
});

describe('a condition', () => {
  const place = (code: string): Place => ({ code, nameZh: `地${code}`, nameEn: `Place ${code}` });
  const lineages: Lineages = new Map(
    [
      ['370000'],
      ['370200', '370000'],
      ['370212', '370200', '370000'],
      ['370214', '370200', '370000'],
      ['420100'],
    ].map((line) => [line[0] ?? '', line.map(place)]),
  );
  const enterprise: Subject = {
    type: 'enterprise',
    id: 'ent-x',
    region: '370212',
    regionBasis: 'STATED',
    facts: { tier: { values: [], isComplete: true, basis: 'RECORDED' } },
  };
  const holding = (tiers: readonly string[] | null, others: Partial<Fact> = {}): Subject => ({
    ...enterprise,
    facts: { tier: tiers && { values: tiers, isComplete: true, basis: 'RECORDED', ...others } },
  });
  const park: Subject = {
    type: 'park',
    id: 'park-x',
    region: '370212',
    regionBasis: 'RECORDED',
    facts: { kind: { values: ['AV_BASE'], isComplete: true, basis: 'RECORDED' } },
  };
  const policy = (
    conditions: [field: string, op: string, value: unknown][],
    others: Partial<ConditionalPolicy> = {},
  ): ConditionalPolicy => ({
    id: 'pol-x',
    status: 'ISSUED',
    regionCode: '370200',
    synthetic: false,
    conditions: conditions.map(
      ([field, op, value]): StatedCondition => ({
        field,
        op,
        value,
        textZh: '甲',
        measureId: null,
        lists: null,
      }),
    ),
    ...others,
  });
  const matches = (subject: Subject, policies: ConditionalPolicy[], includeDrafts = false) =>
    matchesOf(subject, policies, lineages, { includeDrafts });
  const verdictsOf = (subject: Subject, asked: ConditionalPolicy) =>
    matches(subject, [asked]).flatMap(({ verdict, checks }) => [
      verdict,
      ...checks().map((each) => each.verdict),
    ]);
  const tier = ['enterprise.tier', 'IN', ['GAZELLE', 'UNICORN']] satisfies [string, string, unknown];

  it.each([
    ['in the region itself', '370212', 'STATED', '370212', 'MET'],
    ['below the region', '370212', 'STATED', '370000', 'MET'],
    ['in another region', '370214', 'STATED', '370212', 'NOT_MET'],
    ['above the region, so that it may lie in it', '370200', 'STATED', '370212', 'UNKNOWN'],
    ['in no recorded region', null, null, '370212', 'UNKNOWN'],
    ['only mentioned in a report on the region', '370212', 'CONTEXT', '370212', 'LIKELY'],
    ['only mentioned in a report on a part of the region', '370212', 'CONTEXT', '370200', 'LIKELY'],
    ['only mentioned in a report on what lies above', '370200', 'CONTEXT', '370212', 'UNKNOWN'],
    ['only mentioned in a report on another region', '420100', 'CONTEXT', '370212', 'NOT_MET'],
    ['in a region that rests on nothing', '370212', null, '370212', 'UNKNOWN'],
    ['in a region that is not kept', '999999', 'STATED', '370212', 'UNKNOWN'],
    ['held against a region that is not kept', '370212', 'STATED', '999999', 'UNKNOWN'],
    ['held against a policy without a region', '370212', 'STATED', null, 'UNKNOWN'],
  ] as const)('on the territory, for an enterprise %s', (_what, region, regionBasis, regionCode, verdict) => {
    const subject: Subject = { ...holding(['GAZELLE']), region, regionBasis };
    expect(verdictsOf(subject, policy([tier], { regionCode }))).toEqual([verdict, verdict, 'MET']);
  });

  it.each([
    ['one of them', ['LEADING', 'GAZELLE'], 'MET'],
    ['others', ['LEADING'], 'NOT_MET'],
    ['none, as was checked', [], 'NOT_MET'],
    ['none that a source speaks of', null, 'UNKNOWN'],
  ] as const)('on tiers, for an enterprise that holds %s', (_what, tiers, verdict) => {
    expect(verdictsOf(holding(tiers), policy([tier]))).toEqual([verdict, 'MET', verdict]);
  });

  it('on tiers is unknown where others are on record, but the register was never checked', () => {
    const subject = holding(['LEADING'], { isComplete: false });
    expect(verdictsOf(subject, policy([tier]))).toEqual(['UNKNOWN', 'MET', 'UNKNOWN']);
  });

  it('on the territory stands once, even if the policy states it too', () => {
    const stated = ['enterprise.regionCode', 'IN_REGION', '370200'] satisfies [string, string, unknown];
    expect(verdictsOf(enterprise, policy([stated]))).toEqual(['MET', 'MET']);
  });

  it.each([
    ['enterprise.whitelist', 'EQ', true],
    ['enterprise.onList', 'EQ', '首批名单'],
    ['enterprise.role', 'HAS', ['龙头作用']],
    ['enterprise.activityType', 'IN', ['新业态']],
    ['violation.harmCaused', 'EQ', false],
    ['business.area', 'EQ', 1],
    ['enterprise.tier', 'LESS_THAN', 'GAZELLE'],
    ['enterprise.tier', 'IN', 'GAZELLE'],
    ['enterprise.regionCode', 'EQ', '370212'],
  ])('on %s %s %j is unknown, since no agency keeps the fact', (...condition) => {
    expect(verdictsOf(holding(['GAZELLE']), policy([condition]))).toEqual(['UNKNOWN', 'MET', 'UNKNOWN']);
  });

  it('that is not met outweighs those that are unknown', () => {
    expect(verdictsOf(enterprise, policy([['enterprise.whitelist', 'EQ', true], tier]))).toEqual([
      'NOT_MET',
      'MET',
      'UNKNOWN',
      'NOT_MET',
    ]);
  });

  it('on another kind of subject is unknown beside one on this kind, and no match by itself', () => {
    const onPark = ['park.kind', 'IN', ['AV_BASE']] satisfies [string, string, unknown];
    expect(verdictsOf(park, policy([onPark]))).toEqual(['MET', 'MET', 'MET']);
    expect(verdictsOf(park, policy([onPark, tier]))).toEqual(['UNKNOWN', 'MET', 'MET', 'UNKNOWN']);
    expect(matches(park, [policy([tier])])).toEqual([]);
    expect(matches(enterprise, [policy([onPark])])).toEqual([]);
  });

  it('is needed: a policy that states none fits nobody', () => {
    expect(matches(holding(['GAZELLE']), [policy([])])).toEqual([]);
  });

  it.each([
    ['ISSUED', 1, 1],
    ['TRIAL', 1, 1],
    ['DRAFT_FOR_COMMENT', 0, 1],
    ['DRAFTING', 0, 1],
    ['PLANNED', 0, 1],
    ['REFERENCED', 0, 0],
    ['REPEALED', 0, 0],
  ])('of a policy that is %s', (status, inForce, withDrafts) => {
    expect(matches(enterprise, [policy([tier], { status })])).toHaveLength(inForce);
    expect(matches(enterprise, [policy([tier], { status })], true)).toHaveLength(withDrafts);
  });

  it('says why in both languages', () => {
    for (const subject of [enterprise, { ...enterprise, region: '370200' }, holding(null)]) {
      for (const { checks } of matches(subject, [policy([tier], { regionCode: '370214' })])) {
        for (const { reason, reasonZh } of checks()) {
          expect(reasonZh).toMatch(/\p{Script=Han}.*。$/u);
          expect(reason).toMatch(/^[A-Z][^\p{Script=Han}]*\.$/u);
        }
      }
    }
  });
});

describe('the rows to load', () => {
  it('hold every clause and condition of the dataset, a year never made into a day', async () => {
    const dataset = await readDataset(new URL('../../migrations/data/', import.meta.url));
    const rows = policiesRows(dataset);
    expect(rows.map((each) => each.rows.length)).toEqual([105, 68, 6, 29, 82, 17, 15, 2, 0, 125, 9]);
    const days = rows[0]?.rows.filter((row) => row.issuedOn).map(({ id, issuedYear }) => [id, issuedYear]);
    expect(days).toEqual([['pol-wh-express', 2022]]);
  });
});
