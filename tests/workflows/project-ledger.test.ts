import { connect } from '@wenshu/kit/connect.ts';
import { createContext } from '@wenshu/kit/context.ts';
import { carryOut } from '@wenshu/kit/workflow/carry-out.ts';
import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { projectLedgers } from '@wenshu/parks/tables.ts';
import { isBehindOn } from '@wenshu/parks/workflows/behind.ts';
import { ledgerTable } from '@wenshu/parks/workflows/ledger-table.ts';
import { ledgerWorkflow } from '@wenshu/parks/workflows/ledgers.ts';
import { lastDueMonth, monthAfter, reportDueOn } from '@wenshu/parks/workflows/months.ts';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedActions, type Person, peopleOf } from '../support/workflow-cases.ts';
import { type Official, startWorkflowHub, type WorkflowHub } from '../support/workflow-hub.ts';

const region = '370212';
const stages = stagesOf(ledgerTable);

let hub: WorkflowHub;
beforeAll(async () => {
  hub = await startWorkflowHub({
    object: 'projectLedger',
    // With a control plane, the hub carries out its rules.
    keys: true,
    list: 'projectLedgers',
    selection: `reached isBehind milestones { stage dueOn reachedOn isMissed } reports { month completedInvestment }
      quarters { quarter isBehind completedPercent } problems { step kind enterprise { id } } history { action }`,
    others: { noteProjectProblem: { object: 'serviceRequest', selection: 'id' } },
    rows: `insert into policies.agencies (id, name_zh, name_en, kind, region_code) values
        ('x-builder', '建设单位', 'Builder', 'DEPARTMENT', '${region}'), ('x-office', '包联单位', 'Office', 'DEPARTMENT', '${region}');
      insert into parks.projects (id, name_zh, name_en, kind, region_code)
        select 'x-' || n, '项目' || n, 'Project', 'CULTURE_PARK', '${region}' from generate_series(1, 40) as n;
      insert into parks.project_owners (project_id, seq, owner_type, owner_id, role) values ('x-1', 1, 'Enterprise', 'ent-pico', 'OWNER')`,
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const owner: Official = { department: 'CULTURE_TOURISM', role: 'editor', sub: 'owner-1' };
const leader: Official = { department: 'CULTURE_TOURISM', role: 'leader', sub: 'leader-1' };
const builder: Official = { department: 'PROPAGANDA', role: 'editor', agency: 'x-builder', sub: 'b-1' };
const office: Official = { department: 'GOVERNMENT', role: 'viewer', agency: 'x-office', sub: 'o-1' };

const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
/** A year whose reports were due long ago, so that the test is the same on every day. */
const year = Number(today.slice(0, 4)) - 2;
const tomorrow = new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 10);

let projects = 0;
const plan = (projectId: string) => ({
  projectId,
  responsibleId: 'x-builder',
  liaisonId: 'x-office',
  milestones: [
    { stage: 'STARTED', dueOn: `${year}-03-31` },
    { stage: 'TOPPED_OUT', dueOn: `${year}-12-31` },
  ],
  years: [{ year, plannedInvestment: '1200' }],
});

/** Opens a ledger whose reports begin with the year. */
async function openLedger(projectId = `x-${++projects + 1}`) {
  const { id } = await hub.change(owner, 'setProjectPlan', plan(projectId));
  await hub.sql(`update parks.project_ledgers set reports_from = '${year}-01' where id = '${id}'`);
  return id;
}

const report = (id: string, version: number, month: string, completedInvestment: string) => ({
  id,
  version,
  month: `${year}-${month}`,
  completedInvestment,
});

/** Opens a ledger with reports of the first quarter. The next version is 5. */
async function reportedLedger() {
  const id = await openLedger();
  for (const [at, month] of ['01', '02', '03'].entries()) {
    await hub.change(builder, 'reportProgress', report(id, at + 1, month, String((at + 1) * 100)));
  }
  return id;
}

const pathsOf = async (who: Official, mutation: string, input: Readonly<Record<string, unknown>>) =>
  (await hub.refusal(who, mutation, input)).problems?.map(({ path }) => path);

describe('the way of a ledger', () => {
  it('leads from the plan over reports, stages and published quarters to completion', async () => {
    const id = await reportedLedger();
    const started = { id, stage: 'STARTED', on: `${year}-03-20`, sourceZh: '施工许可证 2024-018' };
    const recorded = await hub.change(builder, 'recordProjectStage', { ...started, version: 4 });
    expect(recorded).toMatchObject({
      stage: 'ON_TRACK',
      reached: 'STARTED',
      milestones: [
        { stage: 'STARTED', dueOn: `${year}-03-31`, reachedOn: `${year}-03-20`, isMissed: false },
        { stage: 'TOPPED_OUT', dueOn: `${year}-12-31`, reachedOn: null, isMissed: true },
      ],
      dueOn: `${year}-05-05`,
      isBehind: true,
    });
    const published = await hub.change(leader, 'publishQuarter', { id, version: 5, quarter: `${year}-Q1` });
    expect(published).toMatchObject({
      quarters: [{ quarter: `${year}-Q1`, isBehind: false, completedPercent: '25.00' }],
    });
    const done = { id, stage: 'COMPLETED', on: `${year}-12-20`, sourceZh: '竣工验收备案' };
    const completed = await hub.change(owner, 'recordProjectStage', { ...done, version: 6 });
    expect(completed).toMatchObject({ stage: 'COMPLETED', version: 7, dueOn: null, isBehind: false });
    expect(completed.history).toEqual(
      ['SET_PLAN', ...Array(3).fill('REPORT_PROGRESS'), 'RECORD_STAGE', 'PUBLISH_QUARTER', 'COMPLETE'].map(
        (action) => ({ action }),
      ),
    );
    expect(await hub.eventsOf('parks', id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('a problem is a step of its own, and is about the enterprise that owns the project', async () => {
    const id = await openLedger('x-1');
    const problem = { kind: 'LAND_SPACE', titleZh: '用地未交付', textZh: '二期地块尚未交付。' };
    const reported = await hub.change(builder, 'reportProgress', { ...report(id, 1, '01', '50'), problem });
    expect(reported).toMatchObject({
      problems: [{ step: 1, kind: 'LAND_SPACE', enterprise: { id: 'ent-pico' } }],
      history: [{ action: 'SET_PLAN' }, { action: 'REPORT_PROBLEM' }],
      step: 1,
    });
  });

  it('a problem becomes one service request, which names the project, whenever its rule is carried out', async () => {
    await hub.hub.follower().once();
    const read = `{ projectLedger(id: "x-1-ledger") { project { serviceRequests { totalCount nodes {
      stage kind titleZh textZh dueOn synthetic enterprise { id } region { code } submittedBy { id }
      history { action noteZh agency { id } } project { id } } } } }
      serviceRequests(filter: { projectId: { eq: "x-1" } }) { totalCount } }`;
    const publicity: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'p-1' };
    const first = await hub.hub.as(publicity).ask(read);
    expect(first).toEqual({
      data: {
        projectLedger: {
          project: {
            serviceRequests: {
              totalCount: 1,
              nodes: [
                {
                  stage: 'COLLECTED',
                  kind: 'LAND_SPACE',
                  titleZh: '用地未交付',
                  textZh: '二期地块尚未交付。',
                  dueOn: expect.any(String),
                  synthetic: false,
                  enterprise: { id: 'ent-pico' },
                  region: { code: region },
                  submittedBy: { id: 'x-builder' },
                  history: [{ action: 'SUBMIT', noteZh: '重点项目月度进度所报的问题。', agency: null }],
                  project: { id: 'x-1' },
                },
              ],
            },
          },
        },
        serviceRequests: { totalCount: 1 },
      },
    });
    // As after a crash before the position of the rule was stored.
    await hub.sql("update hub.rule_positions set position = null where rule = 'project-problem'");
    const again = hub.hub.follower();
    await again.once();
    expect(again.status()).toContainEqual({ rule: 'project-problem', done: 1, refused: 0, failing: 0 });
    expect(await hub.hub.as(publicity).ask(read)).toEqual(first);
    const submit = { projectId: 'x-1', reportedById: 'x-builder', enterpriseId: 'ent-pico', kind: 'OTHER' };
    const request = { ...submit, titleZh: '诉求', textZh: '内容。', synthetic: false };
    expect(await hub.refusal(publicity, 'noteProjectProblem', request)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('a project that is behind is pressed step by step, and no more when it has caught up', async () => {
    const id = await openLedger();
    const notice = { id, noteZh: '进度滞后,请报整改措施。' };
    const early = { ...notice, version: 1, level: 'NOTICE' };
    expect(await hub.refusal(leader, 'issueNotice', early)).toMatchObject({ code: 'WRONG_STAGE' });
    await hub.change(owner, 'issueNotice', { ...notice, version: 1, level: 'REMIND' });
    const self = { ...leader, sub: owner.sub ?? '' };
    expect(await hub.refusal(self, 'issueNotice', { ...notice, version: 2, level: 'NOTICE' })).toMatchObject({
      code: 'SECOND_PERSON',
    });
    await hub.change(leader, 'issueNotice', { ...notice, version: 2, level: 'NOTICE' });
    expect(await hub.refusal(owner, 'issueNotice', { ...notice, version: 3, level: 'REMIND' })).toMatchObject(
      {
        code: 'WRONG_STAGE',
      },
    );
    const proposed = { ...notice, version: 3, level: 'DISCIPLINE_PROPOSED' };
    expect(await hub.change(leader, 'issueNotice', proposed)).toMatchObject({ stage: 'DISCIPLINE_PROPOSED' });
    await expect(catchUp(id, 4)).rejects.toThrow('still behind');
    const reached = { id, version: 4, stage: 'TOPPED_OUT', on: today, sourceZh: '监理月报' };
    await hub.change(builder, 'recordProjectStage', reached);
    await catchUp(id, 5);
    const remind = { ...notice, version: 6, level: 'REMIND' };
    expect(await hub.refusal(owner, 'issueNotice', remind)).toMatchObject({
      code: 'WRONG_STAGE',
      stage: 'ON_TRACK',
      allowed: ['RECORD_STAGE', 'COMPLETE'],
    });
  });

  it('a leader changes the plan with a reason, and what was reached stays so', async () => {
    const id = await openLedger();
    const started = { id, version: 1, stage: 'STARTED', on: `${year}-02-01`, sourceZh: '施工许可证' };
    await hub.change(builder, 'recordProjectStage', started);
    const projectId = id.replace('-ledger', '');
    const later = {
      ...plan(projectId),
      version: 2,
      milestones: [
        { stage: 'STARTED', dueOn: `${year}-03-31` },
        { stage: 'COMPLETED', dueOn: tomorrow },
      ],
    };
    expect(await pathsOf(leader, 'setProjectPlan', later)).toEqual(['input.noteZh']);
    const revised = await hub.change(leader, 'setProjectPlan', { ...later, noteZh: '设计变更。' });
    expect(revised).toMatchObject({
      isBehind: false,
      milestones: [{ reachedOn: `${year}-02-01` }, { reachedOn: null, isMissed: false }],
    });
    expect(await hub.refusal(owner, 'setProjectPlan', { ...later, version: 3 })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await hub.refusal(owner, 'setProjectPlan', plan(projectId))).toMatchObject({
      code: 'CONFLICT',
      version: 3,
    });
  });
});

async function catchUp(id: string, version: number) {
  const { db, close } = connect({ url: hub.hub.database.adminUrl });
  try {
    const request = { action: 'CATCH_UP' as const, id, version, key: `catch-up ${id} ${version}`, input: {} };
    await carryOut(createContext(db, { caller: { kind: 'system' } }), ledgerWorkflow, request, () => ({}));
  } finally {
    await close();
  }
}

describe('what is refused', () => {
  it('all problems of a plan at once', async () => {
    const wrong = {
      ...plan('x-40'),
      responsibleId: ' ',
      milestones: [
        { stage: 'TOPPED_OUT', dueOn: `${year}-03-31` },
        { stage: 'STARTED', dueOn: `${year}-12-31` },
        { stage: 'TITLE_HELD', dueOn: `${year}-12-31` },
      ],
      years: [
        { year, plannedInvestment: '0' },
        { year, plannedInvestment: '1' },
      ],
    };
    expect(await pathsOf(owner, 'setProjectPlan', wrong)).toEqual([
      'input.responsibleId',
      'input.milestones.1',
      'input.milestones.2.stage',
      'input.years.0.plannedInvestment',
      'input.years.1.year',
    ]);
    expect(await hub.refusal(owner, 'setProjectPlan', plan('x-none'))).toMatchObject({ code: 'NOT_FOUND' });
    const elsewhere = { ...owner, region: '110105' };
    expect(await hub.refusal(elsewhere, 'setProjectPlan', plan('x-40'))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('a stage in the future, without a source, backward, or as a word of documents', async () => {
    const id = await openLedger();
    const stage = { id, version: 1, stage: 'STARTED', on: tomorrow, sourceZh: '' };
    expect(await pathsOf(builder, 'recordProjectStage', stage)).toEqual(['input.sourceZh', 'input.on']);
    const sourceZh = '施工许可证';
    const word = { ...stage, stage: 'TITLE_HELD', on: today, sourceZh };
    expect(await pathsOf(builder, 'recordProjectStage', word)).toEqual(['input.stage']);
    await hub.change(builder, 'recordProjectStage', { ...stage, on: `${year}-05-01`, sourceZh });
    const back = { ...stage, version: 2, stage: 'SIGNED', on: `${year}-04-01`, sourceZh };
    expect(await pathsOf(builder, 'recordProjectStage', back)).toEqual(['input.stage', 'input.on']);
    const correction = { ...back, isCorrection: true, noteZh: '误记。' };
    expect(await hub.refusal(builder, 'recordProjectStage', correction)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await hub.change(leader, 'recordProjectStage', correction)).toMatchObject({
      reached: 'SIGNED',
      milestones: [{ reachedOn: null }, { reachedOn: null }],
    });
  });

  it('a month that is not over, is not planned, is reported or published, and less money than before', async () => {
    const id = await reportedLedger();
    const paths = (input: Readonly<Record<string, unknown>>) =>
      pathsOf(builder, 'reportProgress', { id, version: 4, completedInvestment: '400', ...input });
    expect(await paths({ month: today.slice(0, 7) })).toEqual(['input.month']);
    expect(await paths({ month: '2026-13' })).toEqual(['input.month']);
    expect(await paths({ month: `${year + 1}-01` })).toEqual(['input.month']);
    expect(await paths({ month: `${year}-02` })).toEqual(['input.month']);
    expect(await paths({ month: `${year}-04`, completedInvestment: '299' })).toEqual([
      'input.completedInvestment',
    ]);
    expect(await paths({ month: `${year}-04`, isCorrection: true, noteZh: '误报。' })).toEqual([
      'input.month',
    ]);
    const correction = { ...report(id, 4, '03', '150'), isCorrection: true };
    expect(await pathsOf(builder, 'reportProgress', correction)).toEqual(['input.noteZh']);
    const corrected = await hub.change(builder, 'reportProgress', { ...correction, noteZh: '误报。' });
    expect(corrected).toMatchObject({ reports: [{}, {}, { completedInvestment: '150' }] });
    await hub.change(leader, 'publishQuarter', { id, version: 5, quarter: `${year}-Q1` });
    const frozen = { ...correction, version: 6, noteZh: '再更正。' };
    expect(await pathsOf(builder, 'reportProgress', frozen)).toEqual(['input.month']);
    await expect(hub.sql("update parks.project_quarters set reached = 'IN_USE'")).rejects.toThrow(
      'stays as it is',
    );
  });

  it('a problem without an enterprise or of none that is there, and with a phone number', async () => {
    const id = await openLedger();
    const problem = { kind: 'OTHER', titleZh: '资金缺口', textZh: '请致电 13800138000。' };
    expect(await pathsOf(builder, 'reportProgress', { ...report(id, 1, '01', '1'), problem })).toEqual([
      'input.problem.textZh',
      'input.problem.enterpriseId',
    ]);
    const ofNone = { ...problem, enterpriseId: 'ent-none' };
    expect(
      await pathsOf(builder, 'reportProgress', { ...report(id, 1, '01', '1'), problem: ofNone }),
    ).toEqual(['input.problem.enterpriseId', 'input.problem.textZh']);
  });

  it('a quarter that is not over, lacks reports, or is published by who reported', async () => {
    const id = await reportedLedger();
    const publish = (quarter: string) => pathsOf(leader, 'publishQuarter', { id, version: 4, quarter });
    expect(await publish(`${year + 3}-Q1`)).toEqual(['input.quarter']);
    expect(await publish('Q1')).toEqual(['input.quarter']);
    expect(await publish(`${year}-Q2`)).toEqual(['input.quarter']);
    const reporter: Official = {
      department: 'CULTURE_TOURISM',
      role: 'editor',
      agency: 'x-builder',
      sub: 'both',
    };
    await hub.change(reporter, 'reportProgress', report(id, 4, '04', '400'));
    // That somebody else reported after it changes nothing.
    await hub.change(builder, 'reportProgress', report(id, 5, '05', '500'));
    const own = { id, version: 6, quarter: `${year}-Q1` };
    expect(await hub.refusal({ ...reporter, role: 'leader' }, 'publishQuarter', own)).toMatchObject({
      code: 'SECOND_PERSON',
    });
  });

  it('a report by an agency that is not in charge', async () => {
    const id = await openLedger();
    const other: Official = { ...builder, agency: 'x-office' };
    // Every department sees that there is a ledger, so it is told that it is not its own.
    expect(await hub.refusal(other, 'reportProgress', report(id, 1, '01', '1'))).toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('behind its plan', () => {
  it('by a milestone, or by more than ten points of money in the last month that was due', async () => {
    const id = await reportedLedger();
    await hub.sql(`update parks.project_milestones set due_on = '2099-01-01' where ledger_id = '${id}'`);
    const { db, close } = connect({ url: hub.hub.database.adminUrl });
    const isBehind = async (day: string) => {
      const rows = await db
        .select({ is: sql<boolean>`${isBehindOn(day)}` })
        .from(projectLedgers)
        .where(eq(projectLedgers.id, id));
      return rows[0]?.is;
    };
    // 25 % are reported until March: 33.33 % were planned until April, and 41.67 % until May.
    expect(await isBehind(`${year}-06-05`)).toBe(false);
    expect(await isBehind(`${year}-06-06`)).toBe(true);
    expect(await isBehind('2099-01-01')).toBe(false);
    expect(await isBehind('2099-01-02')).toBe(true);
    await close();
  });

  it('counts months over the turn of a year', () => {
    expect(lastDueMonth('2026-01-05')).toBe('2025-11');
    expect(lastDueMonth('2026-01-06')).toBe('2025-12');
    expect(reportDueOn('2025-12')).toBe('2026-01-05');
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
  });
});

describe('what others see', () => {
  it('the public sees published quarters, departments the plan, and the named agencies all', async () => {
    const id = await reportedLedger();
    await hub.change(leader, 'publishQuarter', { id, version: 4, quarter: `${year}-Q1` });
    const query = `query ($id: ID!) { projectLedger(id: $id) {
      quarters { quarter } milestones { stage } stage reports { month } } }`;
    const seenBy = async (who: Parameters<typeof hub.hub.as>[0]) =>
      (await hub.hub.as(who).ask(query, { id })).data?.projectLedger;
    const quarters = [{ quarter: `${year}-Q1` }];
    const milestones = [{ stage: 'STARTED' }, { stage: 'TOPPED_OUT' }];
    const scopes = ['ProjectLedger', 'ProjectQuarter'];
    expect(await seenBy('FINANCE')).toEqual({ quarters, milestones, stage: null, reports: null });
    const whole = { quarters, milestones, stage: 'ON_TRACK', reports: [{}, {}, {}] };
    for (const who of [office, builder, 'CULTURE_TOURISM' as const])
      expect(await seenBy(who)).toMatchObject(whole);
    const open = 'query ($id: ID!) { projectLedger(id: $id) { quarters { quarter } } }';
    expect((await hub.hub.as({ scopes }).ask(open, { id })).data).toEqual({ projectLedger: { quarters } });
  });
});

describe('every stage × action × role × relation × region', () => {
  const people = peopleOf({
    departments: ['CULTURE_TOURISM', 'PROPAGANDA'],
    agencies: { 'x-builder': ['responsible'], 'x-office': ['liaison'] },
    region,
    elsewhere: '110105',
  });
  /** The ledgers below passed a milestone; one that is completed is not behind. */
  const expectedFor = (person: Person, stage: string) =>
    expectedActions(ledgerTable, person, stage, [stage === 'COMPLETED' ? 'isNotBehind' : 'isBehind']);

  beforeAll(async () => {
    await hub.sql(
      stages
        .map(
          (stage, at) => `insert into parks.project_ledgers
            (id, project_id, region_code, stage, responsible_id, liaison_id, reports_from)
            values ('t-${stage}', 'x-${30 + at}', '${region}', '${stage}', 'x-builder', 'x-office', '2025-01');
          insert into parks.project_milestones (ledger_id, seq, stage, due_on) values ('t-${stage}', 0, 'STARTED', '2025-03-01');`,
        )
        .join('\n'),
    );
  });

  it.each(people)(
    '$official.department $official.role, $official.agency, region $official.region',
    async (person) => {
      const ids = JSON.stringify(stages.map((stage) => `t-${stage}`));
      const { data } = await hub.hub
        .as(person.official)
        .ask(`{ projectLedgers(filter: { id: { in: ${ids} } }) { nodes { id allowedActions } } }`);
      const { nodes } = (data?.projectLedgers ?? { nodes: [] }) as {
        nodes: { id: string; allowedActions: unknown }[];
      };
      expect(nodes).toHaveLength(stages.length);
      for (const { id, allowedActions } of nodes) {
        const expected = expectedFor(person, id.slice(2));
        expect([id, allowedActions]).toEqual([id, expected]);
      }
    },
  );
});

it('the summary says what is behind, how the money stands against the plan, and which reports were on time', async () => {
  await hub.sql(`
    insert into parks.projects (id, name_zh, name_en, kind, region_code) values ('s-1', '一', 'One', 'RND', '330000'), ('s-2', '二', 'Two', 'RND', '330000');
    insert into parks.project_ledgers (id, project_id, region_code, stage, responsible_id, reports_from) values
      ('s-1', 's-1', '330000', 'REMINDED', 'x-builder', '2025-01'), ('s-2', 's-2', '330000', 'ON_TRACK', 'x-office', '2025-02');
    insert into parks.project_milestones (ledger_id, seq, stage, due_on) values ('s-1', 0, 'STARTED', '2099-03-01'), ('s-2', 0, 'STARTED', '2099-03-01');
    insert into parks.project_year_plans (ledger_id, year, planned_investment) values ('s-1', 2025, 1000), ('s-2', 2025, 3000);
    insert into parks.project_reports (ledger_id, month, completed_investment, reported_on) values
      ('s-1', '2025-01', 10, '2025-02-05'), ('s-1', '2025-02', 20, '2025-03-06'), ('s-2', '2025-02', 700, '2025-03-01'), ('s-2', '2025-03', 900, '2025-04-05');
    insert into parks.project_ledger_steps (object_id, seq, stage, step_on, action) values ('s-1', 0, 'REMINDED', '2025-03-20', 'REMIND')`);
  const figures = `{ count behind behindRate plannedInvestment completedInvestment completedPercent plannedPercent
    reportsDue reportsOnTime reportsLate reportsMissing onTimeRate reminders notices disciplineProposals }`;
  const ask = async (args: string) => {
    const { data, errors } = await hub.hub.as('CULTURE_TOURISM').ask(`{ projectLedgerSummary(${args}) {
      months total ${figures} groupCount groups { responsible { id } figures ${figures} } } }`);
    return { summary: data?.projectLedgerSummary, code: errors?.[0]?.extensions?.code };
  };
  const { summary } = await ask('year: 2025, quarter: 1, region: "330000", groupBy: [RESPONSIBLE]');
  const none = { notices: 0, disciplineProposals: 0 };
  expect(summary).toEqual({
    months: ['2025-01', '2025-03'],
    groupCount: 2,
    total: {
      ...none,
      count: 2,
      behind: 1,
      behindRate: '50.00',
      plannedInvestment: '4000',
      completedInvestment: '920',
      completedPercent: '23.00',
      plannedPercent: '25.00',
      reportsDue: 5,
      reportsOnTime: 3,
      reportsLate: 1,
      reportsMissing: 1,
      onTimeRate: '60.00',
      reminders: 1,
    },
    groups: [
      {
        responsible: { id: 'x-builder' },
        figures: {
          ...none,
          count: 1,
          behind: 1,
          behindRate: '100.00',
          plannedInvestment: '1000',
          completedInvestment: '20',
          completedPercent: '2.00',
          plannedPercent: '25.00',
          reportsDue: 3,
          reportsOnTime: 1,
          reportsLate: 1,
          reportsMissing: 1,
          onTimeRate: '33.33',
          reminders: 1,
        },
      },
      {
        responsible: { id: 'x-office' },
        figures: {
          ...none,
          count: 1,
          behind: 0,
          behindRate: '0.00',
          plannedInvestment: '3000',
          completedInvestment: '900',
          completedPercent: '30.00',
          plannedPercent: '25.00',
          reportsDue: 2,
          reportsOnTime: 2,
          reportsLate: 0,
          reportsMissing: 0,
          onTimeRate: '100.00',
          reminders: 0,
        },
      },
    ],
  });
  expect((await ask('year: 2025, month: 2, region: "330000", groupBy: []')).summary).toMatchObject({
    months: ['2025-02', '2025-02'],
    total: { completedInvestment: '720', reportsDue: 2, reportsLate: 1, reminders: 0 },
  });
  for (const wrong of ['year: 2025, quarter: 1, month: 1', 'year: 2025, quarter: 5', 'year: 2099']) {
    expect((await ask(wrong)).code).toBe('BAD_USER_INPUT');
  }
});
