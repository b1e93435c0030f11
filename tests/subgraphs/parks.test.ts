import { readDataset } from '@wenshu/migrations/load/dataset.ts';
import { parksRows } from '@wenshu/migrations/load/parks.ts';
import { parksSubgraph } from '@wenshu/parks/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSubgraph, type TestSubgraph } from '../support/subgraph.ts';

let parks: TestSubgraph;
beforeAll(async () => {
  parks = await startSubgraph('parks', parksSubgraph);
});
afterAll(() => parks[Symbol.asyncDispose]());

describe('a park', () => {
  it('says what its enterprises earn, and in which time, where that is published', async () => {
    const query = `{
      zone: park(id: "park-nciz") { revenue { yuan approx periodStart periodEnd } }
      other: park(id: "park-sunhe-52") { revenue { yuan } }
      parks(first: 1, filter: {revenue: {gt: "1000000000"}}, orderBy: [{field: REVENUE, direction: DESC}]) {
        nodes { id } aggregates { count revenue { sum } }
      }
    }`;
    expect(await parks.ask(query)).toEqual({
      data: {
        zone: {
          revenue: {
            yuan: '67420000000',
            approx: 'EXACT',
            periodStart: '2024-01-01',
            periodEnd: '2024-05-31',
          },
        },
        other: { revenue: null },
        parks: { nodes: [{ id: 'park-nciz' }], aggregates: [{ count: 1, revenue: { sum: '67420000000' } }] },
      },
    });
  });

  it('is found by its id, with its figures as exact as in the source', async () => {
    expect(
      await parks.ask(`{
        park(id: "park-sunhe-52") {
          nameZh kind level addressZh isVirtual synthetic version
          recognitions { titleZh year level }
          region { code nameZh }
          floorArea { sqm approx }
          statedTenants { count approx scope }
          citations { quote isSidebar source { id date } }
          indicators { nodes { metric valueAsPrinted approx subject { ... on Park { nameZh } } } }
        }
      }`),
    ).toEqual({
      data: {
        park: {
          nameZh: '孙河52号文化创意园区',
          kind: 'CULTURE_PARK',
          level: 'MUNICIPAL',
          addressZh: '朝阳区温榆河畔',
          isVirtual: false,
          synthetic: false,
          version: 1,
          recognitions: [{ titleZh: '2023年度北京市级文化产业园区', year: 2023, level: 'MUNICIPAL' }],
          region: { code: '110105', nameZh: '朝阳区' },
          floorArea: { sqm: '30000', approx: 'ABOUT' },
          statedTenants: { count: 30, approx: 'OVER', scope: '文化企业' },
          citations: [
            '孙河52号文化创意园区位于朝阳区温榆河畔',
            '总建筑面积约3万平方米,现有30多家文化企业入驻',
            '今年年初被认定为2023年度北京市级文化产业园区',
          ].map((quote) => ({ quote, isSidebar: false, source: { id: 'src-001', date: '2024-07-21' } })),
          indicators: {
            nodes: [
              {
                metric: 'FLOOR_AREA',
                valueAsPrinted: '约3万平方米',
                approx: 'ABOUT',
                subject: { nameZh: '孙河52号文化创意园区' },
              },
              {
                metric: 'TENANTS',
                valueAsPrinted: '30多家',
                approx: 'OVER',
                subject: { nameZh: '孙河52号文化创意园区' },
              },
            ],
          },
        },
      },
    });
  });

  it('says nothing where its source does not, and is null where there is none of that id', async () => {
    expect(
      await parks.ask(`{
        park(id: "park-level-origin") {
          level addressZh notes aliases recognitions { titleZh }
          floorArea { sqm } statedTenants { count } operator { __typename } parent { id }
        }
        nobody: park(id: "park-nowhere") { id }
        nothing: project(id: "prj-nothing") { id }
      }`),
    ).toEqual({
      data: {
        park: {
          level: null,
          addressZh: null,
          notes: null,
          aliases: [],
          recognitions: null,
          floorArea: null,
          statedTenants: null,
          operator: null,
          parent: null,
        },
        nobody: null,
        nothing: null,
      },
    });
  });

  it('knows who operates it: an agency or an enterprise', async () => {
    const { data } = (await parks.ask(`{
      parks(filter: { operatorId: { isNull: false } }) {
        nodes { id operator { __typename ... on Agency { id } ... on Enterprise { id } } }
      }
    }`)) as { data: object };
    expect(data).toEqual({
      parks: {
        nodes: [
          { id: 'park-cloud', operator: { __typename: 'Agency', id: 'org-cy-zone-admin' } },
          { id: 'park-nciz', operator: { __typename: 'Agency', id: 'org-cy-zone-admin' } },
          { id: 'park-yida-power-valley', operator: { __typename: 'Enterprise', id: 'ent-yida-group' } },
        ],
      },
    });
  });

  it('knows the park above it, the parks below it and the projects in it', async () => {
    expect(
      await parks.ask(`{
        above: park(id: "park-cfg-base") { parent { nameZh } projects { nodes { nameZh } } }
        below: park(id: "park-huairou-film-zone") {
          subparks(orderBy: [{ field: NAME }]) { totalCount nodes { nameZh parent { id } } }
          projects(first: 2, orderBy: [{ field: NAME }]) { totalCount nodes { nameZh } pageInfo { hasNextPage } }
        }
      }`),
    ).toEqual({
      data: {
        above: {
          parent: { nameZh: '中国(怀柔)影视产业示范区' },
          projects: { nodes: [{ nameZh: '中影基地二期项目' }] },
        },
        below: {
          subparks: {
            totalCount: 3,
            nodes: ['光华视觉工业园', '制片人总部基地', '中影基地'].map((nameZh) => ({
              nameZh,
              parent: { id: 'park-huairou-film-zone' },
            })),
          },
          projects: {
            totalCount: 8,
            nodes: [{ nameZh: '08街区土地一级开发项目' }, { nameZh: '北京电影学院怀柔新校区项目' }],
            pageInfo: { hasNextPage: true },
          },
        },
      },
    });
  });
});

describe('a project', () => {
  it('lists its stages in order, each dated as exactly as in its source', async () => {
    expect(
      await parks.ask(`{
        project(id: "prj-pd-renewal") {
          nameZh kind currentStage currentStageZh region { nameZh }
          stages { seq stage status partZh textZh asOf }
          policies { id }
        }
      }`),
    ).toEqual({
      data: {
        project: {
          nameZh: '平度旧城改造(剩余60个片区)',
          kind: 'URBAN_RENEWAL',
          currentStage: 'IN_PROGRESS',
          currentStageZh: '正在积极推进中',
          region: { nameZh: '平度市' },
          stages: [
            {
              seq: 1,
              stage: 'PLANNED',
              status: 'DONE',
              partZh: '剩余60个片区',
              textZh: '计划利用3年时间完成剩余60个片区的改造',
              asOf: '2020',
            },
            {
              seq: 2,
              stage: 'STARTED',
              status: 'DONE',
              partZh: '首批33个改造项目',
              textZh: '首批启动33个改造项目',
              asOf: '2020',
            },
            {
              seq: 3,
              stage: 'COMPLETED',
              status: 'DONE',
              partZh: '36个旧改项目',
              textZh: '2020年全面完成了36个旧改项目',
              asOf: '2020-12',
            },
            {
              seq: 4,
              stage: 'IN_PROGRESS',
              status: 'IN_PROGRESS',
              partZh: '今年新启动的12个项目',
              textZh: '今年新启动的12个项目',
              asOf: '2021-11-09',
            },
          ],
          policies: [{ id: 'pol-pd-renewal-incentive' }],
        },
      },
    });
  });

  it('distinguishes owners from operators, and partners by what their own record says', async () => {
    const owners = 'owners { role owner { ... on Agency { id } ... on Enterprise { id } } }';
    expect(
      await parks.ask(`{
        operated: project(id: "prj-yida-power-valley") { ${owners} parks { nameZh parent { nameZh } } }
        joined: project(id: "prj-cfg-base-phase2") { ${owners} }
        public: project(id: "prj-bfa-huairou") { ${owners} targets { period periodZh textZh } }
        unowned: project(id: "prj-ch-506") { ${owners} parks { id } policies { id } targets { textZh } stages { seq } }
      }`),
    ).toEqual({
      data: {
        operated: {
          owners: [
            { role: 'OWNER', owner: { id: 'ent-pd-development-group' } },
            { role: 'OPERATOR', owner: { id: 'ent-yida-group' } },
          ],
          parks: [{ nameZh: '青岛亿达未来智能动力谷', parent: { nameZh: '“四区八园”产业发展平台' } }],
        },
        joined: { owners: [{ role: 'PARTNER', owner: { id: 'ent-china-film-co' } }] },
        public: {
          owners: [{ role: 'OWNER', owner: { id: 'org-bj-film-academy' } }],
          targets: [
            { period: '2019', periodZh: '2019年', textZh: '一期竣工' },
            { period: '2019', periodZh: '2019年', textZh: '二期开工建设' },
          ],
        },
        unowned: { owners: null, parks: null, policies: null, targets: null, stages: null },
      },
    });
  });

  it('keeps money exact, what is planned apart from what is done', async () => {
    expect(
      await parks.ask(`{
        planned: project(id: "prj-ch-506") { plannedInvestment completedInvestment investmentApprox }
        done: project(id: "prj-xiaoguan-island") { plannedInvestment completedInvestment investmentApprox }
      }`),
    ).toEqual({
      data: {
        planned: { plannedInvestment: '304200000000', completedInvestment: null, investmentApprox: null },
        done: { plannedInvestment: null, completedInvestment: '110000000', investmentApprox: 'ABOUT' },
      },
    });
  });

  it('answers itself for the projects that its relations and figures point to', async () => {
    expect(
      await parks.ask(`{
        project(id: "prj-bfa-talent-community") {
          subjects { role subject { __typename ... on Project { nameZh currentStage region { nameZh } } } }
        }
        parkIndicators(filter: { subjectId: { eq: "prj-shell-park" }, metric: { eq: "LAND_AREA" } }) {
          nodes { valueAsPrinted subject { ... on Project { nameZh } } }
        }
      }`),
    ).toEqual({
      data: {
        project: {
          subjects: [
            {
              role: 'PART_OF',
              subject: {
                __typename: 'Project',
                nameZh: '北京电影学院怀柔新校区项目',
                currentStage: 'UNDER_CONSTRUCTION',
                region: { nameZh: '怀柔区' },
              },
            },
          ],
        },
        parkIndicators: {
          nodes: [{ valueAsPrinted: '50亩', subject: { nameZh: '东方贝壳文化博览园项目' } }],
        },
      },
    });
  });
});

describe('a list of parks or projects', () => {
  it('holds every record of the dataset, each of a kind and stage that the graph knows', async () => {
    const { data, errors } = (await parks.ask(`{
      parks(first: 500) { totalCount nodes { nameZh nameEn kind level isVirtual } }
      projects(first: 500) { totalCount nodes { nameZh nameEn kind currentStage investmentApprox owners { role } } }
    }`)) as {
      data: Record<string, { totalCount: number; nodes: object[] }>;
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    expect(data.parks).toMatchObject({ totalCount: 43, nodes: { length: 43 } });
    expect(data.projects).toMatchObject({ totalCount: 48, nodes: { length: 48 } });
  });

  it('is filtered, sorted and counted', async () => {
    expect(
      await parks.ask(`{
        parks(
          first: 2
          filter: { region: { within: "110000" }, kind: { in: [CULTURE_PARK, ART_DISTRICT] } }
          orderBy: [{ field: NAME }]
        ) { totalCount nodes { nameZh } pageInfo { hasNextPage hasPreviousPage } }
        virtual: parks(filter: { isVirtual: { eq: true } }) { nodes { nameZh statedTenants { count approx scope } } }
        national: parks(filter: { level: { eq: NATIONAL } }) { nodes { id } }
        large: parks(filter: { floorAreaSqm: { gte: "30000" } }, orderBy: [{ field: FLOOR_AREA, direction: DESC }]) {
          nodes { id floorArea { sqm } }
        }
        projects(
          first: 2
          filter: { plannedInvestment: { gte: "10000000000" }, ownerId: { isNull: true } }
          orderBy: [{ field: PLANNED_INVESTMENT, direction: DESC }]
        ) { totalCount nodes { nameZh plannedInvestment } }
      }`),
    ).toEqual({
      data: {
        parks: {
          totalCount: 8,
          nodes: [{ nameZh: '798艺术区' }, { nameZh: '出版创意产业基地' }],
          pageInfo: { hasNextPage: true, hasPreviousPage: false },
        },
        virtual: {
          nodes: [
            { nameZh: '文化产业“云园区”', statedTenants: { count: 13000, approx: 'OVER', scope: '企业' } },
          ],
        },
        national: { nodes: [{ id: 'park-nciz' }, { id: 'park-qd-5g-av' }, { id: 'park-xinzhigu' }] },
        large: {
          nodes: [
            { id: 'park-ch-high-rise-factories', floorArea: { sqm: '4080000' } },
            { id: 'park-sunhe-52', floorArea: { sqm: '30000' } },
          ],
        },
        projects: {
          totalCount: 4,
          nodes: [
            { nameZh: '城阳506个重点建设项目', plannedInvestment: '304200000000' },
            { nameZh: '新增签约重点项目128个', plannedInvestment: '162000000000' },
          ],
        },
      },
    });
  });

  it('finds a fragment of a name, from one character on', async () => {
    expect(
      await parks.ask(`{
        one: parks(filter: { nameZh: { contains: "影" } }, orderBy: [{ field: NAME }]) { nodes { nameZh } }
        two: projects(filter: { nameZh: { contains: "贝壳" } }) { nodes { nameZh } }
        latin: parks(filter: { nameEn: { contains: "museum" } }) { totalCount }
        percent: projects(filter: { nameZh: { contains: "%" } }) { totalCount }
      }`),
    ).toEqual({
      data: {
        one: {
          nodes: [{ nameZh: '影创空间' }, { nameZh: '中国(怀柔)影视产业示范区' }, { nameZh: '中影基地' }],
        },
        two: { nodes: [{ nameZh: '东方贝壳文化博览园项目' }] },
        latin: { totalCount: 2 },
        percent: { totalCount: 0 },
      },
    });
  });

  it('is filtered by one of several owners, parks or policies, and by having none', async () => {
    expect(
      await parks.ask(`{
        ofOwner: projects(filter: { ownerId: { eq: "ent-yida-group" } }) { nodes { id } }
        inParks: projects(filter: { parkId: { in: ["park-cloud", "park-cfg-base"] } }) { nodes { id } }
        underPolicy: projects(filter: { policyId: { isNull: false } }) { totalCount }
        unowned: projects(filter: { ownerId: { isNull: true } }) { totalCount }
        owned: projects(filter: { not: { ownerId: { isNull: true } } }) { totalCount }
        inNone: projects(filter: { parkId: { in: [] } }) { totalCount }
        any: projects(filter: { ownerId: {} }) { totalCount }
      }`),
    ).toEqual({
      data: {
        ofOwner: { nodes: [{ id: 'prj-yida-power-valley' }] },
        inParks: { nodes: [{ id: 'prj-cfg-base-phase2' }, { id: 'prj-cy-cloud-park' }] },
        underPolicy: { totalCount: 7 },
        unowned: { totalCount: 33 },
        owned: { totalCount: 15 },
        inNone: { totalCount: 0 },
        any: { totalCount: 48 },
      },
    });
  });

  it.each([
    ['parks', 'FLOOR_AREA', 'forward', 'first: 7, after: $cursor', 'endCursor', 'hasNextPage'],
    ['parks', 'FLOOR_AREA', 'backward', 'last: 7, before: $cursor', 'startCursor', 'hasPreviousPage'],
    ['projects', 'PLANNED_INVESTMENT', 'forward', 'first: 7, after: $cursor', 'endCursor', 'hasNextPage'],
    [
      'projects',
      'PLANNED_INVESTMENT',
      'backward',
      'last: 7, before: $cursor',
      'startCursor',
      'hasPreviousPage',
    ],
  ])('shows every one of the %s once, by %s, paging %s', async (list, field, _way, args, cursor, more) => {
    type Answer = {
      data: { list: { nodes: { id: string }[]; pageInfo: Record<string, string | boolean> } };
    };
    const orderBy = `orderBy: [{ field: ${field}, direction: DESC }, { field: NAME }]`;
    const pageAt = async (at: unknown) =>
      (
        (await parks.ask(
          `query ($cursor: String) {
            list: ${list}(${args}, ${orderBy}) { nodes { id } pageInfo { ${cursor} ${more} } }
          }`,
          { cursor: at },
        )) as Answer
      ).data.list;
    const whole = (await parks.ask(`{ list: ${list}(first: 500, ${orderBy}) { nodes { id } } }`)) as Answer;

    const seen: string[] = [];
    let at: unknown = null;
    do {
      const { nodes, pageInfo } = await pageAt(at);
      if (more === 'hasNextPage') seen.push(...nodes.map(({ id }) => id));
      else seen.unshift(...nodes.map(({ id }) => id));
      at = pageInfo[more] ? pageInfo[cursor] : null;
    } while (at);
    expect(seen).toEqual(whole.data.list.nodes.map(({ id }) => id));
  });

  it('counts only when the count is asked for, and reads only the columns asked for', async () => {
    await parks.ask('{ parks(first: 3) { nodes { nameZh floorArea { sqm } } } }');
    expect(parks.statements).toHaveLength(1);
    expect(parks.statements[0]).toMatch(/floor_area_approx/);
    expect(parks.statements[0]).not.toMatch(/count|citations|name_en|operator/);
    await parks.ask('{ projects { totalCount } }');
    expect(parks.statements).toHaveLength(1);
  });

  it('takes as many statements for fifty rows as for few', async () => {
    const question = (first: number) => `{
      parks(first: ${first}, orderBy: [{ field: NAME, direction: DESC }]) {
        nodes { nameZh region { nameZh } parent { nameZh parent { nameZh } } operator { __typename }
                subparks { nodes { nameZh } totalCount } indicators { nodes { value } totalCount }
                recognitions { titleZh } projects { totalCount nodes {
                  nameZh stages { seq } owners { role } parks { nameZh } policies { id } targets { textZh } } } }
      }
    }`;
    const statementsFor = async (first: number) => {
      const { errors } = (await parks.ask(question(first))) as { errors?: unknown };
      expect(errors).toBeUndefined();
      return parks.statements.length;
    };
    const forFew = await statementsFor(5);
    expect(forFew).toBeLessThanOrEqual(16);
    expect(await statementsFor(50)).toBe(forFew);
  });
});

describe('bad input', () => {
  it.each([
    ['projects(first: -1)', 'first', '"first" must be from 0 to 500, not -1.'],
    ['parks(first: 501)', 'first', '"first" must be from 0 to 500, not 501.'],
    [
      'parks(after: "gibberish")',
      'after',
      '"after" is not a cursor of this list. Use a cursor from pageInfo or edges.',
    ],
    [
      'parks(filter: { floorAreaSqm: { gt: "5", lt: "4.5" } })',
      'filter.floorAreaSqm',
      'The bounds of filter.floorAreaSqm exclude each other: nothing is above 5 and below 4.5.',
    ],
    [
      'projects(filter: { ownerId: { isNull: true, eq: "ent-yida-group" } })',
      'filter.ownerId',
      'filter.ownerId asks for null and for a value at once.',
    ],
  ])('refuses %s at its path, and answers the rest', async (list, argument, message) => {
    expect(await parks.ask(`{ bad: ${list} { nodes { id } } fine: parks { totalCount } }`)).toEqual({
      errors: [
        expect.objectContaining({ path: ['bad'], message, extensions: { code: 'BAD_USER_INPUT', argument } }),
      ],
      data: { bad: null, fine: { totalCount: 43 } },
    });
    expect(parks.statements).toHaveLength(1);
  });
});

describe('what other agencies read by key', () => {
  const entities = (query: string, representations: object[]) =>
    parks.ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${query} } }`,
      { representations },
    );

  it('finds parks and projects, null where there is none', async () => {
    expect(
      await entities('... on Park { nameZh } ... on Project { nameZh }', [
        { __typename: 'Park', id: 'park-798' },
        { __typename: 'Project', id: 'prj-navy-museum' },
        { __typename: 'Park', id: 'park-nowhere' },
      ]),
    ).toEqual({ data: { _entities: [{ nameZh: '798艺术区' }, { nameZh: '海军博物馆开放' }, null] } });
    expect(parks.statements).toHaveLength(2);
  });

  it('counts and lists the parks and projects of many regions, rolled up by their parents', async () => {
    const [chaoyang, shandong, qingdao] = [
      { parkCount: 10, projectCount: 3, parks: { totalCount: 10 }, projects: { totalCount: 3 } },
      { parkCount: 27, projectCount: 35, parks: { totalCount: 0 }, projects: { totalCount: 0 } },
      { parkCount: 27, projectCount: 35, parks: { totalCount: 15 }, projects: { totalCount: 16 } },
    ];
    expect(
      await entities(
        `... on Region { parkCount projectCount
           parks(includeSubregions: false) { totalCount } projects(includeSubregions: false) { totalCount } }`,
        ['110105', '370000', '370200'].map((code) => ({ __typename: 'Region', code })),
      ),
    ).toEqual({ data: { _entities: [chaoyang, shandong, qingdao] } });
    expect(parks.statements).toHaveLength(4);
  });

  it('gives each region its own page of figures', async () => {
    const { data } = (await entities(
      '... on Region { parkIndicators(first: 1, filter: { metric: { eq: "TENANTS" } }) { totalCount nodes { id } } }',
      ['110105', '370200'].map((code) => ({ __typename: 'Region', code })),
    )) as { data: object };
    expect(data).toEqual({
      _entities: [
        { parkIndicators: { totalCount: 2, nodes: [{ id: 'ind-cloud-enterprises' }] } },
        { parkIndicators: { totalCount: 1, nodes: [{ id: 'ind-qd-5g-park-enterprises' }] } },
      ],
    });
    expect(parks.statements).toHaveLength(2);
  });

  it('gives enterprises and agencies the projects and parks that are theirs, all in two statements', async () => {
    const fields = 'projects { nodes { id } } operatedParks { nodes { id } }';
    expect(
      await entities(`... on Enterprise { ${fields} } ... on Agency { ${fields} }`, [
        { __typename: 'Enterprise', id: 'ent-yida-group' },
        { __typename: 'Enterprise', id: 'ent-bluefocus' },
        { __typename: 'Agency', id: 'org-cy-zone-admin' },
        { __typename: 'Agency', id: 'org-bj-film-academy' },
      ]),
    ).toEqual({
      data: {
        _entities: [
          {
            projects: { nodes: [{ id: 'prj-yida-power-valley' }] },
            operatedParks: { nodes: [{ id: 'park-yida-power-valley' }] },
          },
          { projects: { nodes: [] }, operatedParks: { nodes: [] } },
          { projects: { nodes: [] }, operatedParks: { nodes: [{ id: 'park-cloud' }, { id: 'park-nciz' }] } },
          {
            projects: { nodes: [{ id: 'prj-bfa-huairou' }, { id: 'prj-bfa-talent-community' }] },
            operatedParks: { nodes: [] },
          },
        ],
      },
    });
    expect(parks.statements).toHaveLength(2);
  });

  it('says in which role an enterprise has a project', async () => {
    expect(
      await entities(
        '... on Enterprise { owned: projects(role: OWNER) { totalCount } joined: projects(role: PARTNER) { nodes { id } } }',
        [{ __typename: 'Enterprise', id: 'ent-sgs' }],
      ),
    ).toEqual({
      data: {
        _entities: [{ owned: { totalCount: 0 }, joined: { nodes: [{ id: 'prj-rail-export-base' }] } }],
      },
    });
  });

  it('finds the candidates of a policy for which every condition is met, and none without conditions on parks', async () => {
    const condition = (field: string, op: string, value: unknown) => ({
      field,
      op,
      value,
      textZh: '',
      measureId: null,
      lists: null,
    });
    const isBase = condition('park.kind', 'EQ', 'AV_BASE');
    const isBaseOrMuseum = condition('park.kind', 'IN', ['AV_BASE', 'MUSEUM']);
    const liesIn = (value: string) => condition('park.regionCode', 'IN_REGION', value);
    const holdsTier = condition('enterprise.tier', 'IN', ['GAZELLE']);
    const policy = (regionCode: string | null, ...conditions: object[]) => ({
      __typename: 'Policy',
      id: 'pol-zj-av-base-measures',
      criteria: { id: 'pol-x', status: 'ISSUED', regionCode, synthetic: false, conditions },
    });
    const answer = (await entities('... on Policy { candidateParks { nodes { id } } }', [
      policy('330000', isBase, liesIn('330000')),
      policy('110000', isBase, isBaseOrMuseum),
      policy('110000', isBase, holdsTier),
      policy(null, isBase),
      policy('110116', liesIn('110000')),
      policy('110000', holdsTier),
      policy('110000'),
      { ...policy(null), criteria: null },
    ])) as { data: { _entities: { candidateParks: { nodes: { id: string }[] } }[] } };
    expect(
      answer.data._entities.map(({ candidateParks }) => candidateParks.nodes.map(({ id }) => id)),
    ).toEqual([
      [],
      ['park-cfg-base', 'park-producers-hq'],
      [],
      [],
      [
        'park-cfg-base',
        'park-guanghua-visual',
        'park-huairou-film-zone',
        'park-producers-hq',
        'park-yingchuang-space',
      ],
      [],
      [],
      [],
    ]);
    // One for the policies of a region, which its index serves, and one for the others.
    expect(parks.statements).toHaveLength(2);
  });

  it('lists the projects under a policy', async () => {
    expect(
      await entities('... on Policy { projects { nodes { nameZh } } }', [
        { __typename: 'Policy', id: 'pol-ch-jiebang' },
      ]),
    ).toEqual({
      data: {
        _entities: [
          {
            projects: { nodes: [{ nameZh: '建设智能传感器产业国家级新型工业化示范基地(榜单任务)' }] },
          },
        ],
      },
    });
  });
});

describe('the figures of parks and projects', () => {
  it('are kept apart where two are printed for one thing', async () => {
    expect(
      await parks.ask(`{
        parkIndicators(
          filter: { subjectId: { eq: "prj-pd-renewal" }, metric: { in: ["PROJECTS_STARTED", "PROJECTS_COMPLETED"] } }
        ) { totalCount nodes { metric value unit kind subjectZh subject { ... on Project { currentStage } } } }
      }`),
    ).toMatchObject({
      data: {
        parkIndicators: {
          totalCount: 2,
          nodes: [
            { metric: 'PROJECTS_COMPLETED', value: '36', subject: { currentStage: 'IN_PROGRESS' } },
            { metric: 'PROJECTS_STARTED', value: '33' },
          ],
        },
      },
    });
  });
});

describe('the rows of a dataset', () => {
  it('put every park after the one that it is part of, whatever their order in the file', async () => {
    const dataset = await readDataset(new URL('../../migrations/data/', import.meta.url));
    const [rows] = parksRows({ ...dataset, parks: dataset.parks.toReversed() });
    const ids = rows?.rows.map(({ id }) => id) ?? [];
    expect(ids).toHaveLength(43);
    for (const { id, parentParkId } of dataset.parks) {
      if (parentParkId) expect(ids.indexOf(parentParkId)).toBeLessThan(ids.indexOf(id));
    }
  });
});
