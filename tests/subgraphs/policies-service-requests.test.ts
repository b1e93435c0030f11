import { connect } from '@wenshu/kit/connect.ts';
import { policiesSubgraph } from '@wenshu/policies/server.ts';
import { serviceRequestCoHandlers, serviceRequestSteps, serviceRequests } from '@wenshu/policies/tables.ts';
import { calendarOf } from '@wenshu/schema/working-days.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { refusalOf } from '../support/sql.ts';

type Request = typeof serviceRequests.$inferInsert;
type Step = typeof serviceRequestSteps.$inferInsert;

const propaganda = 'org-wh-propaganda';
const districts = 'org-wh-district-culture-depts';
const office = 'org-wh-culture-leading-group-office';
const policyId = 'pol-wh-express';

/** A day so many days from today in Beijing. */
const fromToday = (days: number) =>
  new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

const aRequest = (id: string, others: Partial<Request> = {}): Request => ({
  id,
  enterpriseId: 'ent-goertek',
  kind: 'OTHER',
  titleZh: `诉求${id}`,
  stage: 'ASSIGNED',
  submittedOn: '2026-03-02',
  responsibleId: propaganda,
  ...others,
});
const struckOff = (submittedOn: string, closedOn: string) => ({ stage: 'STRUCK_OFF', submittedOn, closedOn });

const requests: Request[] = [
  aRequest('req-1', {
    regionCode: '370212',
    kind: 'FINANCING',
    typeZh: '融资对接',
    titleZh: '申请投融资对接',
    textZh: '希望对接文化金融产品。',
    ...struckOff('2026-03-02', '2026-03-16'),
    dueOn: '2026-03-12',
    isSatisfied: true,
    policyId,
    notes: '季度调度事项',
  }),
  aRequest('req-2', { regionCode: '370212', kind: 'FINANCING', ...struckOff('2026-03-02', '2026-03-05') }),
  aRequest('req-3', {
    regionCode: '370212',
    kind: 'FINANCING',
    dueOn: fromToday(-1),
    isSatisfied: false,
    isReopened: true,
  }),
  aRequest('req-4', { regionCode: '370212', kind: 'TALENT', dueOn: fromToday(0), stage: 'REVISITED' }),
  aRequest('req-5', {
    regionCode: '370214',
    enterpriseId: 'ent-gaea',
    kind: 'TALENT',
    dueOn: fromToday(1),
    submittedOn: '2026-04-01',
    responsibleId: districts,
    stage: 'CO_HANDLING',
  }),
  aRequest('req-6', { stage: 'COLLECTED', responsibleId: null, submittedOn: '2026-05-01' }),
];

const steps = (objectId: string, ...stages: string[]): Step[] =>
  stages.map((stage, i) => ({
    objectId,
    seq: i + 1,
    stage,
    on: `2026-03-${String(i + 2).padStart(2, '0')}`,
  }));

let database: TestDatabase;
let policies: ReturnType<typeof policiesSubgraph>;
const statements: string[] = [];
beforeAll(async () => {
  database = await createDatabase();
  const { db, close } = connect({ url: database.urls.policies });
  await db.insert(serviceRequests).values(requests);
  await db.insert(serviceRequestCoHandlers).values([
    { requestId: 'req-1', seq: 1, agencyId: office },
    { requestId: 'req-1', seq: 2, agencyId: districts },
    { requestId: 'req-5', seq: 1, agencyId: propaganda },
  ]);
  await db
    .insert(serviceRequestSteps)
    .values([
      ...steps('req-1', 'COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED', 'STRUCK_OFF'),
      ...steps('req-3', 'COLLECTED', 'ASSIGNED', 'RESOLVED', 'REVISITED', 'ASSIGNED'),
      ...steps('req-4', 'COLLECTED', 'ASSIGNED', 'RESOLVED', 'REVISITED'),
    ]);
  await db.update(serviceRequestSteps).set({ agencyId: propaganda, noteZh: '已转办' });
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

describe('a service request', () => {
  it('is complete: who asked what, who handles it, each step, and what it rests on', async () => {
    expect(
      await ask(`{
        serviceRequest(id: "req-1") {
          id enterprise { __typename id } region { nameZh } kind typeZh titleZh textZh stage
          submittedOn dueOn closedOn responsible { nameZh } coHandlers { id } isSatisfied
          history { seq stage on agency { id } noteZh } isOverdue isReopened policy { id status }
          notes citations { quote } synthetic version
        }
        none: serviceRequest(id: "req-none") { id }
      }`),
    ).toEqual({
      data: {
        serviceRequest: {
          id: 'req-1',
          enterprise: { __typename: 'Enterprise', id: 'ent-goertek' },
          region: { nameZh: '崂山区' },
          kind: 'FINANCING',
          typeZh: '融资对接',
          titleZh: '申请投融资对接',
          textZh: '希望对接文化金融产品。',
          stage: 'STRUCK_OFF',
          submittedOn: '2026-03-02',
          dueOn: '2026-03-12',
          closedOn: '2026-03-16',
          responsible: { nameZh: '中共武汉市委宣传部' },
          coHandlers: [{ id: office }, { id: districts }],
          isSatisfied: true,
          history: ['COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED', 'STRUCK_OFF'].map(
            (stage, i) => ({
              seq: i + 1,
              stage,
              on: `2026-03-0${i + 2}`,
              agency: { id: propaganda },
              noteZh: '已转办',
            }),
          ),
          isOverdue: false,
          isReopened: false,
          policy: { id: policyId, status: 'ISSUED' },
          notes: '季度调度事项',
          citations: [],
          synthetic: false,
          version: 1,
        },
        none: null,
      },
    });
  });

  it('is overdue from the day after it was due until it is struck off, and unknown without a due day', async () => {
    const { data } = await ask('{ serviceRequests { nodes { id isOverdue isReopened } } }');
    expect(data.serviceRequests.nodes).toEqual(
      (
        [
          ['req-1', false, false],
          ['req-2', false, false],
          ['req-3', true, true],
          ['req-4', false, false],
          ['req-5', false, false],
          ['req-6', null, false],
        ] as const
      ).map(([id, isOverdue, isReopened]) => ({ id, isOverdue, isReopened })),
    );
    expect(statements).toHaveLength(1);
  });

  it.each([
    [
      'of an unknown stage',
      "'r','e','OTHER','t','DONE','2026-01-01',null,'org-wh-propaganda'",
      'service_requests_stage_known',
    ],
    [
      'of an unknown kind',
      "'r','e','ANY','t','COLLECTED','2026-01-01',null,null",
      'service_requests_kind_known',
    ],
    [
      'struck off on no day',
      `'r','e','OTHER','t','STRUCK_OFF','2026-01-01',null,'${office}'`,
      'service_requests_closed',
    ],
    [
      'closed before it came',
      `'r','e','OTHER','t','STRUCK_OFF','2026-01-02','2026-01-01','${office}'`,
      'service_requests_dates',
    ],
    [
      'assigned to nobody',
      "'r','e','OTHER','t','ASSIGNED','2026-01-01',null,null",
      'service_requests_assigned',
    ],
    [
      'assigned to an agency that is not there',
      "'r','e','OTHER','t','ASSIGNED','2026-01-01',null,'org-none'",
      'agencies',
    ],
  ])('%s is refused by the database', async (_what, values, constraint) => {
    expect(
      await refusalOf(
        database.urls.policies,
        `insert into service_requests (id, enterprise_id, kind, title_zh, stage, submitted_on, closed_on, responsible_id) values (${values})`,
      ),
    ).toContain(constraint);
  });
});

describe('a list of service requests', () => {
  it.each([
    ['stage: { eq: STRUCK_OFF }', ['req-1', 'req-2']],
    ['stage: { in: [COLLECTED, REVISITED] }', ['req-4', 'req-6']],
    ['kind: { eq: TALENT }', ['req-4', 'req-5']],
    ['titleZh: { contains: "融" }', ['req-1']],
    ['isOverdue: true', ['req-3']],
    ['isOverdue: false', ['req-1', 'req-2', 'req-4', 'req-5']],
    ['not: { isOverdue: true }', ['req-1', 'req-2', 'req-4', 'req-5', 'req-6']],
    ['isReopened: { eq: true }', ['req-3']],
    ['isReopened: { eq: false }, kind: { eq: FINANCING }', ['req-1', 'req-2']],
    ['isSatisfied: { eq: false }', ['req-3']],
    ['isSatisfied: { isNull: true }', ['req-2', 'req-4', 'req-5', 'req-6']],
    ['submittedOn: { gte: "2026-04-01", lt: "2026-05-01" }', ['req-5']],
    ['dueOn: { isNull: true }', ['req-2', 'req-6']],
    ['closedOn: { lte: "2026-03-05" }', ['req-2']],
    ['region: { within: "370200" }', ['req-1', 'req-2', 'req-3', 'req-4', 'req-5']],
    ['region: { eq: "370214" }', ['req-5']],
    ['responsibleId: { isNull: true }', ['req-6']],
    ['coHandlerId: { in: ["org-wh-propaganda", "org-wh-culture-leading-group-office"] }', ['req-1', 'req-5']],
    ['coHandlerId: { isNull: true }', ['req-2', 'req-3', 'req-4', 'req-6']],
    ['enterpriseId: { eq: "ent-gaea" }', ['req-5']],
    ['policyId: { eq: "pol-wh-express" }', ['req-1']],
    ['synthetic: { eq: true }', []],
    ['or: [{ synthetic: { eq: true } }, { isOverdue: true }]', ['req-3']],
  ])('is filtered by { %s }', async (filter, ids) => {
    expect(await ask(`{ serviceRequests(filter: { ${filter} }) { totalCount nodes { id } } }`)).toEqual({
      data: { serviceRequests: { totalCount: ids.length, nodes: ids.map((id) => ({ id })) } },
    });
  });

  it('is paged by the day it is due, in both directions, those without one last', async () => {
    const orderBy = 'orderBy: [{ field: DUE_ON, direction: DESC }, { field: SUBMITTED_ON }, { field: ID }]';
    const page = (args: string) =>
      ask(
        `{ serviceRequests(${args}, ${orderBy}) { nodes { id } pageInfo { hasNextPage startCursor endCursor } } }`,
      );
    const idsOf = (answer: { data: { serviceRequests: { nodes: { id: string }[] } } }) =>
      answer.data.serviceRequests.nodes.map(({ id }) => id);
    const first = await page('first: 4');
    expect(idsOf(first)).toEqual(['req-5', 'req-4', 'req-3', 'req-1']);
    const { endCursor, hasNextPage } = first.data.serviceRequests.pageInfo;
    expect(hasNextPage).toBe(true);
    const second = await page(`first: 4, after: "${endCursor}"`);
    expect(idsOf(second)).toEqual(['req-2', 'req-6']);
    const { startCursor } = second.data.serviceRequests.pageInfo;
    expect(idsOf(await page(`last: 2, before: "${startCursor}"`))).toEqual(['req-3', 'req-1']);
  });

  it('takes as many statements for one request as for all', async () => {
    const question = (first: number) => `{
      serviceRequests(first: ${first}) {
        totalCount
        nodes {
          titleZh enterprise { id } region { nameZh } responsible { nameZh } coHandlers { nameZh }
          history { agency { nameZh } } isOverdue isReopened policy { nameZh }
        }
      }
    }`;
    await ask(question(1));
    const forOne = statements.length;
    await ask(question(6));
    expect(statements).toHaveLength(forOne);
    expect(forOne).toBe(8);
  });
});

describe('the service requests of others', () => {
  it('are listed for enterprise, region, agency and policy, in one statement for each list or count', async () => {
    const answer = await entities(
      `... on Enterprise { serviceRequests { totalCount nodes { id } } }
       ... on Region {
         serviceRequestCount
         serviceRequests(filter: { isOverdue: true }) { nodes { id } }
         own: serviceRequests(includeSubregions: false) { totalCount }
       }
       ... on ServiceRequest { titleZh }`,
      [
        { __typename: 'Enterprise', id: 'ent-gaea' },
        { __typename: 'Enterprise', id: 'ent-none' },
        { __typename: 'Region', code: '370200' },
        { __typename: 'Region', code: '110105' },
        { __typename: 'ServiceRequest', id: 'req-1' },
      ],
    );
    expect(answer).toEqual({
      data: {
        _entities: [
          { serviceRequests: { totalCount: 1, nodes: [{ id: 'req-5' }] } },
          { serviceRequests: { totalCount: 0, nodes: [] } },
          { serviceRequestCount: 5, serviceRequests: { nodes: [{ id: 'req-3' }] }, own: { totalCount: 0 } },
          { serviceRequestCount: 0, serviceRequests: { nodes: [] }, own: { totalCount: 0 } },
          { titleZh: '申请投融资对接' },
        ],
      },
    });
    expect(statements).toHaveLength(6);
  });

  it('are listed for an agency in each of its roles, each once', async () => {
    expect(
      await ask(`{
        agency(id: "${propaganda}") {
          assignments { totalCount nodes { id } }
          inCharge: assignments(role: RESPONSIBLE, filter: { stage: { eq: ASSIGNED } }) { nodes { id } }
          beside: assignments(role: CO_HANDLER) { totalCount nodes { id } }
        }
        policy(id: "${policyId}") { serviceRequests { nodes { id } } }
      }`),
    ).toEqual({
      data: {
        agency: {
          assignments: {
            totalCount: 5,
            nodes: ['req-1', 'req-2', 'req-3', 'req-4', 'req-5'].map((id) => ({ id })),
          },
          inCharge: { nodes: [{ id: 'req-3' }] },
          beside: { totalCount: 1, nodes: [{ id: 'req-5' }] },
        },
        policy: { serviceRequests: { nodes: [{ id: 'req-1' }] } },
      },
    });
  });
});

describe('the summary of service requests', () => {
  const figures =
    'count closed closureRate onTime late pending undated onTimeRate medianWorkingDays overdue reopened';

  it('counts by agency in charge and quarter, each request once, with one total, in one statement', async () => {
    expect(
      await ask(`{ serviceRequestSummary {
        region { code } groupCount total { ${figures} }
        groups { region { code } kind responsible { id } quarter figures { count closed onTime late pending undated } }
      } }`),
    ).toEqual({
      data: {
        serviceRequestSummary: {
          region: null,
          groupCount: 3,
          total: {
            count: 6,
            closed: 2,
            closureRate: '33.33',
            onTime: 0,
            late: 2,
            pending: 2,
            undated: 2,
            onTimeRate: '0.00',
            // Two are struck off: too few for a median.
            medianWorkingDays: null,
            overdue: 1,
            reopened: 1,
          },
          groups: [
            {
              region: null,
              kind: null,
              responsible: { id: districts },
              quarter: '2026-Q2',
              figures: { count: 1, closed: 0, onTime: 0, late: 0, pending: 1, undated: 0 },
            },
            {
              region: null,
              kind: null,
              responsible: { id: propaganda },
              quarter: '2026-Q1',
              figures: { count: 4, closed: 2, onTime: 0, late: 2, pending: 1, undated: 1 },
            },
            {
              region: null,
              kind: null,
              responsible: null,
              quarter: '2026-Q2',
              figures: { count: 1, closed: 0, onTime: 0, late: 0, pending: 0, undated: 1 },
            },
          ],
        },
      },
    });
    expect(statements.filter((text) => text.includes('grouping sets'))).toHaveLength(1);
  });

  it('is of a region with what is below it, of the days of submission, and in the groups asked for', async () => {
    expect(
      await ask(`{
        region: serviceRequestSummary(region: "370200", from: "2026-04-01", groupBy: [REGION, KIND]) {
          region { code } total { count } groups { region { code } kind quarter figures { count } }
        }
        first: serviceRequestSummary(groupBy: [KIND]) { groupCount groups(first: 1) { kind figures { count } } }
        whole: serviceRequestSummary(groupBy: []) { total { count } groups { kind } }
        none: serviceRequestSummary(region: "110000") {
          total { count onTimeRate rated satisfied satisfactionRate satisfactionReason satisfactionReasonZh } groups { kind }
        }
      }`),
    ).toEqual({
      data: {
        region: {
          region: { code: '370200' },
          total: { count: 1 },
          groups: [{ region: { code: '370214' }, kind: 'TALENT', quarter: null, figures: { count: 1 } }],
        },
        first: { groupCount: 3, groups: [{ kind: 'FINANCING', figures: { count: 3 } }] },
        whole: { total: { count: 6 }, groups: [] },
        // On 6e49a15 the reason was that too few were satisfied.
        none: {
          total: {
            count: 0,
            onTimeRate: null,
            rated: 0,
            satisfied: 0,
            satisfactionRate: null,
            satisfactionReason: 'There are no requests.',
            satisfactionReasonZh: '没有诉求。',
          },
          groups: [],
        },
      },
    });
  });

  it('refuses a time that ends before it begins, and more groups than there may be', async () => {
    expect(
      await ask(`{
        time: serviceRequestSummary(from: "2026-05-02", to: "2026-05-01") { groupCount }
        many: serviceRequestSummary { groups(first: 1001) { kind } }
      }`),
    ).toMatchObject({
      data: { time: null, many: null },
      errors: [
        { path: ['time'], extensions: { code: 'BAD_USER_INPUT', argument: 'to' } },
        { path: ['many', 'groups'], extensions: { code: 'BAD_USER_INPUT', argument: 'first' } },
      ],
    });
  });

  it('tells how many were satisfied, but not where that tells what single enterprises said', async () => {
    await using own = await createDatabase();
    const { db, close } = connect({ url: own.urls.policies });
    const rated = (kind: string, satisfied: number, unsatisfied: number) =>
      Array.from({ length: satisfied + unsatisfied }, (_, i) =>
        aRequest(`${kind}-${i}`, { kind, isSatisfied: i < satisfied }),
      );
    await db
      .insert(serviceRequests)
      .values([
        ...rated('FINANCING', 6, 3),
        ...rated('LICENSING', 1, 4),
        ...rated('TALENT', 4, 3),
        aRequest('other', { kind: 'OTHER' }),
      ]);
    await close();
    const subgraph = policiesSubgraph({ url: own.urls.policies });
    const fields = 'rated satisfied satisfactionRate satisfactionReasonZh';
    const { data } = await subgraph.execute({
      query: `{ serviceRequestSummary(groupBy: [KIND]) { total { ${fields} } groups { kind figures { ${fields} } } } }`,
    });
    await subgraph.close();
    const hidden = {
      satisfied: null,
      satisfactionRate: null,
      satisfactionReasonZh: '满意或不满意的不足 3 件,或可由其他数推算。',
    };
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      serviceRequestSummary: {
        total: { rated: 21, satisfied: 11, satisfactionRate: '52.38', satisfactionReasonZh: null },
        groups: [
          {
            kind: 'FINANCING',
            figures: { rated: 9, satisfied: 6, satisfactionRate: '66.67', satisfactionReasonZh: null },
          },
          { kind: 'LICENSING', figures: { rated: 5, ...hidden } },
          {
            kind: 'OTHER',
            figures: {
              rated: 0,
              satisfied: 0,
              satisfactionRate: null,
              satisfactionReasonZh: '尚无一件经回访评价。',
            },
          },
          // Otherwise the number of LICENSING would be what the total has beyond the others.
          { kind: 'TALENT', figures: { rated: 7, ...hidden } },
        ],
      },
    });
  });

  it.each([
    ['that comes with the hub', undefined, '6'],
    ['of a deployment', calendarOf([{ day: '2026-09-29', isWorking: false }]), '9'],
  ])('counts working days by the calendar %s', async (_, calendar, median) => {
    await using own = await createDatabase();
    const { db, close } = connect({ url: own.urls.policies });
    // From 28 September 2026, a Monday: without holidays there are ten working days.
    const closed = ['a', 'b', 'c'].map((id) => aRequest(id, struckOff('2026-09-28', '2026-10-12')));
    await db.insert(serviceRequests).values(closed);
    await close();
    const subgraph = policiesSubgraph({ url: own.urls.policies, ...(calendar && { calendar }) });
    const { data } = await subgraph.execute({
      query: '{ serviceRequestSummary { total { medianWorkingDays } } }',
    });
    await subgraph.close();
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      serviceRequestSummary: { total: { medianWorkingDays: median } },
    });
  });
});
