import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

type Named = { readonly nameZh?: string; readonly titleZh?: string };

/** Returns the names of the rows of each list that a question asks for. */
async function namesIn(question: string): Promise<Record<string, readonly (string | undefined)[]>> {
  const { data, errors } = (await hub.ask(question)) as {
    data: Record<string, { readonly nodes: readonly Named[] }>;
    errors?: unknown;
  };
  expect(errors).toBeUndefined();
  return Object.fromEntries(
    Object.entries(data).map(([list, { nodes }]) => [
      list,
      nodes.map(({ nameZh, titleZh }) => nameZh ?? titleZh).sort(),
    ]),
  );
}

describe('a condition on what a row holds', () => {
  it('finds honours by title, year and level, in every list whose rows have them', async () => {
    expect(
      await namesIn(`{
        enterprises(filter: {honours: {some: {year: {eq: 2024}, level: {eq: NATIONAL}}}}) { nodes { nameZh } }
        parks(filter: {recognitions: {some: {titleZh: {contains: "百亿园区"}}}}) { nodes { nameZh } }
        partyUnits(filter: {honours: {some: {year: {gte: 2023}}}}) { nodes { nameZh } }
        partyBrands(filter: {honours: {none: {year: {eq: 2022}}, exists: true}, nameZh: {contains: "好书"}}) { nodes { nameZh } }
        works(filter: {honours: {some: {level: {isNull: true}, year: {isNull: true}}}}) { nodes { nameZh } }
      }`),
    ).toEqual({
      enterprises: ['蓝色光标', '郭帆影业'].sort(),
      parks: ['东亿国际传媒产业园', '恒通国际商务园', '电通创意广场'].sort(),
      partyUnits: ['盖娅互娱党组织'],
      partyBrands: ['“好书梦”党建品牌'],
      works: ['《国·家》', '《马向阳下乡记》'].sort(),
    });
  });

  it('asks one and the same part for everything in some, and any part for two conditions', async () => {
    // A park has one honour of 2021 and none of 2023; no one honour is both.
    const bothIn = (condition: string) =>
      `{ parks(filter: {recognitions: {some: ${condition}}}) { nodes { nameZh } } }`;
    expect(await namesIn(bothIn('{year: {eq: 2021}, level: {eq: MUNICIPAL}}'))).toEqual({ parks: [] });
    expect(await namesIn(bothIn('{or: [{year: {eq: 2021}}, {year: {eq: 2023}}]}'))).toEqual({
      parks: ['孙河52号文化创意园区', '青岛奥帆海洋文化旅游区'].sort(),
    });
  });

  it('says none, every and exists as conditions on related rows do', async () => {
    const count = async (condition: string) =>
      (await namesIn(`{ works(filter: {honours: ${condition}}) { nodes { nameZh } } }`)).works?.length;
    expect(await count('{exists: true}')).toBe(3);
    expect(await count('{exists: false}')).toBe(6);
    expect(await count('{none: {year: {eq: 2018}}}')).toBe(8);
    expect(await count('{every: {year: {eq: 2018}}}')).toBe(7);
    expect(await count('{every: {}}')).toBe(9);
    expect(await count('{none: {}}')).toBe(6);
    expect(await count('{some: null, exists: null}')).toBe(9);
  });

  it('finds tiers by their level, and roles in parks', async () => {
    expect(
      await namesIn(`{
        enterprises(filter: {parks: {some: {role: {eq: OPERATOR}}}}) { nodes { nameZh } }
        champions: enterprises(filter: {tiers: {some: {tier: {eq: HIDDEN_CHAMPION}, level: {eq: MUNICIPAL}}}}) { nodes { nameZh } }
      }`),
    ).toEqual({ enterprises: ['亿达集团'], champions: expect.anything() });
  });

  it('finds events by host and role together', async () => {
    const culture = 'agencyId: {eq: "org-hr-culture-centre"}';
    expect(
      await namesIn(`{
        hosted: events(filter: {hosts: {some: {role: {eq: HOST}, ${culture}}}}) { nodes { nameZh } }
        served: events(filter: {hosts: {some: {role: {eq: SERVICE_GUARANTEE}, ${culture}}}}, first: 1, orderBy: [{field: ID}]) { nodes { nameZh } }
        made: events(filter: {hosts: {some: {role: {eq: PRODUCER}, enterpriseId: {eq: "ent-qd-performing-arts"}}}}) { nodes { nameZh } }
        swapped: events(filter: {hosts: {some: {role: {eq: CREATOR}, enterpriseId: {eq: "ent-qd-performing-arts"}}}}) { nodes { nameZh } }
        guests: events(filter: {hostRole: {eq: GUEST}}) { nodes { nameZh } }
      }`),
    ).toEqual({
      hosted: ['“怀影十条”政策解读会', '首届“竞技世界杯”怀柔影视文创大赛'].sort(),
      served: [expect.any(String)],
      made: ['民族歌剧《国·家》上演'],
      swapped: [],
      guests: [expect.any(String)],
    });
  });

  it('finds projects by targets, the dates that are planned, and the stages that come next', async () => {
    expect(
      await namesIn(`{
        done: projects(filter: {targets: {some: {textZh: {contains: "竣工"}}}}) { nodes { nameZh } }
        dueIn2021: projects(filter: {targets: {some: {periodEnd: {gte: "2021-01-01", lte: "2021-12-31"}}}}) { nodes { nameZh } }
        undated: projects(filter: {targets: {some: {periodEnd: {isNull: true}}}}) { nodes { nameZh } }
        next: projects(filter: {stages: {some: {stage: {eq: EVALUATION}, status: {eq: NEXT}}}}) { nodes { nameZh } }
        operated: projects(filter: {owners: {some: {role: {eq: OPERATOR}}}}) { nodes { nameZh } }
      }`),
    ).toEqual({
      done: ['东方贝壳文化博览园项目', '北京电影学院怀柔新校区项目'].sort(),
      dueIn2021: ['东方贝壳文化博览园项目'],
      undated: [expect.any(String)],
      next: ['争创全国文明典范城市(三步走)'],
      operated: [expect.any(String)],
    });
  });

  it('is refused where its bounds exclude each other, with the path', async () => {
    const { errors } = (await hub.ask(
      '{ parks(filter: {recognitions: {some: {year: {gt: 5, lt: 4}}}}) { totalCount } }',
    )) as { errors: { message: string; extensions: object }[] };
    expect(errors).toMatchObject([
      {
        extensions: { code: 'BAD_USER_INPUT', argument: 'filter.recognitions.some.year' },
      },
    ]);
  });
});

describe('measures', () => {
  it('are a list with conditions on kind and text, and lead to policies and back', async () => {
    expect(
      await hub.ask(`{
        measures(filter: {kind: {eq: AWARD}}, orderBy: [{field: ID}]) {
          totalCount nodes { titleZh policy { nameZh } } aggregates(groupBy: [{field: KIND}]) { group { kind } count share }
        }
        text: measures(filter: {textZh: {contains: "贴息"}}) { nodes { kind } }
        ofDistrict: measures(filter: {policy: {region: {within: "370212"}}, kind: {in: [AWARD, EQUITY]}}) { nodes { titleZh } }
        policies(filter: {measures: {some: {kind: {eq: EQUITY}}}}) { nodes { nameZh } }
      }`),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "measures": {
            "aggregates": [
              {
                "count": 2,
                "group": {
                  "kind": "AWARD",
                },
                "share": "100.00",
              },
            ],
            "nodes": [
              {
                "policy": {
                  "nameZh": "“鼓励创新在崂山”长效机制",
                },
                "titleZh": "创新正向激励机制",
              },
              {
                "policy": {
                  "nameZh": "文艺精品扶持奖励办法(修订)",
                },
                "titleZh": "扶持奖励范围扩大到12个文艺门类",
              },
            ],
            "totalCount": 2,
          },
          "ofDistrict": {
            "nodes": [
              {
                "titleZh": "股权直投",
              },
              {
                "titleZh": "创新正向激励机制",
              },
            ],
          },
          "policies": {
            "nodes": [
              {
                "nameZh": "“拨改投”",
              },
            ],
          },
          "text": {
            "nodes": [
              {
                "kind": "LOAN_INTEREST_SUBSIDY",
              },
            ],
          },
        },
      }
    `);
  });

  it('of a draft are there for those only who may see the draft', async () => {
    await using closed = await startHub({ agreements: {} });
    const ofDrafts = `{
      measures(filter: {policyId: {in: ["pol-qd-culture-tourism-support"]}}) { totalCount nodes { id } aggregates { count } }
      whole: measures { totalCount }
      text: measures(filter: {titleZh: {eq: "六大领域"}}) { nodes { titleZh } }
      page: measures(first: 500) { nodes { id } }
    }`;
    type Answer = {
      data: Record<'measures' | 'whole' | 'text' | 'page', { totalCount: number; nodes: { id: string }[] }>;
    };
    const { data: kept } = (await closed.as('PROPAGANDA').ask(ofDrafts)) as Answer;
    const { data: open } = (await closed.as('FINANCE').ask(ofDrafts)) as Answer;
    expect(kept.measures.totalCount).toBeGreaterThan(0);
    expect(kept.whole.totalCount).toBe(82);
    expect(open.measures).toEqual({ totalCount: 0, nodes: [], aggregates: [{ count: 0 }] });
    expect(open.text).toEqual({ nodes: [] });
    const ofOpenPolicies = kept.page.nodes.filter(
      ({ id }) => !kept.measures.nodes.some((each) => each.id === id),
    );
    expect(open.whole.totalCount).toBeLessThanOrEqual(ofOpenPolicies.length);
    expect(open.page.nodes).toHaveLength(open.whole.totalCount);
    expect(open.page.nodes.map(({ id }) => id)).not.toContain('pol-qd-culture-tourism-support-m01');
  });
});

describe('who may ask', () => {
  it('is who may see what the condition is on', async () => {
    await using closed = await startHub({ agreements: {} });
    const roles = '{ enterprises(filter: {parks: {some: {role: {eq: OPERATOR}}}}) { totalCount } }';
    const refusal = {
      data: { enterprises: null },
      errors: [{ extensions: { code: 'NOT_SHARED', coordinate: 'EnterpriseFilter.parks' } }],
    };
    expect(await closed.as('PROPAGANDA').ask(roles)).toMatchObject(refusal);
    const inVariables = 'query ($f: EnterpriseFilter) { enterprises(filter: $f) { totalCount } }';
    const nested = { not: { parks: { exists: true } } };
    expect(await closed.as('PROPAGANDA').ask(inVariables, { f: nested })).toMatchObject(refusal);
    expect((await closed.as('CULTURE_TOURISM').ask(roles)).errors).toBeUndefined();
    const ofUnits = '{ partyUnits(filter: {honours: {some: {year: {eq: 2023}}}}) { totalCount } }';
    expect((await closed.as('FINANCE').ask(ofUnits)).errors).toMatchObject([
      { extensions: { code: 'NOT_SHARED' } },
    ]);
  });
});

describe('the role on the edge', () => {
  it('says what an enterprise is in a park, an agency in an event, a policy of an enterprise', async () => {
    expect(
      await hub.ask(`{
        park(id: "park-yida-power-valley") { enterprises(orderBy: [{field: NAME}]) { totalCount edges { role roles node { nameZh } } } }
        agency(id: "org-hr-culture-centre") {
          events(role: CO_HOST) { totalCount edges { role roles node { nameZh } } aggregates { count } }
        }
        enterprise(id: "ent-yida-group") { projects { edges { role node { nameZh } } } }
        troupe: enterprise(id: "ent-qd-song-dance-theatre") {
          events { edges { hostRoles participantRoles node { nameZh } } }
          works { edges { role node { nameZh } } }
        }
        guest: enterprise(id: "ent-goertek") { events { edges { hostRoles participantRoles } } }
        policy(id: "pol-wh-express") { events(orderBy: [{field: ID}], first: 1) { edges { role roles node { nameZh } } } }
        system: agency(id: "org-guanhai") { policies { edges { role node { nameZh } } } }
      }`),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "agency": {
            "events": {
              "aggregates": [
                {
                  "count": 1,
                },
              ],
              "edges": [
                {
                  "node": {
                    "nameZh": "首届中国剧本推优与版权保护论坛",
                  },
                  "role": "CO_HOST",
                  "roles": [
                    "CO_HOST",
                  ],
                },
              ],
              "totalCount": 1,
            },
          },
          "enterprise": {
            "projects": {
              "edges": [
                {
                  "node": {
                    "nameZh": "青岛亿达未来智能动力谷项目",
                  },
                  "role": "OPERATOR",
                },
              ],
            },
          },
          "guest": {
            "events": {
              "edges": [
                {
                  "hostRoles": [],
                  "participantRoles": [
                    "PARTICIPANT",
                  ],
                },
              ],
            },
          },
          "park": {
            "enterprises": {
              "edges": [
                {
                  "node": {
                    "nameZh": "平度开发集团",
                  },
                  "role": "INVESTOR",
                  "roles": [
                    "INVESTOR",
                  ],
                },
                {
                  "node": {
                    "nameZh": "亿达集团",
                  },
                  "role": "OPERATOR",
                  "roles": [
                    "OPERATOR",
                  ],
                },
              ],
              "totalCount": 2,
            },
          },
          "policy": {
            "events": {
              "edges": [
                {
                  "node": {
                    "nameZh": "数字创意领域品牌赛事",
                  },
                  "role": "IMPLEMENTS",
                  "roles": [
                    "IMPLEMENTS",
                  ],
                },
              ],
            },
          },
          "system": {
            "policies": {
              "edges": [
                {
                  "node": {
                    "nameZh": "文化体制改革及媒体融合发展专项资金",
                  },
                  "role": "SUPPORTS",
                },
              ],
            },
          },
          "troupe": {
            "events": {
              "edges": [
                {
                  "hostRoles": [
                    "CREATOR",
                  ],
                  "node": {
                    "nameZh": "民族歌剧《国·家》上演",
                  },
                  "participantRoles": [],
                },
              ],
            },
            "works": {
              "edges": [
                {
                  "node": {
                    "nameZh": "《国·家》",
                  },
                  "role": "CREATOR",
                },
              ],
            },
          },
        },
      }
    `);
  });
});

describe('relations that were strings', () => {
  it('lead from a policy to the five enterprises that it attracted, and back', async () => {
    const names = [
      '中数影院设备(北京)有限公司',
      '北京懿展传媒有限公司',
      '北京盈科美辰网络科技有限公司',
      '北京长信影视传媒有限公司',
      '泓维文化产业基金',
    ];
    const { data } = (await hub.ask(`{
      policies(filter: {nameZh: {contains: "怀影十条"}}) { nodes { enterprises(role: ATTRACTED) { role enterprise { nameZh } } none: enterprises(role: BENEFICIARY) { role } } }
      enterprises(filter: {policies: {some: {nameZh: {contains: "怀影十条"}}}}) { nodes { nameZh policies { edges { role } } } }
      one: policies(filter: {subjects: {some: {role: {eq: ATTRACTED}, enterpriseId: {eq: "ent-hongwei-fund"}}}}) { nodes { nameZh } }
    }`)) as { data: never };
    const { policies, enterprises, one } = data as {
      policies: { nodes: { enterprises: { role: string; enterprise: Named }[]; none: null }[] };
      enterprises: { nodes: (Named & { policies: object })[] };
      one: object;
    };
    expect(
      policies.nodes.map(({ enterprises: all }) => all.map((each) => each.enterprise.nameZh).sort()),
    ).toEqual([names]);
    expect(policies.nodes[0]?.none).toBeNull();
    expect(enterprises.nodes.map(({ nameZh }) => nameZh).sort()).toEqual(names);
    expect(enterprises.nodes[0]?.policies).toEqual({ edges: [{ role: 'ATTRACTED' }] });
    expect(one).toEqual({ nodes: [{ nameZh: '“怀影十条”' }] });
  });

  it('lead from an event to its platforms, from a body to its members, and back', async () => {
    expect(
      await hub.ask(`{
        event(id: "evt-intl-friends") { subjects(role: PLATFORM) { subject { ... on Agency { nameZh } } } }
        events(filter: {subjects: {some: {role: {eq: PLATFORM}, agencyId: {eq: "org-lounge-cn-jp"}}}}) { nodes { nameZh } }
        named: events(filter: {subjectAgency: {nameZh: {contains: "国际客厅"}}}) { nodes { nameZh } }
        awarded: events(filter: {subjects: {some: {role: {eq: AWARDED_TO}}}}) { nodes { nameZh subjects { subject { ... on Event { nameZh } } } } }
        agency(id: "org-wh-express-taskforce") { subjects { role subject { ... on Agency { nameZh } } } }
        member: agency(id: "org-wh-district-culture-depts") { namedBy { role agency { nameZh } } }
        bodies: agencies(filter: {subjectAgency: {nameZh: {contains: "交通运输局"}}}) { nodes { nameZh } }
        invested: enterprises(filter: {subjects: {some: {role: {eq: INVESTED_BY_DISTRICT_SOES}}}}) { totalCount }
        parts: projects(filter: {subjects: {some: {role: {eq: PART_OF}, projectId: {eq: "prj-bfa-huairou"}}}}) { nodes { nameZh } }
        mechanisms: partyMechanisms(filter: {subjectPolicy: {nameZh: {contains: "双效"}}}) { nodes { nameZh } }
      }`),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "agency": {
            "subjects": [
              {
                "role": "DEPUTY_HEAD",
                "subject": {
                  "nameZh": "中共武汉市委宣传部",
                },
              },
              {
                "role": "DEPUTY_HEAD",
                "subject": {
                  "nameZh": "武汉市文旅局",
                },
              },
              {
                "role": "MEMBER",
                "subject": {
                  "nameZh": "武汉有关区文化产业主管部门",
                },
              },
            ],
          },
          "awarded": {
            "nodes": [
              {
                "nameZh": "外文局“讲好中国故事”大赛",
                "subjects": [
                  {
                    "subject": {
                      "nameZh": "“国际友人@Qingdao”文旅国际交流活动",
                    },
                  },
                ],
              },
            ],
          },
          "bodies": {
            "nodes": [
              {
                "nameZh": "青岛旅游联合执法办公室",
              },
            ],
          },
          "event": {
            "subjects": [
              {
                "subject": {
                  "nameZh": "中日国际客厅",
                },
              },
              {
                "subject": {
                  "nameZh": "中韩国际客厅",
                },
              },
              {
                "subject": {
                  "nameZh": "中德国际客厅",
                },
              },
              {
                "subject": {
                  "nameZh": "中以国际客厅",
                },
              },
              {
                "subject": {
                  "nameZh": "上合国际客厅",
                },
              },
            ],
          },
          "events": {
            "nodes": [
              {
                "nameZh": "“国际友人@Qingdao”文旅国际交流活动",
              },
            ],
          },
          "invested": {
            "totalCount": 5,
          },
          "mechanisms": {
            "nodes": [
              {
                "nameZh": "市直国有文化企业党建",
              },
            ],
          },
          "member": {
            "namedBy": [
              {
                "agency": {
                  "nameZh": "全市重点数字创意企业“服务直通车”工作专班",
                },
                "role": "MEMBER",
              },
            ],
          },
          "named": {
            "nodes": [
              {
                "nameZh": "“国际友人@Qingdao”文旅国际交流活动",
              },
            ],
          },
          "parts": {
            "nodes": [
              {
                "nameZh": "电影学院人才社区",
              },
            ],
          },
        },
      }
    `);
  });

  it('has a typed field for every relation that a record of the dataset states', async () => {
    // The loader refuses any other type: see migrations/load/records.ts.
    const { data } = (await hub.ask(
      '{ __schema { types { name fields { name type { name ofType { name } } } } } }',
    )) as { data: { __schema: { types: { name: string; fields: { name: string }[] | null }[] } } };
    const withLinks = data.__schema.types.filter(({ fields }) =>
      fields?.some(({ name }) => name === 'links'),
    );
    expect(withLinks).toEqual([]);
  });
});

describe('groups by host and role', () => {
  it('count each host in the roles that it has, not in those of others', async () => {
    const groups = (groupBy: string) =>
      hub.ask(`{
        events(filter: {hosts: {some: {role: {in: [PRODUCER, CREATOR]}}}}) {
          aggregates(groupBy: [${groupBy}]) { group { hostId hostRole related { by value } } count share }
        }
      }`);
    const ofHost = (hostId: string, hostRole: string) => ({
      group: { hostId, hostRole, related: [] },
      count: 1,
      share: '100.00',
    });
    expect(await groups('{field: HOST_ID}, {field: HOST_ROLE}')).toEqual({
      data: {
        events: {
          aggregates: [
            ofHost('ent-qd-performing-arts', 'PRODUCER'),
            ofHost('ent-qd-song-dance-theatre', 'CREATOR'),
          ],
        },
      },
    });
    const ofKind = (value: string, hostRole: string) => ({
      group: { hostId: null, hostRole, related: [{ by: 'hostEnterprise.NAME', value }] },
      count: 1,
      share: '100.00',
    });
    expect(ofKind).toBeDefined();
    expect(await groups('{hostEnterprise: {field: KIND}}, {field: HOST_ROLE}')).toMatchInlineSnapshot(`
      {
        "data": {
          "events": {
            "aggregates": [
              {
                "count": 1,
                "group": {
                  "hostId": null,
                  "hostRole": "PRODUCER",
                  "related": [
                    {
                      "by": "hostEnterprise.KIND",
                      "value": "ENTERPRISE",
                    },
                  ],
                },
                "share": "100.00",
              },
              {
                "count": 1,
                "group": {
                  "hostId": null,
                  "hostRole": "CREATOR",
                  "related": [
                    {
                      "by": "hostEnterprise.KIND",
                      "value": "TROUPE",
                    },
                  ],
                },
                "share": "100.00",
              },
            ],
          },
        },
      }
    `);
  });

  // On 6e49a15 the roles of the other hosts counted too: HOST 5, GUIDANCE 1 of the first agency.
  it('count the own roles of the agency or enterprise among its events, and each host in its own beside HOST_ID', async () => {
    const roles = 'aggregates(groupBy: [{field: HOST_ROLE}]) { group { hostRole } count share }';
    const hosts =
      'aggregates(groupBy: [{field: HOST_ID}, {field: HOST_ROLE}]) { group { hostId hostRole } count }';
    const { data, errors } = await hub.ask(`{
      host: agency(id: "org-qd-culture-tourism") { all: events { ${roles} } hosts: events { ${hosts} } asGuide: events(role: GUIDANCE) { ${roles} } }
      guest: agency(id: "org-hr-culture-centre") { events { totalCount ${roles} } asGuest: events(role: GUEST) { ${roles} } }
      joined: enterprise(id: "ent-goertek") { events { ${roles} } }
      made: enterprise(id: "ent-qd-performing-arts") { events { ${roles} hosts: ${hosts} } }
    }`);
    expect(errors).toBeUndefined();
    const role = (hostRole: string | null, count: number, share: string) => ({
      group: { hostRole },
      count,
      share,
    });
    const host = (hostId: string, hostRole: string, count: number) => ({
      group: { hostId, hostRole },
      count,
    });
    expect(data).toEqual({
      host: {
        all: { aggregates: [role('HOST', 5, '100.00')] },
        hosts: {
          aggregates: [host('org-qd-culture-tourism', 'HOST', 5), host(expect.any(String), 'GUIDANCE', 1)],
        },
        asGuide: { aggregates: [] },
      },
      guest: {
        events: {
          totalCount: 10,
          aggregates: [
            role('CO_HOST', 1, '10.00'),
            role('GUEST', 1, '10.00'),
            role('HOST', 2, '20.00'),
            role('ORGANISER', 1, '10.00'),
            role('SERVICE_GUARANTEE', 5, '50.00'),
          ],
        },
        asGuest: { aggregates: [role('GUEST', 1, '100.00')] },
      },
      joined: { events: { aggregates: [role(null, 1, '100.00')] } },
      made: {
        events: {
          aggregates: [role('PRODUCER', 1, '100.00')],
          hosts: [
            host('ent-qd-performing-arts', 'PRODUCER', 1),
            host('ent-qd-song-dance-theatre', 'CREATOR', 1),
          ],
        },
      },
    });
  });
});
