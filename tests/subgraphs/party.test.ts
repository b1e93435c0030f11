import { percent } from '@wenshu/kit/percent.ts';
import { readDataset } from '@wenshu/migrations/load/dataset.ts';
import { partyRows } from '@wenshu/migrations/load/party.ts';
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

  it('knows the parks and enterprises that it covers, its brands, mechanisms, members and figures', async () => {
    expect(
      await party.ask(`{
        partyUnit(id: "pty-cy-culture-industry-committee") {
          coverageMode parks { id } enterprises { id }
          brands(orderBy: [{ field: NAME, direction: DESC }], first: 2) {
            totalCount
            nodes { nameZh owner { __typename ... on Park { id } ... on Enterprise { id } } cultivatedBy { nameZh } honours { titleZh year level } }
          }
          mechanisms { nodes { nameZh kind } }
          subjects { role subject { __typename ... on Agency { id } } }
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
          subjects: [{ role: 'MEMBER', subject: { __typename: 'Agency', id: 'org-cy-credit-promotion' } }],
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
          subjects { role subject { __typename ... on Policy { id } } }
        }
        partyUnit(id: "pty-qd-soe-culture") { id }
        measured: partyMechanism(id: "mech-zj-base-party") { subjects { role subject { ... on Measure { id } } } }
      }`),
    ).toEqual({
      data: {
        partyMechanism: {
          nameZh: '市直国有文化企业党建',
          kind: 'WORK_MODEL',
          region: { nameZh: '青岛市' },
          proposedBy: null,
          subjects: [
            { role: 'GOVERNED_BY', subject: { __typename: 'Policy', id: 'pol-qd-dual-effect' } },
            { role: 'GOVERNED_BY', subject: { __typename: 'Policy', id: 'pol-qd-party-secretary-duty' } },
          ],
        },
        partyUnit: null,
        measured: {
          subjects: [{ role: 'DEFINED_BY', subject: { id: 'pol-zj-av-base-measures-m10' } }],
        },
      },
    });
  });
});

describe('the lists', () => {
  it('hold every record of the file, each in the list of its type', async () => {
    expect(
      await party.ask(`{
        partyUnits { totalCount } partyBrands { totalCount } partyMechanisms { totalCount } partyIndicators { totalCount }
        partyCoverageRecords { totalCount nodes { park { id } enterprise { id } organisation } }
        covered: partyCoverageRecords(filter: { organisation: { eq: COVERED }, work: { eq: UNKNOWN }, mode: { isNull: true } }) { nodes { enterprise { id } } }
      }`),
    ).toEqual({
      data: {
        partyUnits: { totalCount: 11 },
        partyBrands: { totalCount: 4 },
        partyMechanisms: { totalCount: 5 },
        partyIndicators: { totalCount: 4 },
        partyCoverageRecords: {
          totalCount: 4,
          nodes: [
            { park: null, enterprise: { id: 'ent-gaea' }, organisation: 'COVERED' },
            { park: { id: 'park-huairou-film-zone' }, enterprise: null, organisation: 'UNKNOWN' },
            { park: { id: 'park-nciz' }, enterprise: null, organisation: 'UNKNOWN' },
            { park: { id: 'park-sunhe-52' }, enterprise: null, organisation: 'COVERED' },
          ],
        },
        covered: { nodes: [{ enterprise: { id: 'ent-gaea' } }] },
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
          indicators { nodes { value } } subjects { role subject { __typename } }
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
           partyCoverage { organisation work mode units { nameZh kind } reason reasonZh }
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
              reason:
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
              reason: expect.stringMatching(/^No record says that a Party organisation covers it\. /),
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
          ... on Enterprise { partyCoverage { organisation work mode units { id } reason reasonZh } }
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
              reason: 'Fewer than three full members',
            },
          },
          {
            partyCoverage: {
              organisation: 'COVERED',
              work: 'COVERED',
              mode: 'SINGLE',
              units: [],
              reasonZh: null,
              reason: null,
            },
          },
          {
            partyCoverage: {
              organisation: 'COVERED',
              work: 'UNKNOWN',
              mode: null,
              units: [{ id: 'pty-gaea' }],
              reasonZh: onlyOrganised,
              reason: expect.any(String),
            },
          },
          {
            partyCoverage: {
              organisation: 'NOT_COVERED',
              work: 'NOT_COVERED',
              mode: null,
              units: [],
              reasonZh: null,
              reason: null,
            },
          },
        ],
      },
    });
  });

  it('is UNKNOWN for a park with nothing but a body that coordinates there, which is on record all the same', async () => {
    expect(
      await entities(
        '... on Park { partyUnit { kind } partyCoverage { organisation mode units { id } reasonZh } }',
        ['park-nciz', 'park-huairou-film-zone'].map((id) => ({ __typename: 'Park', id })),
      ),
    ).toEqual({
      data: {
        _entities: [
          ['park-nciz', 'INDUSTRY_PARTY_COMMITTEE'],
          ['park-huairou-film-zone', 'COORDINATION_COMMITTEE'],
        ].map(([, kind]) => ({
          partyUnit: { kind },
          partyCoverage: {
            organisation: 'UNKNOWN',
            mode: null,
            units: [],
            reasonZh: nothing,
          },
        })),
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
  it('is the coverage over the records, rolled up, from what other agencies count, without what would reveal single ones', async () => {
    await using database = await createDatabase();
    const park = (i: number) => `x-park-${i}`;
    const firm = (i: number) => `x-firm-${i}`;
    await ask(
      database.adminUrl,
      `insert into party.party_units (id, name_zh, name_en, kind, region_code) values
         ('x-branch', '支部', 'Branch', 'BRANCH', '110105'), ('x-body', '协调委员会', 'Body', 'COORDINATION_COMMITTEE', '110105');
       insert into party.coverages (unit_id, target_type, target_id) values
         ${[1, 2, 3, 4, 11, 12].map((i) => `('x-branch', 'Park', '${park(i)}')`)}, ('x-body', 'Park', '${park(9)}'),
         ${[1, 2, 3].map((i) => `('x-branch', 'Enterprise', '${firm(i)}')`)}, ('x-branch', 'Enterprise', 'x-fund');
       insert into party.coverage_statements (target_type, target_id, region_code, organisation, work) values
         ${[5, 6, 7].map((i) => `('Park', '${park(i)}', '110105', 'NOT_COVERED', 'COVERED')`)},
         ${[4, 5, 6, 7].map((i) => `('Enterprise', '${firm(i)}', '110105', 'NOT_COVERED', null)`)}`,
    );
    const ids = (numbers: number[]) => numbers.map(park);
    const counts = {
      parksByRegion: {
        real: [
          { code: '110105', level: 'MUNICIPAL', kind: 'CULTURE_PARK', ids: ids([1, 2, 3, 5, 6, 7]) },
          { code: '110105', level: null, kind: 'CULTURE_PARK', ids: ids([4, 8, 9, 10, 11, 12]) },
        ],
        synthetic: [],
      },
      enterprisesByRegion: {
        real: { counts: { 110105: 6, 110116: 9 }, uncounted: ['x-fund', 'ent-gaea'] },
        synthetic: { counts: {}, uncounted: [] },
      },
    };
    const count =
      '{ total covered notCovered unknown levelUnknown rate rateAtLeast rateAtMost isSuppressed reason reasonZh }';
    const subgraph = partySubgraph({ url: database.urls.party });
    const coverageOf = async (args: string, region: object, what: string) => {
      const answer = await subgraph.execute({
        query: `query ($representations: [_Any!]!) {
          _entities(representations: $representations) { ... on Region { partyCoverage${args} { ${what} } } }
        }`,
        variables: { representations: [{ __typename: 'Region', ...counts, ...region }] },
      });
      const { data, errors } = JSON.parse(JSON.stringify(answer));
      return errors ?? data._entities[0].partyCoverage;
    };
    const known = { levelUnknown: 0, isSuppressed: false, reason: null, reasonZh: null };
    const hidden = {
      covered: null,
      notCovered: null,
      unknown: null,
      rate: null,
      rateAtLeast: null,
      rateAtMost: null,
      isSuppressed: true,
      reason: expect.stringMatching(/^Hidden: /),
      reasonZh: expect.stringMatching(/^不给出:/),
    };
    // The coordination body covers nobody: of twelve parks, six are covered and three are unknown.
    expect(
      await coverageOf('', { code: '110105' }, `code level kind synthetic parks { organisation ${count} }`),
    ).toEqual({
      code: '110105',
      level: null,
      kind: null,
      synthetic: false,
      parks: {
        organisation: {
          ...known,
          total: 12,
          covered: 6,
          notCovered: 3,
          unknown: 3,
          rate: null,
          rateAtLeast: '50.00',
          rateAtMost: '75.00',
          reason: 'Of 12 parks on record, 3 are on record neither as covered nor as not covered.',
          reasonZh: '在册园区 12 家,其中 3 家既没有已覆盖的记录,也没有未覆盖的记录。',
        },
      },
    });
    // Of the municipal parks all are known; six more may be municipal.
    expect(
      await coverageOf('(level: MUNICIPAL)', { code: '110000' }, `level parks { organisation ${count} }`),
    ).toEqual({
      level: 'MUNICIPAL',
      parks: {
        organisation: {
          ...known,
          total: 6,
          covered: 3,
          notCovered: 3,
          unknown: 0,
          levelUnknown: 6,
          rate: null,
          rateAtLeast: '25.00',
          rateAtMost: '75.00',
          reason: 'No source states the level of 6 more, which may belong here.',
          reasonZh: '另有 6 家没有来源写明级别,可能也属此列。',
        },
      },
    });
    expect(await coverageOf('', { code: '110000' }, `parks { work ${count} }`)).toEqual({
      parks: {
        work: {
          ...known,
          total: 12,
          covered: 3,
          notCovered: 0,
          unknown: 9,
          rate: null,
          rateAtLeast: '25.00',
          rateAtMost: '100.00',
          reason: expect.any(String),
          reasonZh: expect.any(String),
        },
      },
    });
    expect(
      await coverageOf('(kind: MUSEUM)', { code: '110105' }, `kind parks { organisation ${count} }`),
    ).toEqual({
      kind: 'MUSEUM',
      parks: {
        organisation: {
          ...known,
          total: 0,
          covered: 0,
          notCovered: 0,
          unknown: 0,
          rate: null,
          rateAtLeast: null,
          rateAtMost: null,
          reason: 'No parks on record count here.',
          reasonZh: '没有可计的园区记录。',
        },
      },
    });
    // The fund does not count. Seven enterprises on record where six lie: the agencies disagree, so nothing is said.
    expect(
      await coverageOf('', { code: '110105' }, `enterprises { organisation ${count} work ${count} }`),
    ).toEqual({
      enterprises: {
        organisation: { ...hidden, total: 6, levelUnknown: 0 },
        // Nothing is on record of anybody's work, which tells nothing of any.
        work: {
          ...known,
          total: 6,
          covered: 0,
          notCovered: 0,
          unknown: 6,
          rate: null,
          rateAtLeast: '0.00',
          rateAtMost: '100.00',
          reason: expect.stringMatching(/^Of 6 enterprises/),
          reasonZh: expect.stringMatching(/^在册企业 6 家/),
        },
      },
    });
    expect(
      await coverageOf('', { code: '110105', parksByRegion: null }, `parks { organisation ${count} }`),
    ).toEqual({
      parks: {
        organisation: {
          ...hidden,
          total: null,
          levelUnknown: null,
          isSuppressed: false,
          reason: 'The agency that keeps the parks does not answer.',
          reasonZh: '掌握园区名录的部门未应答。',
        },
      },
    });
    const twenty = { real: { counts: { 110105: 20 }, uncounted: ['x-fund', 'ent-gaea'] } };
    expect(
      await coverageOf(
        '',
        { code: '110105', enterprisesByRegion: twenty },
        `enterprises { organisation ${count} }`,
      ),
    ).toEqual({
      enterprises: {
        organisation: {
          ...known,
          total: 20,
          covered: 3,
          notCovered: 4,
          unknown: 13,
          rate: null,
          rateAtLeast: '15.00',
          rateAtMost: '80.00',
          reason: expect.stringContaining('Of 20 enterprises on record, 13 are'),
          reasonZh: expect.any(String),
        },
      },
    });
    await subgraph.close();
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
    [2, 3, ['66.66', '66.67', '66.67']],
    [1, 3, ['33.33', '33.33', '33.34']],
    [1, 800, ['0.12', '0.13', '0.13']],
    [0, 7, ['0.00', '0.00', '0.00']],
    [7, 7, ['100.00', '100.00', '100.00']],
  ])('is %i of %i, which is in percent, down, half up and up: %s', (covered, all, rates) => {
    expect((['down', 'half up', 'up'] as const).map((way) => percent(covered, all, way))).toEqual(rates);
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
      rows[4]?.rows.map(({ unitId, targetType, targetId }) => `${unitId} ${targetType} ${targetId}`).sort();
    expect(coverages(partyRows({ ...dataset, partyUnits }))).toEqual(coverages(partyRows(dataset)));
    expect(coverages(partyRows(dataset))).toHaveLength(4);
  });
});
