import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';

const running = new AsyncDisposableStack();
/** A hub that serves everybody alike, one without parks, and one that knows its callers. */
let hub: TestHub;
let withoutParks: TestHub;
let guarded: TestHub;
beforeAll(async () => {
  [hub, withoutParks, guarded] = await Promise.all([
    startHub(),
    startHub({ down: ['parks'] }),
    startHub({ agreements: {} }),
  ]);
  for (const each of [hub, withoutParks, guarded]) running.use(each);
});
afterAll(() => running.disposeAsync());

const parksMissing = (...path: (string | number)[]) => ({
  message: 'Subgraph "parks" cannot be reached.',
  path,
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'parks' },
});

type Figure = { readonly id: string; readonly value: string };
type List = { nodes: Figure[]; pageInfo: { hasNextPage: boolean; endCursor: string }; totalCount: number };

const listOf = ({ data, errors }: Answer, name: string): List => {
  expect(errors).toBeUndefined();
  return (data as Record<string, List>)[name] as List;
};

const views = ['enterprise', 'event', 'park', 'party', 'policy'].map((agency) => `${agency}Indicators`);

/** Returns the figures of the lists of each agency, which the list of all agencies merges. */
async function figuresOfAgencies(): Promise<Figure[]> {
  const answer = await hub.ask(
    `{ ${views.map((name) => `${name}(first: 500) { nodes { id value } }`).join(' ')} }`,
  );
  return views.flatMap((name) => listOf(answer, name).nodes);
}

const byValue = (a: Figure, b: Figure) => Number(b.value) - Number(a.value) || (a.id < b.id ? 1 : -1);

describe('indicators', () => {
  it('are those of all agencies in one order, page by page', async () => {
    const expected = (await figuresOfAgencies()).sort(byValue);
    const found: Figure[] = [];
    for (let after: string | null = null, pages = 0; pages < 9; pages++) {
      const answer = await hub.ask(
        `query ($after: String) {
          indicators(first: 40, after: $after, orderBy: { field: VALUE, direction: DESC }) {
            totalCount nodes { id value } pageInfo { hasNextPage endCursor }
          }
        }`,
        { after },
      );
      const { nodes, pageInfo, totalCount } = listOf(answer, 'indicators');
      expect(totalCount).toBe(expected.length);
      found.push(...nodes);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(found).toEqual(expected);
  });

  it('show what they say of and where it is kept, through the agencies of their subjects', async () => {
    const answer = await hub.ask(`{
      indicators(filter: { id: { in: ["ind-798-countries", "ind-cy-10bn-parks"] } }) {
        edges { node { id subjectType subject { __typename ... on Park { nameZh } ... on Region { nameZh } } } }
        nodes { region { nameZh } citations { source { id } } }
      }
    }`);
    expect(answer).toMatchInlineSnapshot(`
      {
        "data": {
          "indicators": {
            "edges": [
              {
                "node": {
                  "id": "ind-798-countries",
                  "subject": {
                    "__typename": "Park",
                    "nameZh": "798艺术区",
                  },
                  "subjectType": "PARK",
                },
              },
              {
                "node": {
                  "id": "ind-cy-10bn-parks",
                  "subject": {
                    "__typename": "Region",
                    "nameZh": "朝阳区",
                  },
                  "subjectType": "REGION",
                },
              },
            ],
            "nodes": [
              {
                "citations": [
                  {
                    "source": {
                      "id": "src-001",
                    },
                  },
                ],
                "region": {
                  "nameZh": "朝阳区",
                },
              },
              {
                "citations": [
                  {
                    "source": {
                      "id": "src-001",
                    },
                  },
                ],
                "region": {
                  "nameZh": "朝阳区",
                },
              },
            ],
          },
        },
      }
    `);
  });

  it('are filtered by the type of their subject', async () => {
    const answer = await hub.ask(`{
      parks: indicators(filter: { subjectType: { eq: PARK } }) { totalCount nodes { subjectType } }
      rest: indicators(filter: { not: { subjectType: { in: [PARK] } } }) { totalCount }
    }`);
    const all = (await figuresOfAgencies()).length;
    const parks = listOf(answer, 'parks');
    expect(
      new Set(parks.nodes.map((node) => (node as unknown as { subjectType: string }).subjectType)),
    ).toEqual(new Set(['PARK']));
    expect(parks.totalCount + listOf(answer, 'rest').totalCount).toBe(all);
  });

  it('of a region are those of all agencies there, with one question for all regions', async () => {
    const question = (list: string) => `{ region(code: "110000") { children { code ${list} } } }`;
    const merged = await hub.ask(question('indicators(first: 500) { nodes { id } }'));
    expect(Object.values(hub.calls)).toEqual([2, 1, 1, 1, 1]);
    const apart = await hub.ask(
      question(views.map((name) => `${name}(first: 500) { nodes { id } }`).join(' ')),
    );
    type Children = { readonly [list: string]: { readonly nodes: readonly Figure[] } }[];
    const childrenOf = ({ data }: Answer) => (data as { region: { children: Children } }).region.children;
    const idsIn = (lists: readonly ({ readonly nodes: readonly Figure[] } | undefined)[]) =>
      lists.flatMap((list) => list?.nodes.map(({ id }) => id) ?? []).sort();
    expect(childrenOf(merged).map(({ indicators }) => idsIn([indicators]))).toEqual(
      childrenOf(apart).map((region) => idsIn(views.map((name) => region[name]))),
    );
  });

  it('of the other agencies are listed when one is missing, with an error that names it', async () => {
    const { data, errors } = await withoutParks.ask(`{
      indicators(first: 2, orderBy: { field: ID }) { nodes { id } pageInfo { hasNextPage } }
      counted: indicators(first: 0) { totalCount }
    }`);
    expect(data).toEqual({
      indicators: {
        nodes: [{ id: 'ind-carnival-satisfaction' }, { id: 'ind-carnival-visitors' }],
        pageInfo: { hasNextPage: true },
      },
      counted: { totalCount: null },
    });
    // Which of two root fields fails first depends on the connection.
    expect(new Set(errors)).toEqual(
      new Set([parksMissing('indicators'), parksMissing('counted'), parksMissing('counted', 'totalCount')]),
    );
  });

  it('of a missing agency come on a later page, when it answers again', async () => {
    const query = `query ($after: String) {
      indicators(first: 500, after: $after, orderBy: { field: ID }, filter: { subjectType: { in: [PARK, PARTY_UNIT] } }) {
        nodes { id } pageInfo { endCursor }
      }
    }`;
    const whole = listOf(await hub.ask(query), 'indicators').nodes.map(({ id }) => id);
    const { data } = await withoutParks.ask(query);
    const { nodes, pageInfo } = (data as { indicators: List }).indicators;
    const later = listOf(await hub.ask(query, { after: pageInfo.endCursor }), 'indicators').nodes;
    expect(later.length).toBeGreaterThan(0);
    expect([...nodes, ...later].map(({ id }) => id).sort()).toEqual(whole.sort());
  });

  it('refuse a wrong argument once, as the list of one agency does', async () => {
    const { errors } = await hub.ask(
      '{ indicators(first: -1) { nodes { id } } again: indicators(after: "x") { nodes { id } } }',
    );
    expect(errors).toMatchInlineSnapshot(`
      [
        {
          "extensions": {
            "argument": "first",
            "code": "BAD_USER_INPUT",
            "messageZh": "“first”须为 0 至 20000,不能是 -1。",
            "subgraph": "control",
          },
          "message": ""first" must be from 0 to 20000, not -1.",
          "path": [
            "indicators",
          ],
        },
        {
          "extensions": {
            "argument": "after",
            "code": "BAD_USER_INPUT",
            "messageZh": "“after”不是该列表的游标。请使用 pageInfo 或 edges 中的游标。",
            "subgraph": "control",
          },
          "message": ""after" is not a cursor of this list. Use a cursor from pageInfo or edges.",
          "path": [
            "again",
          ],
        },
      ]
    `);
  });
});

describe('node', () => {
  it('finds a record of any type by its id', async () => {
    expect(
      await hub.ask(`{
        park: node(id: "park-798") { id __typename ... on Park { nameZh } }
        region: node(id: "110105") { id ... on Region { code nameZh } }
        nodes(ids: ["evt-embrace-ocean", "nothing", "pol-wh-express-m01", "src-001"]) { __typename id }
        nothing: node(id: "nothing") { id }
      }`),
    ).toEqual({
      data: {
        park: { id: 'park-798', __typename: 'Park', nameZh: '798艺术区' },
        region: { id: '110105', code: '110105', nameZh: '朝阳区' },
        nodes: [
          { __typename: 'Event', id: 'evt-embrace-ocean' },
          null,
          { __typename: 'Measure', id: 'pol-wh-express-m01' },
          { __typename: 'Source', id: 'src-001' },
        ],
        nothing: null,
      },
    });
  });

  it('says what is missing when the agency of the id may be the one that does not answer', async () => {
    const { data, errors } = await withoutParks.ask(`{
      node(id: "park-798") { id }
      event: node(id: "evt-embrace-ocean") { id }
      nodes(ids: ["evt-embrace-ocean", "park-798"]) { id }
    }`);
    expect(data).toEqual({
      node: null,
      event: { id: 'evt-embrace-ocean' },
      nodes: [{ id: 'evt-embrace-ocean' }, null],
    });
    expect(new Set(errors)).toEqual(new Set([parksMissing('node'), parksMissing('nodes')]));
  });

  it('takes at most 50 ids', async () => {
    const ids = Array.from({ length: 51 }, (_, i) => `park-${i}`);
    const { errors } = await hub.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(errors).toEqual([
      {
        message: '"ids" must hold at most 50 ids, not 51.',
        path: ['nodes'],
        extensions: {
          code: 'BAD_USER_INPUT',
          argument: 'ids',
          messageZh: 'ids 至多 50 个,现为 51 个。',
          subgraph: 'control',
        },
      },
    ]);
  });
});

describe('search', () => {
  const hits = 'nodes { type node { id } matches { field text marks { start end } } }';

  it('finds records of all agencies, and says where the text is', async () => {
    expect(await hub.ask(`{ search(text: "无感 兑现") { ${hits} pageInfo { hasNextPage } } }`)).toEqual({
      data: {
        search: {
          nodes: [
            {
              type: 'MEASURE',
              node: { id: 'pol-ch-precise-portrait-m02' },
              matches: [
                { field: 'titleZh', text: '无感兑现', marks: [{ start: 0, end: 4 }] },
                {
                  field: 'textZh',
                  text: '累计“无感”兑现奖补资金600余万元',
                  marks: [{ start: 3, end: 8 }],
                },
              ],
            },
            {
              type: 'AGENCY',
              node: { id: 'org-ch-precise-portrait-platform' },
              matches: [
                { field: 'nameZh', text: '政策“精准”画像、“无感”兑现平台', marks: [{ start: 10, end: 15 }] },
              ],
            },
            {
              type: 'POLICY',
              node: { id: 'pol-ch-precise-portrait' },
              matches: [
                { field: 'nameZh', text: '政策“精准”画像、“无感”兑现', marks: [{ start: 10, end: 15 }] },
              ],
            },
          ],
          pageInfo: { hasNextPage: false },
        },
      },
    });
  });

  it('lists names that begin with the text before names that hold it, page by page', async () => {
    const query = `query ($after: String) {
      search(text: "文创", first: 3, after: $after) { nodes { node { id } } pageInfo { hasNextPage endCursor } }
    }`;
    const whole = await hub.ask(
      '{ search(text: "文创", first: 100) { nodes { node { id } matches { text marks { start } } } } }',
    );
    type Hit = { node: { id: string }; matches: { text: string; marks: { start: number }[] }[] };
    const { nodes } = (whole.data as { search: { nodes: Hit[] } }).search;
    const begins = nodes.map(({ matches }) =>
      matches.some(({ text, marks }) => /^[“《]*$/.test(text.slice(0, marks[0]?.start))),
    );
    expect(begins).toEqual(begins.toSorted((a, b) => Number(b) - Number(a)));
    expect(new Set(begins)).toEqual(new Set([true, false]));
    const paged: string[] = [];
    for (let after: string | null = null; ; ) {
      const { data } = await hub.ask(query, { after });
      const page = (data as { search: { nodes: Hit[]; pageInfo: List['pageInfo'] } }).search;
      paged.push(...page.nodes.map(({ node }) => node.id));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(paged).toEqual(nodes.map(({ node }) => node.id));
  });

  it('is limited to types and a region, and refuses an empty text', async () => {
    expect(
      await hub.ask(`{
        parks: search(text: "艺术", types: [PARK], region: "110105") { nodes { type node { id } } }
        elsewhere: search(text: "798", region: "370200") { nodes { type } }
        empty: search(text: " “” ") { nodes { type } }
      }`),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "elsewhere": {
            "nodes": [],
          },
          "empty": null,
          "parks": {
            "nodes": [
              {
                "node": {
                  "id": "park-798",
                },
                "type": "PARK",
              },
            ],
          },
        },
        "errors": [
          {
            "extensions": {
              "argument": "text",
              "code": "BAD_USER_INPUT",
              "messageZh": "请给出要查找的文字。",
              "subgraph": "control",
            },
            "message": "The text to find must hold a letter, a digit or another sign.",
            "path": [
              "empty",
            ],
          },
        ],
      }
    `);
  });

  it('finds what the other agencies have when one is missing, with an error that names it', async () => {
    expect(await withoutParks.ask('{ search(text: "798") { nodes { type } } }')).toEqual({
      data: { search: { nodes: [] } },
      errors: [parksMissing('search')],
    });
  });
});

describe('a record that the caller may not see', () => {
  const draft = 'pol-qd-culture-tourism-support';
  const query = `{
    node(id: "${draft}") { id }
    nodes(ids: ["${draft}", "nothing"]) { id }
    search(text: "新一轮文化和旅游产业扶持政策", types: [POLICY]) {
      nodes { node { id } matches { text } } pageInfo { hasNextPage startCursor endCursor }
    }
  }`;
  const nothing = {
    data: {
      node: null,
      nodes: [null, null],
      search: { nodes: [], pageInfo: { hasNextPage: false, startCursor: null, endCursor: null } },
    },
  };

  it('is not there for another department, a partner, or a token of another region', async () => {
    for (const who of [
      'FINANCE',
      { scopes: ['Policy'] },
      { department: 'FINANCE', region: '110105' },
    ] as const) {
      expect(await guarded.as(who).ask(query)).toEqual(nothing);
    }
  });

  it('hides none of the types whose rules read fields of the same name', async () => {
    expect(
      await guarded.as('FINANCE').ask(`{
        policy: node(id: "pol-ch-precise-portrait") { ... on Policy { nameZh status } }
        draft: node(id: "${draft}") { ... on Policy { nameZh } }
        search(text: "无感兑现") {
          nodes { node { ... on Agency { nameZh } ... on Measure { titleZh } ... on Policy { nameZh } } }
        }
      }`),
    ).toEqual({
      data: {
        policy: { nameZh: '政策“精准”画像、“无感”兑现', status: 'ISSUED' },
        draft: null,
        search: {
          nodes: [
            { node: { titleZh: '无感兑现' } },
            { node: { nameZh: '政策“精准”画像、“无感”兑现平台' } },
            { node: { nameZh: '政策“精准”画像、“无感”兑现' } },
          ],
        },
      },
    });
  });

  it('hides none of the types whose rules read fields of the same name, of which one can be null', async () => {
    const key = { scopes: ['Enterprise'], enterpriseId: 'ent-pico' };
    expect(await guarded.as(key).ask('{ node(id: "ent-pico") { __typename id } }')).toEqual({
      data: { node: { __typename: 'Enterprise', id: 'ent-pico' } },
    });
  });

  it('is there for its keeper', async () => {
    const { data, errors } = await guarded.as('PROPAGANDA').ask(query);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      node: { id: draft },
      nodes: [{ id: draft }, null],
      search: { nodes: [{ node: { id: draft } }] },
    });
  });

  it('is not there for a partner whose key does not name its type, or covers another region', async () => {
    const question = '{ node(id: "park-798") { id } search(text: "798") { nodes { type node { id } } } }';
    const none = { data: { node: null, search: { nodes: [] } } };
    expect(await guarded.as({ scopes: ['Park'], regions: ['370200'] }).ask(question)).toEqual(none);
    expect(await guarded.as({ scopes: ['Event'] }).ask(question)).toEqual(none);
    expect(await guarded.as({ scopes: ['Park'], regions: ['110105'] }).ask(question)).toEqual({
      data: { node: { id: 'park-798' }, search: { nodes: [{ type: 'PARK', node: { id: 'park-798' } }] } },
    });
  });

  it('has no indicators in the list of a key for another region', async () => {
    const question = '{ indicators(first: 500) { totalCount nodes { region { code } } } }';
    const scopes = ['Indicator', 'Region'];
    const { data, errors } = await guarded.as({ scopes, regions: ['110105'] }).ask(question);
    expect(errors).toBeUndefined();
    const { nodes, totalCount } = (
      data as { indicators: { totalCount: number; nodes: { region: { code: string } }[] } }
    ).indicators;
    expect(new Set(nodes.map(({ region }) => region.code))).toEqual(new Set(['110105']));
    expect(totalCount).toBe(nodes.length);
  });
});
