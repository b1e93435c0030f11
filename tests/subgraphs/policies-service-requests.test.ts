import { connect } from '@wenshu/kit/connect.ts';
import { policiesSubgraph } from '@wenshu/policies/server.ts';
import {
  calendarDays,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  serviceRequests,
} from '@wenshu/policies/tables.ts';
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

const steps = (requestId: string, ...stages: string[]): Step[] =>
  stages.map((stage, i) => ({
    requestId,
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
  const fields = 'region { code } kind count closed closureRate medianWorkingDays overdue reopened';
  const row = (code: string | null, kind: string, ...numbers: (number | string | null)[]) => {
    const [count, closed, closureRate, medianWorkingDays, overdue, reopened] = numbers;
    const region = code && { code };
    return { region, kind, count, closed, closureRate, medianWorkingDays, overdue, reopened };
  };

  it('counts by district and kind, in one statement', async () => {
    expect(await ask(`{ serviceRequestSummary { ${fields} } }`)).toEqual({
      data: {
        serviceRequestSummary: [
          // Ten working days and three: the median lies between.
          row('370212', 'FINANCING', 3, 2, '66.67', '6.5', 1, 1),
          row('370212', 'TALENT', 1, 0, '0.00', null, 0, 0),
          row('370214', 'TALENT', 1, 0, '0.00', null, 0, 0),
          row(null, 'OTHER', 1, 0, '0.00', null, 0, 0),
        ],
      },
    });
    expect(statements).toHaveLength(1);
  });

  it('is of a region with what is below it, and of the days of submission asked for', async () => {
    expect(
      await ask(`{
        region: serviceRequestSummary(region: "370200", from: "2026-04-01") { ${fields} }
        day: serviceRequestSummary(from: "2026-05-01", to: "2026-05-01") { kind count }
        none: serviceRequestSummary(region: "110000") { kind }
      }`),
    ).toEqual({
      data: {
        region: [row('370214', 'TALENT', 1, 0, '0.00', null, 0, 0)],
        day: [{ kind: 'OTHER', count: 1 }],
        none: [],
      },
    });
  });

  it('refuses a time that ends before it begins', async () => {
    expect(
      await ask('{ serviceRequestSummary(from: "2026-05-02", to: "2026-05-01") { kind } }'),
    ).toMatchObject({
      data: { serviceRequestSummary: null },
      errors: [{ path: ['serviceRequestSummary'], extensions: { code: 'BAD_USER_INPUT', argument: 'to' } }],
    });
  });

  it('counts working days as the calendar has them: not the holidays, but the days worked instead', async () => {
    await using own = await createDatabase();
    const days = Array.from({ length: 9 }, (_, i) =>
      new Date(Date.UTC(2026, 8, 21 + i)).toISOString().slice(0, 10),
    );
    const spans = days.flatMap((from) => [0, 1, 4, 5, 6, 7, 12, 16].map((length) => [from, length] as const));
    const holidays = ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-05'];
    const workedInstead = ['2026-09-27', '2026-10-10'];
    const { db, close } = connect({ url: own.urls.policies });
    await db
      .insert(calendarDays)
      .values([
        ...holidays.map((day) => ({ day, isWorking: false, nameZh: '国庆节' })),
        ...workedInstead.map((day) => ({ day, isWorking: true })),
      ]);
    const subgraph = policiesSubgraph({ url: own.urls.policies });
    for (const [from, length] of spans) {
      const dayAfter = (count: number) =>
        new Date(Date.parse(from) + count * 86_400_000).toISOString().slice(0, 10);
      await db.insert(serviceRequests).values(aRequest('only', struckOff(from, dayAfter(length))));
      const worked = Array.from({ length }, (_, i) => dayAfter(i + 1)).filter((day) => {
        const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
        return workedInstead.includes(day) || (!isWeekend && !holidays.includes(day));
      });
      const query = '{ serviceRequestSummary { medianWorkingDays } }';
      expect([from, length, await subgraph.execute({ query })]).toEqual([
        from,
        length,
        { data: { serviceRequestSummary: [{ medianWorkingDays: String(worked.length) }] } },
      ]);
      await db.delete(serviceRequests);
    }
    await subgraph.close();
    await close();
  });
});
