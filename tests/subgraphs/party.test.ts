import { readDataset } from '@wenshu/migrations/load/dataset.ts';
import { partyRows } from '@wenshu/migrations/load/party.ts';
import { rateOf } from '@wenshu/party/coverage.ts';
import { partySubgraph } from '@wenshu/party/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { ask } from '../support/sql.ts';
import { startSubgraph, type TestSubgraph } from '../support/subgraph.ts';

let party: TestSubgraph;
beforeAll(async () => {
  party = await startSubgraph('party', partySubgraph);
});
afterAll(() => party[Symbol.asyncDispose]());

const entities = (query: string, representations: object[]) =>
  party.ask(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${query} } }`,
    {
      representations,
    },
  );

describe('a Party organisation', () => {
  it('is found by its id, with its place in the hierarchy and the rules of its meetings', async () => {
    expect(
      await party.ask(`{
        partyUnit(id: "pty-hr-centre-branch") {
          nameZh kind region { nameZh } host { id } coverageMode secretaryModelZh
          parent { nameZh kind parent { id } }
          subordinates(last: 1) { totalCount nodes { nameZh notes } pageInfo { hasPreviousPage } }
          lifeCycle { kind frequency ruleZh alsoZh }
          facts { key value }
          citations { quote isSidebar source { id titleZh } }
        }
      }`),
    ).toEqual({
      data: {
        partyUnit: {
          nameZh: '区文促中心党支部',
          kind: 'BRANCH',
          region: { nameZh: '怀柔区' },
          host: { id: 'org-hr-culture-centre' },
          coverageMode: null,
          secretaryModelZh: null,
          parent: { nameZh: '区文促中心党组', kind: 'PARTY_GROUP', parent: null },
          subordinates: {
            totalCount: 3,
            nodes: [
              {
                nameZh: '区文促中心党小组(第3,共三个)',
                notes: 'The seed says three cells; they are not named. Number is ours.',
              },
            ],
            pageInfo: { hasPreviousPage: true },
          },
          lifeCycle: [
            {
              kind: 'MEMBER_ASSEMBLY',
              frequency: 'QUARTERLY',
              ruleZh: '每季度召开一次党员大会',
              alsoZh: null,
            },
            { kind: 'BRANCH_COMMITTEE', frequency: 'MONTHLY', ruleZh: '每月第三周', alsoZh: null },
            { kind: 'PARTY_GROUP_MEETING', frequency: 'MONTHLY', ruleZh: '每月第二周周五', alsoZh: null },
            { kind: 'PARTY_LECTURE', frequency: 'QUARTERLY', ruleZh: '每季度领导上一次党课', alsoZh: null },
            {
              kind: 'THEME_PARTY_DAY',
              frequency: 'MONTHLY',
              ruleZh: '每月第一周周五',
              alsoZh: '党费收缴时间',
            },
          ],
          facts: [
            { key: 'partyGroups', value: 3 },
            { key: 'themePartyDaysNamed', value: 4 },
          ],
          citations: [
            {
              quote: '党支部突出落实好“三会一课”',
              isSidebar: false,
              source: { id: 'src-000', titleZh: expect.any(String) },
            },
            {
              quote: '划分三个党小组,确定每月第二周周五活动',
              isSidebar: false,
              source: { id: 'src-000', titleZh: expect.any(String) },
            },
          ],
        },
      },
    });
  });

  it('says nothing of its meetings where no source does, which is not the same as holding none', async () => {
    expect(
      await party.ask('{ partyUnit(id: "pty-gaea") { lifeCycle { kind } parent { id } host { id } } }'),
    ).toEqual({
      data: { partyUnit: { lifeCycle: null, parent: null, host: null } },
    });
  });

  it('knows the parks and enterprises that it covers, its brands, mechanisms, links and figures', async () => {
    expect(
      await party.ask(`{
        partyUnit(id: "pty-cy-culture-industry-committee") {
          coverageMode parks { id } enterprises { id }
          brands(orderBy: [{ field: NAME, direction: DESC }], first: 2) {
            totalCount
            nodes { nameZh owner { __typename ... on Park { id } ... on Enterprise { id } } cultivatedBy { nameZh } honours { titleZh year level } }
          }
          mechanisms { nodes { nameZh kind } }
          links { type target { __typename ... on Agency { id } } }
          indicators { nodes { metricZh value unit approx valueAsPrinted subject { ... on PartyUnit { nameZh } } } }
        }
        own: partyUnit(id: "pty-sunhe-52-branch") { coverageMode secretaryModelZh parks { id } }
        single: partyUnit(id: "pty-gaea") { coverageMode parks { id } enterprises { id } honours { titleZh year level } }
      }`),
    ).toEqual({
      data: {
        partyUnit: {
          coverageMode: 'INDUSTRY',
          parks: [{ id: 'park-nciz' }],
          enterprises: null,
          brands: {
            totalCount: 4,
            nodes: [
              {
                nameZh: '“红色朋友圈”党建品牌',
                owner: { __typename: 'Park', id: 'park-publishing-base' },
                cultivatedBy: { nameZh: '文创行业党委' },
                honours: [
                  {
                    titleZh: '2023年全市两新组织“党建强、发展强”党建品牌项目',
                    year: 2023,
                    level: 'MUNICIPAL',
                  },
                ],
              },
              {
                nameZh: '“好书梦”党建品牌',
                owner: { __typename: 'Enterprise', id: 'ent-motie' },
                cultivatedBy: { nameZh: '文创行业党委' },
                honours: [
                  {
                    titleZh: '2023年全市两新组织“党建强、发展强”党建品牌项目',
                    year: 2023,
                    level: 'MUNICIPAL',
                  },
                ],
              },
            ],
          },
          mechanisms: {
            nodes: [
              { nameZh: '“链上党建”工作新模式', kind: 'WORK_MODEL' },
              { nameZh: '“两个覆盖”', kind: 'WORK_MODEL' },
            ],
          },
          links: [
            { type: 'HAS_MEMBER_UNIT', target: { __typename: 'Agency', id: 'org-cy-credit-promotion' } },
          ],
          indicators: {
            nodes: [
              {
                metricZh: '专题活动和项目路演',
                value: '20',
                unit: 'sessions',
                approx: 'OVER',
                valueAsPrinted: '20余场',
                subject: { nameZh: '文创行业党委' },
              },
            ],
          },
        },
        own: {
          coverageMode: 'PARK_JOINT',
          secretaryModelZh: '承租企业负责人担任党支部书记(“党建+自管”模式)',
          parks: [{ id: 'park-sunhe-52' }],
        },
        single: {
          coverageMode: null,
          parks: null,
          enterprises: [{ id: 'ent-gaea' }],
          honours: [{ titleZh: '2023年市级非公企业党组织奖励经费', year: 2023, level: 'MUNICIPAL' }],
        },
      },
    });
  });
});

describe('a mechanism', () => {
  it('is one by its record type, whatever its id begins with', async () => {
    expect(
      await party.ask(`{
        partyMechanism(id: "pty-qd-soe-culture") {
          nameZh kind region { nameZh } proposedBy { id }
          links { type target { __typename ... on Policy { id } } }
        }
        partyUnit(id: "pty-qd-soe-culture") { id }
        measured: partyMechanism(id: "mech-zj-base-party") { links { type target { ... on Measure { id } } } }
      }`),
    ).toEqual({
      data: {
        partyMechanism: {
          nameZh: '市直国有文化企业党建',
          kind: 'WORK_MODEL',
          region: { nameZh: '青岛市' },
          proposedBy: null,
          links: [
            { type: 'GOVERNED_BY_POLICY', target: { __typename: 'Policy', id: 'pol-qd-dual-effect' } },
            {
              type: 'GOVERNED_BY_POLICY',
              target: { __typename: 'Policy', id: 'pol-qd-party-secretary-duty' },
            },
          ],
        },
        partyUnit: null,
        measured: { links: [{ type: 'DEFINED_BY_MEASURE', target: { id: 'pol-zj-av-base-measures-m10' } }] },
      },
    });
  });
});

describe('the lists', () => {
  it('hold every record of the file, each in the list of its type', async () => {
    expect(
      await party.ask(`{
        partyUnits { totalCount } partyBrands { totalCount } partyMechanisms { totalCount } partyIndicators { totalCount }
      }`),
    ).toEqual({
      data: {
        partyUnits: { totalCount: 11 },
        partyBrands: { totalCount: 4 },
        partyMechanisms: { totalCount: 5 },
        partyIndicators: { totalCount: 4 },
      },
    });
  });

  it('are filtered by name, kind, place, hierarchy, coverage and meetings', async () => {
    expect(
      await party.ask(`{
        name: partyUnits(filter: { nameZh: { contains: "党支部" } }, orderBy: [{ field: NAME }]) { nodes { nameZh } }
        kind: partyUnits(filter: { kind: { in: [PARK_BRANCH, VILLAGE_BRANCH] } }) { nodes { id } }
        region: partyUnits(filter: { region: { within: "370000" } }) { nodes { id } }
        parent: partyUnits(filter: { parent: { eq: "pty-hr-centre-branch" } }) { totalCount }
        host: partyUnits(filter: { host: { eq: "org-hr-culture-centre" } }) { totalCount }
        mode: partyUnits(filter: { coverageMode: { isNull: false } }) { totalCount }
        covers: partyUnits(filter: { covers: { in: ["park-nciz", "ent-gaea"] } }) { nodes { id } }
        coversNone: partyUnits(filter: { covers: { in: [] } }) { totalCount }
        meeting: partyUnits(filter: { meeting: { eq: THEME_PARTY_DAY } }) { nodes { id } }
        notMeeting: partyUnits(filter: { not: { meeting: { eq: THEME_PARTY_DAY } } }) { totalCount }
        owner: partyBrands(filter: { owner: { eq: "ent-bluefocus" } }) { nodes { id } }
        cultivated: partyBrands(filter: { cultivatedBy: { eq: "pty-cy-culture-industry-committee" } }) { totalCount }
        proposed: partyMechanisms(filter: { proposedBy: { isNull: true } }) { nodes { id } }
      }`),
    ).toEqual({
      data: {
        name: {
          nodes: [
            { nameZh: '凤台街道后八里庄村党支部' },
            { nameZh: '区文促中心党支部' },
            { nameZh: '孙河52号文化创意园区党支部' },
          ],
        },
        kind: { nodes: [{ id: 'pty-houbali-branch' }, { id: 'pty-sunhe-52-branch' }] },
        region: { nodes: [{ id: 'pty-houbali-branch' }, { id: 'pty-ls-theory-group' }] },
        parent: { totalCount: 3 },
        host: { totalCount: 5 },
        mode: { totalCount: 3 },
        covers: { nodes: [{ id: 'pty-cy-culture-industry-committee' }, { id: 'pty-gaea' }] },
        coversNone: { totalCount: 0 },
        meeting: { nodes: [{ id: 'pty-hr-centre-branch' }] },
        notMeeting: { totalCount: 10 },
        owner: { nodes: [{ id: 'brand-bluefocus' }] },
        cultivated: { totalCount: 4 },
        proposed: { nodes: [{ id: 'mech-zj-base-party' }, { id: 'pty-qd-soe-culture' }] },
      },
    });
  });

  it.each([
    ['forward', 'first: 3, after: $cursor', 'endCursor', 'hasNextPage'],
    ['backward', 'last: 3, before: $cursor', 'startCursor', 'hasPreviousPage'],
  ])('show every row once, paging %s in the order of pinyin', async (_way, args, cursor, more) => {
    type Answer = {
      data: { partyUnits: { nodes: { id: string }[]; pageInfo: Record<string, string | boolean> } };
    };
    const idsOf = ({ data }: Answer) => data.partyUnits.nodes.map(({ id }) => id);
    const page = `query ($cursor: String) {
      partyUnits(${args}, orderBy: [{ field: NAME, direction: DESC }]) { nodes { id } pageInfo { ${cursor} ${more} } }
    }`;
    const whole = (await party.ask(
      '{ partyUnits(orderBy: [{ field: NAME, direction: DESC }]) { nodes { id } } }',
    )) as Answer;
    const seen: string[] = [];
    let at: unknown = null;
    do {
      const answer = (await party.ask(page, { cursor: at })) as Answer;
      const { pageInfo } = answer.data.partyUnits;
      if (more === 'hasNextPage') seen.push(...idsOf(answer));
      else seen.unshift(...idsOf(answer));
      at = pageInfo[more] ? pageInfo[cursor] : null;
    } while (at);
    expect(seen).toEqual(idsOf(whole));
    expect(seen).toHaveLength(11);
  });

  it('take as many statements for all rows as for one', async () => {
    const question = (first: number) => `{
      partyUnits(first: ${first}, filter: { region: { within: "110000" } }) {
        nodes {
          nameZh region { nameZh } parent { nameZh } subordinates { nodes { nameZh } } host { id } parks { id }
          enterprises { id } lifeCycle { kind } brands { nodes { nameZh } totalCount } mechanisms { nodes { nameZh } }
          indicators { nodes { value } } links { type target { __typename } }
        }
      }
    }`;
    await party.ask(question(1));
    // The first unit has no parent, so that one statement has nothing to ask.
    expect(party.statements).toHaveLength(10);
    await party.ask(question(50));
    expect(party.statements).toHaveLength(11);
  });

  it('read only the columns asked for', async () => {
    await party.ask('{ partyUnits { nodes { nameZh } } }');
    expect(party.statements).toHaveLength(1);
    expect(party.statements[0]).not.toMatch(/count|citations|honours|name_en/);
  });
});

describe('bad input', () => {
  it.each([
    ['first: -1', 'first', '"first" must be from 0 to 500, not -1.'],
    [
      'after: "gibberish"',
      'after',
      '"after" is not a cursor of this list. Use a cursor from pageInfo or edges.',
    ],
    [
      'filter: { coverageMode: { isNull: true, eq: INDUSTRY } }',
      'filter.coverageMode',
      'filter.coverageMode asks for null and for a value at once.',
    ],
  ])('is refused (%s) at its path, and the rest is answered', async (args, argument, message) => {
    expect(
      await party.ask(`{ bad: partyUnits(${args}) { totalCount } fine: partyUnits { totalCount } }`),
    ).toEqual({
      errors: [
        expect.objectContaining({ path: ['bad'], message, extensions: { code: 'BAD_USER_INPUT', argument } }),
      ],
      data: { bad: null, fine: { totalCount: 11 } },
    });
  });

  it('of an id that is not there is answered with null', async () => {
    expect(
      await party.ask(
        '{ partyUnit(id: "x") { id } partyBrand(id: "x") { id } partyMechanism(id: "x") { id } }',
      ),
    ).toEqual({ data: { partyUnit: null, partyBrand: null, partyMechanism: null } });
  });
});

describe('the coverage of parks and enterprises', () => {
  const noWork = '没有党建指导员、联络员、工会或共青团覆盖它的记录;没有记录不等于没有覆盖。';
  const onlyOrganised = `已有党组织覆盖;党的工作是否覆盖未知:${noWork}`;
  const nothing = `没有党组织覆盖它的记录;${noWork}`;

  it('is COVERED by a unit on record, and UNKNOWN with the reason where none is', async () => {
    expect(
      await entities(
        `... on Park {
           partyUnit { nameZh } partyUnits { id } partyBrands { nameZh }
           partyCoverage { organisation work mode units { nameZh kind } reasonZh reasonEn }
         }`,
        [
          { __typename: 'Park', id: 'park-sunhe-52' },
          { __typename: 'Park', id: 'park-publishing-base' },
        ],
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            partyUnit: { nameZh: '孙河52号文化创意园区党支部' },
            partyUnits: [{ id: 'pty-sunhe-52-branch' }],
            partyBrands: null,
            partyCoverage: {
              organisation: 'COVERED',
              work: 'UNKNOWN',
              mode: 'PARK_JOINT',
              units: [{ nameZh: '孙河52号文化创意园区党支部', kind: 'PARK_BRANCH' }],
              reasonZh: onlyOrganised,
              reasonEn:
                "A Party organisation covers it. Whether the Party's work covers it is unknown: no record says that an instructor, a liaison, a union or the youth league covers it. A missing record does not mean that it is not covered.",
            },
          },
          {
            partyUnit: null,
            partyUnits: null,
            partyBrands: [{ nameZh: '“红色朋友圈”党建品牌' }],
            partyCoverage: {
              organisation: 'UNKNOWN',
              work: 'UNKNOWN',
              mode: null,
              units: [],
              reasonZh: nothing,
              reasonEn: expect.stringMatching(/^No record says that a Party organisation covers it\. /),
            },
          },
        ],
      },
    });
  });

  it('takes the same few statements for many parks and enterprises', async () => {
    const asked =
      '{ partyUnit { nameZh } partyUnits { nameZh } partyBrands { id } partyCoverage { organisation units { nameZh } } }';
    const ids = ['sunhe-52', 'nciz', 'huairou-film-zone', '798', 'publishing-base', 'tonghuihepan'];
    await entities(`... on Park ${asked} ... on Enterprise ${asked}`, [
      ...ids.map((id) => ({ __typename: 'Park', id: `park-${id}` })),
      { __typename: 'Enterprise', id: 'ent-gaea' },
      { __typename: 'Enterprise', id: 'ent-motie' },
    ]);
    expect(party.statements).toHaveLength(3);
  });

  it('follows what the agency in charge states, but a unit on record stays COVERED', async () => {
    await using database = await createDatabase();
    await ask(
      database.adminUrl,
      `insert into party.coverage_statements (target_type, target_id, organisation, work, mode, reason_zh, reason_en) values
        ('Enterprise', 'ent-pico', 'NOT_COVERED', 'COVERED', null, '正式党员不足三人', 'Fewer than three full members'),
        ('Enterprise', 'ent-motie', 'COVERED', 'COVERED', 'SINGLE', null, null),
        ('Enterprise', 'ent-gaea', 'NOT_COVERED', null, null, '没有正式党员', 'No full member'),
        ('Enterprise', 'ent-bluefocus', 'NOT_COVERED', 'NOT_COVERED', null, null, null)`,
    );
    const subgraph = partySubgraph({ url: database.urls.party });
    const answer = await subgraph.execute({
      query: `query ($representations: [_Any!]!) {
        _entities(representations: $representations) {
          ... on Enterprise { partyCoverage { organisation work mode units { id } reasonZh reasonEn } }
        }
      }`,
      variables: {
        representations: ['ent-pico', 'ent-motie', 'ent-gaea', 'ent-bluefocus'].map((id) => ({
          __typename: 'Enterprise',
          id,
        })),
      },
    });
    await subgraph.close();
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      data: {
        _entities: [
          {
            partyCoverage: {
              organisation: 'NOT_COVERED',
              work: 'COVERED',
              mode: null,
              units: [],
              reasonZh: '正式党员不足三人',
              reasonEn: 'Fewer than three full members',
            },
          },
          {
            partyCoverage: {
              organisation: 'COVERED',
              work: 'COVERED',
              mode: 'SINGLE',
              units: [],
              reasonZh: null,
              reasonEn: null,
            },
          },
          {
            partyCoverage: {
              organisation: 'COVERED',
              work: 'UNKNOWN',
              mode: null,
              units: [{ id: 'pty-gaea' }],
              reasonZh: onlyOrganised,
              reasonEn: expect.any(String),
            },
          },
          {
            partyCoverage: {
              organisation: 'NOT_COVERED',
              work: 'NOT_COVERED',
              mode: null,
              units: [],
              reasonZh: null,
              reasonEn: null,
            },
          },
        ],
      },
    });
  });

  it('names the own or joint unit of a park before one of a whole industry', async () => {
    await using database = await createDatabase();
    await ask(
      database.adminUrl,
      `insert into party.coverages (unit_id, target_type, target_id)
       values ('pty-cy-culture-industry-committee', 'Park', 'park-sunhe-52')`,
    );
    const subgraph = partySubgraph({ url: database.urls.party });
    const answer = await subgraph.execute({
      query: `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on Park { partyUnit { id } partyUnits { id } partyCoverage { mode } } }
      }`,
      variables: { representations: [{ __typename: 'Park', id: 'park-sunhe-52' }] },
    });
    await subgraph.close();
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      data: {
        _entities: [
          {
            partyUnit: { id: 'pty-sunhe-52-branch' },
            partyUnits: [{ id: 'pty-sunhe-52-branch' }, { id: 'pty-cy-culture-industry-committee' }],
            partyCoverage: { mode: 'PARK_JOINT' },
          },
        ],
      },
    });
  });
});

describe('what regions and agencies read by key', () => {
  it('is the rate over the records, rolled up, from the counts of other agencies, without what would reveal single ones', async () => {
    const counts = {
      parksByRegion: { real: { 110105: 7, 110116: 5 }, synthetic: { 110105: 4 } },
      enterprisesByRegion: { real: { 110105: 21, 110116: 9, 420000: 2 }, synthetic: {} },
    };
    const parks = 'parkCount parksCovered parkRate areParksSuppressed';
    const enterprises = 'enterpriseCount enterprisesCovered enterpriseRate areEnterprisesSuppressed';
    const withheldParks = { parksCovered: null, parkRate: null, areParksSuppressed: true };
    const withheldEnterprises = {
      enterprisesCovered: null,
      enterpriseRate: null,
      areEnterprisesSuppressed: true,
    };
    expect(
      await entities(`... on Region { partyCoverage { ${parks} ${enterprises} synthetic } }`, [
        ...['110000', '110105', '420000'].map((code) => ({ __typename: 'Region', code, ...counts })),
        { __typename: 'Region', code: '110116', ...counts, parksByRegion: null },
      ]),
    ).toEqual({
      data: {
        _entities: [
          {
            partyCoverage: {
              parkCount: 12,
              parksCovered: 3,
              parkRate: '25.00',
              areParksSuppressed: false,
              enterpriseCount: 30,
              ...withheldEnterprises,
              synthetic: false,
            },
          },
          // Two are covered here and one in the other district.
          {
            partyCoverage: {
              parkCount: 7,
              ...withheldParks,
              enterpriseCount: 21,
              ...withheldEnterprises,
              synthetic: false,
            },
          },
          {
            partyCoverage: {
              parkCount: 0,
              parksCovered: null,
              parkRate: null,
              areParksSuppressed: false,
              enterpriseCount: 2,
              ...withheldEnterprises,
              synthetic: false,
            },
          },
          {
            partyCoverage: {
              parkCount: null,
              parksCovered: null,
              parkRate: null,
              areParksSuppressed: false,
              enterpriseCount: 9,
              ...withheldEnterprises,
              synthetic: false,
            },
          },
        ],
      },
    });
    // The regions, with their parents, and what is covered.
    expect(party.statements).toHaveLength(2);
  });

  it('is their units, brands, mechanisms and figures, with or without what is below them', async () => {
    expect(
      await entities(
        `... on Region {
           partyUnitCount
           below: partyUnits(first: 1) { totalCount nodes { id } }
           exactly: partyUnits(includeSubregions: false) { totalCount }
           partyBrands { totalCount } partyMechanisms { totalCount }
           own: partyIndicators { totalCount } all: partyIndicators(includeSubregions: true) { totalCount }
         }
         ... on Agency { partyUnits(last: 1) { totalCount nodes { id } } }`,
        [
          { __typename: 'Region', code: '110000' },
          { __typename: 'Region', code: '370212' },
          { __typename: 'Agency', id: 'org-hr-culture-centre' },
          { __typename: 'Agency', id: 'org-cy-credit-promotion' },
        ],
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            partyUnitCount: 9,
            below: { totalCount: 9, nodes: [{ id: 'pty-cy-culture-industry-committee' }] },
            exactly: { totalCount: 0 },
            partyBrands: { totalCount: 4 },
            partyMechanisms: { totalCount: 3 },
            own: { totalCount: 0 },
            all: { totalCount: 3 },
          },
          {
            partyUnitCount: 1,
            below: { totalCount: 1, nodes: [{ id: 'pty-ls-theory-group' }] },
            exactly: { totalCount: 1 },
            partyBrands: { totalCount: 0 },
            partyMechanisms: { totalCount: 0 },
            own: { totalCount: 1 },
            all: { totalCount: 1 },
          },
          { partyUnits: { totalCount: 5, nodes: [{ id: 'pty-hr-centre-group' }] } },
          { partyUnits: { totalCount: 0, nodes: [] } },
        ],
      },
    });
  });

  it('is each entity of the subgraph, and null where there is none', async () => {
    expect(
      await entities(
        '... on PartyUnit { nameZh } ... on PartyBrand { nameZh } ... on PartyMechanism { nameZh }',
        [
          { __typename: 'PartyUnit', id: 'pty-gaea' },
          { __typename: 'PartyBrand', id: 'brand-motie' },
          { __typename: 'PartyMechanism', id: 'mech-chain-party' },
          { __typename: 'PartyUnit', id: 'pty-nobody' },
        ],
      ),
    ).toEqual({
      data: {
        _entities: [
          { nameZh: '盖娅互娱党组织' },
          { nameZh: '“好书梦”党建品牌' },
          { nameZh: '“链上党建”工作新模式' },
          null,
        ],
      },
    });
  });
});

describe('what is covered', () => {
  it.each([
    [2, 3, '66.67'],
    [1, 3, '33.33'],
    [1, 800, '0.13'],
    [0, 7, '0.00'],
    [7, 7, '100.00'],
  ])('is %i of %i, which is %s percent', (covered, all, rate) => {
    expect(rateOf(covered, all)).toBe(rate);
  });
});

describe('loading', () => {
  it('refuses a meeting that it does not know and a brand without one owner, naming both', async () => {
    const dataset = await readDataset(new URL('../../migrations/data/', import.meta.url));
    const partyUnits = dataset.partyUnits.map((record) => {
      if (record.id === 'pty-gaea')
        return { ...record, lifeCycle: { gathering: { frequency: 'MONTHLY', ruleZh: '每月', also: null } } };
      return record.id === 'brand-motie' ? { ...record, enterpriseIds: [] } : record;
    });
    expect(() => partyRows({ ...dataset, partyUnits })).toThrow(
      expect.objectContaining({
        problems: [
          'party-units.json, record pty-gaea, field lifeCycle.gathering: is none of memberAssembly, branchCommittee, partyGroupMeeting, partyLecture, themePartyDay.',
          'party-units.json, record brand-motie, fields parkIds, enterpriseIds: must name the one owner of the brand.',
        ],
      }),
    );
  });

  it('keeps a coverage that only the park or the enterprise states', async () => {
    const dataset = await readDataset(new URL('../../migrations/data/', import.meta.url));
    const partyUnits = dataset.partyUnits.map((record) =>
      record.recordType === 'UNIT' ? { ...record, parkIds: [], enterpriseIds: [] } : record,
    );
    const coverages = (rows: ReturnType<typeof partyRows>) =>
      rows[2]?.rows.map(({ unitId, targetType, targetId }) => `${unitId} ${targetType} ${targetId}`).sort();
    expect(coverages(partyRows({ ...dataset, partyUnits }))).toEqual(coverages(partyRows(dataset)));
    expect(coverages(partyRows(dataset))).toHaveLength(4);
  });
});
