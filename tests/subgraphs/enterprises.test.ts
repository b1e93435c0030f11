import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSubgraph, type TestSubgraph } from '../support/subgraph.ts';

let enterprises: TestSubgraph;
beforeAll(async () => {
  enterprises = await startSubgraph('enterprises', enterprisesSubgraph);
});
afterAll(() => enterprises[Symbol.asyncDispose]());

describe('an enterprise', () => {
  it('is found by its id, with the document that each statement comes from', async () => {
    expect(
      await enterprises.ask(`{
        enterprise(id: "ent-bluefocus") {
          nameZh kind fullNameZh creditCode registeredCapital isCultureRelated
          region { code nameZh level parent { nameZh } } regionBasis
          honours { titleZh year level }
          citations { quote isSidebar source { id date } }
        }
      }`),
    ).toEqual({
      data: {
        enterprise: {
          nameZh: '蓝色光标',
          kind: 'ENTERPRISE',
          fullNameZh: null,
          creditCode: null,
          registeredCapital: null,
          isCultureRelated: true,
          region: { code: '110105', nameZh: '朝阳区', level: 'COUNTY', parent: { nameZh: '北京市' } },
          regionBasis: 'CONTEXT',
          honours: [{ titleZh: '全国30强文化企业', year: 2024, level: 'NATIONAL' }],
          citations: [
            {
              quote: '蓝色光标、郭帆影业分别入选2024全国30强文化企业',
              isSidebar: false,
              source: { id: 'src-001', date: '2024-07-21' },
            },
            {
              quote: '蓝色光标“党建引领 互促共赢”',
              isSidebar: false,
              source: { id: 'src-001', date: '2024-07-21' },
            },
          ],
        },
      },
    });
  });

  it('is null where there is none of that id or credit code', async () => {
    expect(
      await enterprises.ask(`{
        enterprise(id: "ent-nobody") { id }
        enterpriseByCreditCode(creditCode: "91350100M000100Y43") { id }
        region(code: "999999") { nameZh }
      }`),
    ).toEqual({ data: { enterprise: null, enterpriseByCreditCode: null, region: null } });
  });

  it('says nothing of tiers where no source does, which is not the same as having none', async () => {
    expect(
      await enterprises.ask(`{
        silent: enterprise(id: "ent-bluefocus") { tiers { tier } }
        stated: enterprise(id: "ent-pico") { tiers { tier titleZh level year } }
      }`),
    ).toEqual({
      data: {
        silent: { tiers: null },
        stated: {
          tiers: [{ tier: 'HIDDEN_CHAMPION', titleZh: '各自细分领域的隐形冠军', level: null, year: null }],
        },
      },
    });
  });

  it('knows its park, its group and the relations that its record states', async () => {
    expect(
      await enterprises.ask(`{
        enterprise(id: "ent-china-film-co") {
          park { id }
          groups { nameZh members { totalCount nodes { nameZh } } park { id } }
        }
        invested: enterprise(id: "ent-pico") { subjects { role subject { __typename ... on Agency { id } } } }
        investor: enterprise(id: "ent-pd-development-group") { park { id } parks { role park { id } } }
      }`),
    ).toEqual({
      data: {
        enterprise: {
          park: null,
          groups: [
            {
              nameZh: '中影体系',
              members: { totalCount: 1, nodes: [{ nameZh: '中影股份' }] },
              park: { id: 'park-cfg-base' },
            },
          ],
        },
        invested: {
          subjects: [
            { role: 'INVESTED_BY_DISTRICT_SOES', subject: { __typename: 'Agency', id: 'org-ls-gov' } },
          ],
        },
        investor: { park: null, parks: [{ role: 'INVESTOR', park: { id: 'park-yida-power-valley' } }] },
      },
    });
  });
});

describe('a list of enterprises', () => {
  it('is filtered, sorted by pinyin and counted', async () => {
    expect(
      await enterprises.ask(`{
        enterprises(
          first: 2
          filter: { region: { within: "370000" }, tier: { in: [HIDDEN_CHAMPION] } }
          orderBy: [{ field: NAME }]
        ) { totalCount nodes { nameZh } pageInfo { hasNextPage hasPreviousPage } }
      }`),
    ).toEqual({
      data: {
        enterprises: {
          totalCount: 3,
          nodes: [{ nameZh: '海华生物' }, { nameZh: '罗博科技' }],
          pageInfo: { hasNextPage: true, hasPreviousPage: false },
        },
      },
    });
  });

  it('finds a fragment of a name, from one character on and with signs that SQL patterns use', async () => {
    expect(
      await enterprises.ask(`{
        one: enterprises(filter: { nameZh: { contains: "博" } }) { nodes { nameZh } }
        two: enterprises(filter: { nameZh: { contains: "影视" } }) { totalCount }
        latin: enterprises(filter: { nameEn: { contains: "FILM" } }) { totalCount }
        percent: enterprises(filter: { nameZh: { contains: "%" } }) { totalCount }
        quote: enterprises(filter: { nameZh: { startsWith: "'; drop table" } }) { totalCount }
      }`),
    ).toMatchObject({
      data: {
        one: { nodes: [{ nameZh: '博纳影业' }, { nameZh: '罗博科技' }] },
        percent: { totalCount: 0 },
        quote: { totalCount: 0 },
      },
    });
  });

  it('keeps a row of which a condition is unknown when the condition is negated', async () => {
    expect(
      await enterprises.ask(`{
        all: enterprises { totalCount }
        state: enterprises(filter: { ownership: { eq: STATE } }) { totalCount }
        notState: enterprises(filter: { not: { ownership: { eq: STATE } } }) { totalCount }
        either: enterprises(filter: { or: [{ ownership: { eq: STATE } }, { ownership: { isNull: true } }] }) { totalCount }
        neither: enterprises(filter: { or: [] }) { totalCount }
      }`),
    ).toEqual({
      data: {
        all: { totalCount: 49 },
        state: { totalCount: 2 },
        notState: { totalCount: 47 },
        either: { totalCount: 48 },
        neither: { totalCount: 0 },
      },
    });
  });

  it.each([
    ['forward', 'first: 4, after: $cursor', 'endCursor', 'hasNextPage'],
    ['backward', 'last: 4, before: $cursor', 'startCursor', 'hasPreviousPage'],
  ])(
    'shows every row once, paging %s through an order with nulls and ties',
    async (_way, args, cursor, more) => {
      const page = `query ($cursor: String) {
      enterprises(${args}, orderBy: [{ field: REGISTERED_CAPITAL, direction: DESC }, { field: NAME }]) {
        nodes { id } pageInfo { ${cursor} ${more} }
      }
    }`;
      type Answer = {
        data: { enterprises: { nodes: { id: string }[]; pageInfo: Record<string, string | boolean> } };
      };
      const whole = (await enterprises.ask(
        '{ enterprises(first: 500, orderBy: [{ field: REGISTERED_CAPITAL, direction: DESC }, { field: NAME }]) { nodes { id } pageInfo { hasNextPage } } }',
      )) as Answer;
      const seen: string[] = [];
      let at: unknown = null;
      do {
        const { nodes, pageInfo } = ((await enterprises.ask(page, { cursor: at })) as Answer).data
          .enterprises;
        if (more === 'hasNextPage') seen.push(...nodes.map(({ id }) => id));
        else seen.unshift(...nodes.map(({ id }) => id));
        at = pageInfo[more] ? pageInfo[cursor] : null;
      } while (at);
      expect(seen).toEqual(whole.data.enterprises.nodes.map(({ id }) => id));
      expect(seen).toHaveLength(49);
    },
  );

  it('counts only when the count is asked for, and reads only the columns asked for', async () => {
    await enterprises.ask('{ enterprises(first: 3) { nodes { nameZh } } }');
    expect(enterprises.statements).toHaveLength(1);
    expect(enterprises.statements[0]).not.toMatch(/count|citations|name_en/);
    await enterprises.ask('{ enterprises { totalCount } }');
    expect(enterprises.statements).toHaveLength(1);
  });

  it('takes as many statements for fifty rows as for one', async () => {
    const question = (first: number) => `{
      enterprises(first: ${first}) {
        nodes { nameZh region { nameZh parent { nameZh } } tiers { tier } park { id } groups { nameZh }
                honours { titleZh } indicators { nodes { value } totalCount } }
      }
    }`;
    await enterprises.ask(question(50));
    expect(enterprises.statements.length).toBe(10);
  });
});

describe('bad input', () => {
  const refusalOf = async (list: string) =>
    (await enterprises.ask(`{ ${list} { totalCount } fine: enterprises { totalCount } }`)) as {
      errors: object[];
      data: object;
    };

  it.each([
    ['first: -1', 'first', '"first" must be from 0 to 500, not -1.'],
    ['first: 501', 'first', '"first" must be from 0 to 500, not 501.'],
    ['first: 1, last: 1', 'last', 'Ask for "first" or "last", not for both.'],
    [
      'after: "gibberish"',
      'after',
      '"after" is not a cursor of this list. Use a cursor from pageInfo or edges.',
    ],
    [
      'after: "WyJOQU1FKyIsIuWwj-m4n-eci-eciyIsImVudC1waWNvIl0"',
      'after',
      'The cursor in "after" belongs to a list in another order. Ask for the first page again.',
    ],
    [
      'filter: { and: [{ foundedOn: { gt: "2020-01-01", lt: "2019-12-31" } }] }',
      'filter.and.0.foundedOn',
      'The bounds of filter.and.0.foundedOn exclude each other: nothing is above 2020-01-01 and below 2019-12-31.',
    ],
    [
      'filter: { ownership: { isNull: true, eq: STATE } }',
      'filter.ownership',
      'filter.ownership asks for null and for a value at once.',
    ],
  ])('refuses (%s) at its path, and answers the rest', async (args, argument, message) => {
    expect(await refusalOf(`bad: enterprises(${args})`)).toEqual({
      errors: [
        expect.objectContaining({ path: ['bad'], message, extensions: { code: 'BAD_USER_INPUT', argument } }),
      ],
      data: { bad: null, fine: { totalCount: 49 } },
    });
  });

  it.each([
    [
      '91350100M000100Y4X',
      'The check character of "91350100M000100Y4X" should be 3. Look for a mistyped character.',
    ],
    ['9135', 'A credit code has 18 characters; "9135" has 4.'],
    [
      '91350100M000100YI3',
      '"91350100M000100YI3" has a character that credit codes do not use (I, O, S, V and Z are left out).',
    ],
  ])('refuses the credit code %s', async (creditCode, message) => {
    expect(
      await enterprises.ask(`{ enterpriseByCreditCode(creditCode: "${creditCode}") { id } }`),
    ).toMatchObject({
      data: { enterpriseByCreditCode: null },
      errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});

describe('what other agencies read by key', () => {
  const entities = (query: string, representations: object[]) =>
    enterprises.ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${query} } }`,
      {
        representations,
      },
    );

  it('counts the enterprises of many regions, rolled up by their parents, in one statement', async () => {
    expect(
      await entities('... on Region { enterpriseCount }', [
        { __typename: 'Region', code: '370000' },
        { __typename: 'Region', code: '370212' },
        { __typename: 'Region', code: '420000' },
      ]),
    ).toEqual({
      data: { _entities: [{ enterpriseCount: 35 }, { enterpriseCount: 10 }, { enterpriseCount: 0 }] },
    });
    expect(enterprises.statements).toHaveLength(1);
  });

  it('gives each park its own page of enterprises in one statement', async () => {
    expect(
      await entities('... on Park { enterprises(first: 1) { nodes { nameZh } pageInfo { hasNextPage } } }', [
        { __typename: 'Park', id: 'park-cfg-base' },
        { __typename: 'Park', id: 'park-798' },
        { __typename: 'Park', id: 'park-yida-power-valley' },
      ]),
    ).toEqual({
      data: {
        _entities: [
          { enterprises: { nodes: [{ nameZh: '中影体系' }], pageInfo: { hasNextPage: false } } },
          { enterprises: { nodes: [], pageInfo: { hasNextPage: false } } },
          { enterprises: { nodes: [{ nameZh: '平度开发集团' }], pageInfo: { hasNextPage: true } } },
        ],
      },
    });
    expect(enterprises.statements).toHaveLength(1);
  });

  it('finds the candidates of a policy for which every condition is met or likely, and none without conditions', async () => {
    const conditional = (id: string, regionCode: string | null, ...conditions: object[]) => ({
      __typename: 'Policy',
      id,
      criteria: { id, status: 'ISSUED', regionCode, synthetic: false, conditions },
    });
    const condition = { textZh: '', measureId: null, lists: null };
    const holdsTier = {
      ...condition,
      field: 'enterprise.tier',
      op: 'IN',
      value: ['SPECIALIZED_SME', 'HIDDEN_CHAMPION'],
    };
    const named = { ids: ['list-a'], namesZh: ['甲'], namesEn: ['A'] };
    const onList = (lists: object) => ({
      ...condition,
      field: 'enterprise.onList',
      op: 'EQ',
      value: 'list-a',
      lists: { ...named, ...lists },
    });
    expect(
      await entities('... on Policy { candidateEnterprises { totalCount edges { verdict node { id } } } }', [
        conditional('a', '370212', holdsTier),
        conditional('b', '370212', holdsTier, onList({ members: ['ent-pico'], isComplete: false })),
        conditional('c', '370212', holdsTier, onList({ members: [], isComplete: true })),
        conditional('d', '110000', holdsTier),
        conditional('e', '370212'),
        { __typename: 'Policy', id: 'f', criteria: null },
      ]),
    ).toEqual({
      data: {
        _entities: [['ent-haihua-bio', 'ent-luobo-tech', 'ent-pico'], ['ent-pico'], [], [], [], []].map(
          (ids) => ({
            candidateEnterprises: {
              totalCount: ids.length,
              edges: ids.map((id) => ({ verdict: 'LIKELY', node: { id } })),
            },
          }),
        ),
      },
    });
    // Pages, counts and, for each policy, the verdicts.
    expect(enterprises.statements).toHaveLength(4);
  });
});

describe('indicators', () => {
  it('keep the exact value, how exact it is, the kind of growth and the words of the source', async () => {
    expect(
      await enterprises.ask(`{
        indicators: enterpriseIndicators(filter: { id: { in: ["ind-cy-above-scale-revenue-2024m5"] } }) {
          nodes { metricZh value unit approx valueAsPrinted kind periodLabel periodStart periodEnd
                  growth { value unit kind noteZh } stockOrFlow scope tiers levels domainCodes dims { key value } facts { key } subject { ... on Region { nameZh } } }
        }
      }`),
    ).toEqual({
      data: {
        indicators: {
          nodes: [
            {
              metricZh: '规上文化企业收入',
              value: '122010000000',
              unit: 'CNY',
              approx: 'EXACT',
              valueAsPrinted: '1220.1亿元',
              kind: 'ACTUAL',
              periodLabel: '2024-01..05',
              periodStart: '2024-01-01',
              periodEnd: '2024-05-31',
              growth: expect.objectContaining({ kind: 'YOY_ABSOLUTE_AMOUNT' }),
              stockOrFlow: 'FLOW',
              scope: 'ABOVE_SCALE',
              tiers: null,
              levels: null,
              domainCodes: null,
              dims: [],
              facts: [],
              subject: { nameZh: '朝阳区' },
            },
          ],
        },
      },
    });
  });

  it('leave the figures of a sidebar out unless they are asked for', async () => {
    expect(
      await enterprises.ask(`{
        shown: enterpriseIndicators { totalCount }
        all: enterpriseIndicators(includeSidebar: true) { totalCount }
      }`),
    ).toEqual({ data: { shown: { totalCount: 133 }, all: { totalCount: 138 } } });
  });
});
