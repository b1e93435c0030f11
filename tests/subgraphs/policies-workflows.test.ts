import { connect } from '@wenshu/kit/connect.ts';
import { policiesSubgraph } from '@wenshu/policies/server.ts';
import {
  openCallSteps,
  openCalls,
  payoutSteps,
  payouts,
  starListEntries,
  starLists,
} from '@wenshu/policies/tables.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { refusalOf } from '../support/sql.ts';

const gov = 'org-ls-gov';
const platform = 'org-ls-exempt-apply-platform';
const exemptApply = 'pol-ls-exempt-apply';
const portrait = 'pol-ch-precise-portrait';
const jiebang = 'pol-ch-jiebang';

type Payout = typeof payouts.$inferInsert;
const aPayout = (id: string, stage: string, amount: string | null, others: Partial<Payout> = {}): Payout => ({
  id,
  policyId: exemptApply,
  enterpriseId: 'ent-goertek',
  stage,
  amount,
  paidOn: ['PAID', 'AUDITED', 'CLAWED_BACK'].includes(stage) ? '2026-06-30' : null,
  ...others,
});

let database: TestDatabase;
let policies: ReturnType<typeof policiesSubgraph>;
const statements: string[] = [];
beforeAll(async () => {
  database = await createDatabase();
  const { db, close } = connect({ url: database.urls.policies });
  const ofWuhan = { regionCode: '420100', policyId: 'pol-wh-express' };
  await db.insert(starLists).values([
    {
      id: 'star-25-1',
      nameZh: '2025年上半年数字创意“明星企业”榜单',
      year: 2025,
      half: 'FIRST',
      stage: 'PUBLISHED',
      objectionUntil: '2025-07-20',
      publishedOn: '2025-07-28',
      ...ofWuhan,
    },
    {
      id: 'star-25-2',
      nameZh: '2025年下半年数字创意“明星企业”榜单',
      year: 2025,
      half: 'SECOND',
      stage: 'PUBLISHED',
      publishedOn: '2026-01-20',
      ...ofWuhan,
    },
    {
      id: 'star-26-1',
      nameZh: '2026年上半年榜单',
      year: 2026,
      half: 'FIRST',
      stage: 'OBJECTION_PERIOD',
      objectionUntil: '2026-07-20',
      regionCode: '370212',
    },
    { id: 'star-26-2', nameZh: '草案', year: 2026, half: 'SECOND', stage: 'DRAFT' },
  ]);
  await db.insert(starListEntries).values([
    {
      listId: 'star-25-1',
      enterpriseId: 'ent-gaea',
      criteria: ['PERFORMANCE'],
      vetoedById: 'org-ls-gov',
      vetoReasonZh: '列入黑名单',
    },
    { listId: 'star-25-1', enterpriseId: 'ent-goertek', rank: 2, criteria: ['TECHNOLOGY', 'MODEL'] },
    {
      listId: 'star-25-1',
      enterpriseId: 'ent-bona-film',
      rank: 1,
      criteria: ['SOCIAL_CONTRIBUTION'],
      reasonZh: '社会贡献突出',
    },
    { listId: 'star-25-2', enterpriseId: 'ent-goertek', rank: 1, criteria: ['PERFORMANCE'] },
    { listId: 'star-26-1', enterpriseId: 'ent-goertek', rank: 1, criteria: [] },
  ]);
  await db
    .insert(payouts)
    .values([
      aPayout('pay-1', 'PAID', '100000.01', { measureId: `${exemptApply}-m01`, payingAgencyId: platform }),
      aPayout('pay-2', 'AUDITED', '90071992547409.93', { enterpriseId: 'ent-gaea', paidOn: '2026-05-31' }),
      aPayout('pay-3', 'CLAWED_BACK', '5000'),
      aPayout('pay-4', 'PAYABLE', '7000', { payingAgencyId: platform }),
      aPayout('pay-5', 'MATCHED', null, { policyId: portrait }),
    ]);
  await db.insert(payoutSteps).values(
    ['MATCHED', 'CONFIRMED', 'PAYABLE', 'PAID'].map((stage, i) => ({
      objectId: 'pay-1',
      seq: i + 1,
      stage,
      on: `2026-06-2${i}`,
    })),
  );
  await db.insert(openCalls).values([
    {
      id: 'call-1',
      titleZh: '国家级新型工业化示范基地',
      policyId: jiebang,
      publisherId: gov,
      reward: '2000000',
      stage: 'IN_PROGRESS',
      publishedOn: '2026-01-10',
      deadline: '2026-12-31',
      claimantId: 'ent-goertek',
      projectId: 'prj-bona-vfx-base',
    },
    { id: 'call-2', titleZh: '关键技术攻关', stage: 'FAILED', publishedOn: '2026-02-10', reward: '300' },
    { id: 'call-3', titleZh: '场景建设', stage: 'PUBLISHED', publishedOn: '2026-03-10' },
  ]);
  await db.insert(openCallSteps).values([
    { objectId: 'call-1', seq: 1, stage: 'PUBLISHED', on: '2026-01-10' },
    { objectId: 'call-1', seq: 2, stage: 'SELECTED', on: '2026-02-01', noteZh: '揭榜' },
    { objectId: 'call-1', seq: 3, stage: 'IN_PROGRESS', on: '2026-02-20' },
  ]);
  await close();
  policies = policiesSubgraph({
    url: database.urls.policies,
    onStatement: (sql) => statements.push(sql),
  });
});
afterAll(async () => {
  await policies.close();
  await database[Symbol.asyncDispose]();
});

const ask = async (query: string, variables: Record<string, unknown> = {}) => {
  statements.length = 0;
  return JSON.parse(JSON.stringify(await policies.execute({ query, variables })));
};
const entities = (query: string, representations: object[]) =>
  ask(`query ($representations: [_Any!]!) { _entities(representations: $representations) { ${query} } }`, {
    representations,
  });
const nodes = (...ids: string[]) => ({ nodes: ids.map((id) => ({ id })) });
const refusal = (statement: string) => refusalOf(database.urls.policies, statement);

describe('a star list', () => {
  it('is complete, its entries by rank, with who vetoed which and why', async () => {
    expect(
      await ask(`{
        starList(id: "star-25-1") {
          nameZh year half stage objectionUntil publishedOn region { nameZh } policy { id }
          entries { list { id } rank enterprise { id } criteria reasonZh vetoedBy { nameZh } vetoReasonZh }
          synthetic version notes citations { quote }
        }
        none: starList(id: "star-none") { id }
      }`),
    ).toEqual({
      data: {
        starList: {
          nameZh: '2025年上半年数字创意“明星企业”榜单',
          year: 2025,
          half: 'FIRST',
          stage: 'PUBLISHED',
          objectionUntil: '2025-07-20',
          publishedOn: '2025-07-28',
          region: { nameZh: '武汉市' },
          policy: { id: 'pol-wh-express' },
          entries: [
            [1, 'ent-bona-film', ['SOCIAL_CONTRIBUTION'], '社会贡献突出', null, null],
            [2, 'ent-goertek', ['TECHNOLOGY', 'MODEL'], null, null, null],
            [null, 'ent-gaea', ['PERFORMANCE'], null, { nameZh: '崂山区人民政府' }, '列入黑名单'],
          ].map(([rank, id, criteria, reasonZh, vetoedBy, vetoReasonZh]) => ({
            list: { id: 'star-25-1' },
            rank,
            enterprise: { id },
            criteria,
            reasonZh,
            vetoedBy,
            vetoReasonZh,
          })),
          synthetic: false,
          version: 1,
          notes: null,
          citations: [],
        },
        none: null,
      },
    });
  });

  it.each([
    ['year: { eq: 2025 }, half: { eq: SECOND }', ['star-25-2']],
    ['stage: { in: [DRAFT, OBJECTION_PERIOD] }', ['star-26-1', 'star-26-2']],
    ['nameZh: { contains: "榜单" }, region: { within: "420000" }', ['star-25-1', 'star-25-2']],
    ['objectionUntil: { gte: "2026-01-01" }', ['star-26-1']],
    ['publishedOn: { lt: "2026-01-01" }', ['star-25-1']],
    ['policyId: { isNull: true }', ['star-26-1', 'star-26-2']],
    ['enterpriseId: { eq: "ent-goertek" }', ['star-25-1', 'star-25-2', 'star-26-1']],
    ['enterpriseId: { eq: "ent-gaea" }', []],
    ['enterpriseId: { isNull: true }', ['star-26-2']],
    ['synthetic: { eq: true }', []],
  ])('is filtered by { %s }', async (filter, ids) => {
    expect(await ask(`{ starLists(filter: { ${filter} }) { totalCount nodes { id } } }`)).toEqual({
      data: { starLists: { totalCount: ids.length, ...nodes(...ids) } },
    });
  });

  it('is ordered by half-year and by day of publication', async () => {
    expect(
      await ask(`{
        latest: starLists(first: 3, orderBy: [{ field: YEAR, direction: DESC }, { field: HALF, direction: DESC }]) { nodes { id } }
        published: starLists(orderBy: [{ field: PUBLISHED_ON, direction: DESC }]) { nodes { id } }
      }`),
    ).toEqual({
      data: {
        latest: nodes('star-26-2', 'star-26-1', 'star-25-2'),
        published: nodes('star-25-2', 'star-25-1', 'star-26-2', 'star-26-1'),
      },
    });
  });

  it('is listed for an enterprise once published, the latest first, and not where it was vetoed', async () => {
    expect(
      await entities(
        `... on Enterprise { starListEntries { rank criteria list { year half nameZh } } }
         ... on Region { starLists { totalCount nodes { id } } }
         ... on StarList { year }`,
        [
          { __typename: 'Enterprise', id: 'ent-goertek' },
          { __typename: 'Enterprise', id: 'ent-gaea' },
          { __typename: 'Region', code: '420000' },
          { __typename: 'StarList', id: 'star-26-1' },
        ],
      ),
    ).toEqual({
      data: {
        _entities: [
          {
            starListEntries: [
              {
                rank: 1,
                criteria: ['PERFORMANCE'],
                list: { year: 2025, half: 'SECOND', nameZh: '2025年下半年数字创意“明星企业”榜单' },
              },
              {
                rank: 2,
                criteria: ['TECHNOLOGY', 'MODEL'],
                list: { year: 2025, half: 'FIRST', nameZh: '2025年上半年数字创意“明星企业”榜单' },
              },
            ],
          },
          { starListEntries: null },
          { starLists: { totalCount: 2, ...nodes('star-25-1', 'star-25-2') } },
          { year: 2026 },
        ],
      },
    });
    expect(statements).toHaveLength(5);
    expect(await ask('{ policy(id: "pol-wh-express") { starLists { nodes { id } } } }')).toEqual({
      data: { policy: { starLists: nodes('star-25-1', 'star-25-2') } },
    });
  });

  it('is refused by the database where it contradicts itself', async () => {
    const list = (values: string) =>
      refusal(`insert into star_lists (id, name_zh, year, half, stage, published_on) values (${values})`);
    expect(await list("'s', 'n', 2026, 'FIRST', 'PUBLISHED', null")).toContain('star_lists_published');
    expect(await list("'s', 'n', 2026, 'THIRD', 'DRAFT', null")).toContain('star_lists_half_known');
    expect(await list("'s', 'n', 2026, 'FIRST', 'OBJECTION_PERIOD', null")).toContain('star_lists_objection');
    const entry = (values: string) =>
      refusal(
        `insert into star_list_entries (list_id, enterprise_id, rank, criteria, vetoed_by_id, veto_reason_zh) values ('star-26-2', 'e', ${values})`,
      );
    expect(await entry("1, '{FAME}', null, null")).toContain('criteria_known');
    expect(await entry("1, '{MODEL}', 'org-ls-gov', null")).toContain('star_list_entries_vetoed');
    expect(await entry("1, '{MODEL}', null, '理由'")).toContain('veto_reason');
  });
});

describe('a payout', () => {
  it('is complete, with each of its steps', async () => {
    expect(
      await ask(`{
        payout(id: "pay-1") {
          policy { nameZh } measure { id titleZh } enterprise { id } amount stage payingAgency { id }
          history { seq stage on } paidOn synthetic version notes citations { quote }
        }
        matched: payout(id: "pay-5") { measure { id } amount payingAgency { id } history { seq } paidOn }
        none: payout(id: "pay-none") { id }
      }`),
    ).toEqual({
      data: {
        payout: {
          policy: { nameZh: '免申即享' },
          measure: { id: `${exemptApply}-m01`, titleZh: '免申即享兑付' },
          enterprise: { id: 'ent-goertek' },
          amount: '100000.01',
          stage: 'PAID',
          payingAgency: { id: platform },
          history: ['MATCHED', 'CONFIRMED', 'PAYABLE', 'PAID'].map((stage, i) => ({
            seq: i + 1,
            stage,
            on: `2026-06-2${i}`,
          })),
          paidOn: '2026-06-30',
          synthetic: false,
          version: 1,
          notes: null,
          citations: [],
        },
        matched: { measure: null, amount: null, payingAgency: null, history: [], paidOn: null },
        none: null,
      },
    });
  });

  it.each([
    ['stage: { in: [PAID, AUDITED] }', ['pay-1', 'pay-2']],
    ['amount: { gt: "90071992547409.92" }', ['pay-2']],
    ['amount: { isNull: true }', ['pay-5']],
    ['paidOn: { lte: "2026-05-31" }', ['pay-2']],
    ['policyId: { eq: "pol-ch-precise-portrait" }', ['pay-5']],
    ['measureId: { eq: "pol-ls-exempt-apply-m01" }', ['pay-1']],
    ['enterpriseId: { eq: "ent-gaea" }', ['pay-2']],
    ['payingAgencyId: { eq: "org-ls-exempt-apply-platform" }, stage: { eq: PAYABLE }', ['pay-4']],
    ['synthetic: { eq: true }', []],
  ])('is filtered by { %s }', async (filter, ids) => {
    expect(await ask(`{ payouts(filter: { ${filter} }) { totalCount nodes { id } } }`)).toEqual({
      data: { payouts: { totalCount: ids.length, ...nodes(...ids) } },
    });
  });

  it('is paged by its amount, one without an amount last', async () => {
    const page = async (after: string | null) => {
      const { data } = await ask(
        `query ($after: String) {
          payouts(first: 3, after: $after, orderBy: [{ field: AMOUNT, direction: DESC }]) { nodes { id } pageInfo { endCursor } }
        }`,
        { after },
      );
      return data.payouts;
    };
    const first = await page(null);
    expect(first).toMatchObject(nodes('pay-2', 'pay-1', 'pay-4'));
    expect(await page(first.pageInfo.endCursor)).toMatchObject(nodes('pay-3', 'pay-5'));
    expect(
      await ask(
        '{ payouts(orderBy: [{ field: PAID_ON }, { field: ID, direction: DESC }]) { nodes { id } } }',
      ),
    ).toEqual({ data: { payouts: nodes('pay-2', 'pay-3', 'pay-1', 'pay-5', 'pay-4') } });
  });

  it('adds up under its policy to the cent: what is paid and audited, null where none is on record', async () => {
    expect(
      await ask(`{
        policies(filter: { id: { in: ["${portrait}", "${exemptApply}", "${jiebang}"] } }) {
          nodes { id paidTotal payouts(filter: { amount: { isNull: false } }) { totalCount nodes { id } } }
        }
      }`),
    ).toEqual({
      data: {
        policies: {
          nodes: [
            { id: jiebang, paidTotal: null, payouts: { totalCount: 0, nodes: [] } },
            { id: portrait, paidTotal: '0', payouts: { totalCount: 0, nodes: [] } },
            {
              id: exemptApply,
              paidTotal: '90071992647409.94',
              payouts: { totalCount: 4, ...nodes('pay-1', 'pay-2', 'pay-3', 'pay-4') },
            },
          ],
        },
      },
    });
    expect(statements).toHaveLength(4);
  });

  it('is listed for its enterprise and for the agency that pays', async () => {
    expect(
      await entities(
        `... on Enterprise { payouts(orderBy: [{ field: AMOUNT }], first: 2) { totalCount nodes { id } } }
         ... on Agency { payouts { nodes { id } } }
         ... on Payout { amount }`,
        [
          { __typename: 'Enterprise', id: 'ent-goertek' },
          { __typename: 'Enterprise', id: 'ent-gaea' },
          { __typename: 'Agency', id: platform },
          { __typename: 'Payout', id: 'pay-3' },
        ],
      ),
    ).toEqual({
      data: {
        _entities: [
          { payouts: { totalCount: 4, ...nodes('pay-3', 'pay-4') } },
          { payouts: { totalCount: 1, ...nodes('pay-2') } },
          { payouts: nodes('pay-1', 'pay-4') },
          { amount: '5000' },
        ],
      },
    });
    expect(statements).toHaveLength(5);
  });

  it('is refused by the database where it contradicts itself', async () => {
    const payout = (values: string) =>
      refusal(
        `insert into payouts (id, policy_id, enterprise_id, stage, amount, paid_on, measure_id) values ('p', '${exemptApply}', 'e', ${values})`,
      );
    expect(await payout("'LOST', 1, null, null")).toContain('payouts_stage_known');
    expect(await payout("'PAYABLE', null, null, null")).toContain('payouts_amount_set');
    expect(await payout("'PAID', 1, null, null")).toContain('payouts_paid');
    expect(await payout("'MATCHED', -1, null, null")).toContain('payouts_amount');
    expect(await payout(`'MATCHED', 1, null, '${portrait}-m01'`)).toContain('payouts_measure_of_policy');
    expect(await refusal(`delete from policies where id = '${exemptApply}'`)).toContain('payouts');
  });
});

describe('an open call', () => {
  it('is complete, with each of its steps', async () => {
    expect(
      await ask(`{
        openCall(id: "call-1") {
          titleZh policy { nameZh } publisher { id } reward stage publishedOn deadline
          claimant { id } project { __typename id } history { seq stage on noteZh }
          synthetic version notes citations { quote }
        }
        failed: openCall(id: "call-2") { policy { id } publisher { id } deadline claimant { id } project { id } history { seq } }
        none: openCall(id: "call-none") { id }
      }`),
    ).toEqual({
      data: {
        openCall: {
          titleZh: '国家级新型工业化示范基地',
          policy: { nameZh: '重点任务“揭榜攻坚”机制' },
          publisher: { id: gov },
          reward: '2000000',
          stage: 'IN_PROGRESS',
          publishedOn: '2026-01-10',
          deadline: '2026-12-31',
          claimant: { id: 'ent-goertek' },
          project: { __typename: 'Project', id: 'prj-bona-vfx-base' },
          history: [
            { seq: 1, stage: 'PUBLISHED', on: '2026-01-10', noteZh: null },
            { seq: 2, stage: 'SELECTED', on: '2026-02-01', noteZh: '揭榜' },
            { seq: 3, stage: 'IN_PROGRESS', on: '2026-02-20', noteZh: null },
          ],
          synthetic: false,
          version: 1,
          notes: null,
          citations: [],
        },
        failed: {
          policy: null,
          publisher: null,
          deadline: null,
          claimant: null,
          project: null,
          history: [],
        },
        none: null,
      },
    });
  });

  it.each([
    ['stage: { eq: FAILED }', ['call-2']],
    ['titleZh: { startsWith: "关键" }', ['call-2']],
    ['reward: { gte: "300", lt: "2000000" }', ['call-2']],
    ['publishedOn: { gt: "2026-02-10" }', ['call-3']],
    ['deadline: { isNull: false }', ['call-1']],
    ['policyId: { eq: "pol-ch-jiebang" }', ['call-1']],
    ['publisherId: { isNull: true }', ['call-2', 'call-3']],
    ['claimantId: { in: ["ent-goertek", "ent-gaea"] }', ['call-1']],
    ['projectId: { eq: "prj-bona-vfx-base" }', ['call-1']],
    ['synthetic: { eq: true }', []],
  ])('is filtered by { %s }', async (filter, ids) => {
    expect(await ask(`{ openCalls(filter: { ${filter} }) { totalCount nodes { id } } }`)).toEqual({
      data: { openCalls: { totalCount: ids.length, ...nodes(...ids) } },
    });
  });

  it.each([
    ['REWARD', ['call-1', 'call-2', 'call-3']],
    ['PUBLISHED_ON', ['call-3', 'call-2', 'call-1']],
    ['DEADLINE', ['call-1', 'call-3', 'call-2']],
  ])('is ordered by %s', async (field, ids) => {
    expect(
      await ask(`{ openCalls(orderBy: [{ field: ${field}, direction: DESC }]) { nodes { id } } }`),
    ).toEqual({ data: { openCalls: nodes(...ids) } });
  });

  it('is listed for claimant, project, publisher and policy', async () => {
    const list = 'openCalls { totalCount nodes { id } }';
    const found = { openCalls: { totalCount: 1, ...nodes('call-1') } };
    expect(
      await entities(
        `... on Enterprise { ${list} } ... on Project { ${list} } ... on Agency { ${list} } ... on Policy { ${list} } ... on OpenCall { stage }`,
        [
          { __typename: 'Enterprise', id: 'ent-goertek' },
          { __typename: 'Project', id: 'prj-bona-vfx-base' },
          { __typename: 'Agency', id: gov },
          { __typename: 'Policy', id: jiebang },
          { __typename: 'OpenCall', id: 'call-3' },
        ],
      ),
    ).toEqual({ data: { _entities: [found, found, found, found, { stage: 'PUBLISHED' }] } });
  });

  it('is refused by the database where it contradicts itself', async () => {
    const call = (values: string) =>
      refusal(
        `insert into open_calls (id, title_zh, stage, published_on, deadline) values ('c', 't', ${values})`,
      );
    expect(await call("'SELECTED', '2026-01-01', null")).toContain('open_calls_claimed');
    expect(await call("'PUBLISHED', '2026-01-02', '2026-01-01'")).toContain('open_calls_deadline');
    expect(await call("'OPEN', '2026-01-02', null")).toContain('open_calls_');
  });
});

describe('over the real dataset, which has no record of them', () => {
  it('every list is empty, and no sum is made up', async () => {
    await using own = await createDatabase();
    const subgraph = policiesSubgraph({ url: own.urls.policies });
    const { data, errors } = await subgraph.execute({
      query: `{
        serviceRequests { totalCount } serviceRequestSummary { total { count closureRate medianWorkingDays } groupCount groups { quarter } } starLists { totalCount }
        payouts { totalCount } openCalls { totalCount }
        policies(first: 500) { nodes { paidTotal } }
      }`,
    });
    await subgraph.close();
    expect(errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      serviceRequests: { totalCount: 0 },
      serviceRequestSummary: {
        total: { count: 0, closureRate: null, medianWorkingDays: null },
        groupCount: 0,
        groups: [],
      },
      starLists: { totalCount: 0 },
      payouts: { totalCount: 0 },
      openCalls: { totalCount: 0 },
      policies: { nodes: Array.from({ length: 105 }, () => ({ paidTotal: null })) },
    });
  });
});
