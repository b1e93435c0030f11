import { dayOf } from '@wenshu/kit/today.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Official, startWorkflowHub, type WorkflowHub } from '../support/workflow-hub.ts';

const fromToday = (days: number) => dayOf(Date.now() + days * 86_400_000);
const clerk: Official = { department: 'MARKET_REGULATION', role: 'editor', agency: 'x-mr', sub: 'clerk' };
const second: Official = { ...clerk, sub: 'second' };
const leader: Official = { ...clerk, role: 'leader', sub: 'leader' };
const joint: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-ct', sub: 'joint' };
const jointLeader: Official = { ...joint, role: 'leader', sub: 'joint leader' };
const stranger: Official = { department: 'CULTURE_TOURISM', role: 'leader', agency: 'x-other', sub: 'other' };

const closed = ['Agency', 'Finding', 'FindingStep', 'Inspection', 'Penalty', 'Exemption'];
const keyOf = (enterpriseId: string) => ({
  enterpriseId,
  actions: ['OBJECT' as const],
  scopes: ['Enterprise', 'Query', ...closed],
});
const enterprise = keyOf('ent-pico');

let hub: WorkflowHub;
beforeAll(async () => {
  hub = await startWorkflowHub({
    object: 'finding',
    list: 'findings',
    selection: 'severity notifiedOn filedOn caseAgency { id } penalty { publicity } history { action }',
    rows: `insert into policies.agencies (id, name_zh, name_en, kind, region_code, department) values
      ('x-mr', '市场监管局', 'MR', 'DEPARTMENT', '370212', 'MARKET_REGULATION'),
      ('x-ct', '文旅局', 'CT', 'DEPARTMENT', '370212', 'CULTURE_TOURISM');
      insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code)
      select 'x-ent-' || i, '企业' || i, 'Enterprise', 'ENTERPRISE', '370212' from generate_series(1, 20) as i;`,
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const inspection = (enterpriseId = 'ent-pico') => ({
  enterpriseId,
  method: 'JOINT',
  inspectedOn: fromToday(-1),
  officers: 2,
  agencyIds: ['x-ct'],
  result: 'SUSPECTED',
});

/** Records an inspection; its payload holds no finding. */
async function inspected(who: Official, input: object) {
  const { data, errors } = await hub.hub.as(who).ask(
    `mutation ($input: RecordInspectionInput!) { recordInspection(input: $input) {
      inspection { id officers recordedOn recordDueOn agencies { id } } } }`,
    { input: { key: `ins-${Math.random()}`, ...input } },
  );
  return { ...(data?.recordInspection as { inspection: { id: string } } | null)?.inspection, errors };
}

async function suspected(enterpriseId?: string, more: object = {}): Promise<string> {
  const { id: inspectionId } = await inspected(clerk, inspection(enterpriseId));
  const facts = { titleZh: '未按规定公示营业执照', severity: 'MINOR', harmCaused: 'NONE' };
  return (await hub.change(clerk, 'addFinding', { inspectionId, ...facts, ...more })).id;
}

const advance = (who: Official | typeof enterprise, id: string, version: number, action: string, more = {}) =>
  hub.change(who, 'advanceFinding', { id, version, action, ...more });

const notified = async (enterpriseId?: string, more: object = {}) => {
  const id = await suspected(enterpriseId, more);
  await advance(leader, id, 1, 'FILE');
  await advance(clerk, id, 2, 'NOTIFY', { noteZh: '拟作行政处罚,可陈述、申辩。' });
  return id;
};

const exemption = { kind: 'MINOR_CORRECTED', basisZh: '行政处罚法第三十三条' };
const first = { ...exemption, kind: 'FIRST_CORRECTED', toleranceUntil: fromToday(400) };
const fine = { kinds: ['FINE'], amount: '3000', documentNo: '市监罚〔2026〕1号' };

describe('an inspection', () => {
  it('is recorded by an agency that took part, with the number of officers', async () => {
    const { errors, ...recorded } = await inspected(clerk, inspection());
    expect(errors).toBeUndefined();
    expect(recorded).toMatchObject({
      officers: 2,
      recordedOn: fromToday(0),
      agencies: [{ id: 'x-ct' }, { id: 'x-mr' }],
    });
  });

  it('is refused with all its problems at once', async () => {
    const wrong = { ...inspection('ent-nowhere'), inspectedOn: fromToday(1), officers: 1 };
    const { errors } = await inspected(clerk, wrong);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    const problems = errors?.[0]?.extensions?.problems as { path: string }[];
    expect(problems.map(({ path }) => path)).toEqual([
      'input.enterpriseId',
      'input.inspectedOn',
      'input.officers',
    ]);
  });

  it('is not recorded for no agency, nor in another region', async () => {
    const { agency, ...nobody } = clerk;
    for (const who of [nobody, { ...clerk, region: '110105' }]) {
      const { errors } = await inspected(who as Official, inspection());
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});

describe('the way through', () => {
  it('leads from the suspicion to the published penalty, and to its withdrawal', async () => {
    const id = await notified();
    const stated = await hub.change(enterprise, 'advanceFinding', {
      id,
      version: 3,
      action: 'STATE_CASE',
      noteZh: '已自行整改,请求从轻。',
    });
    expect(stated).toMatchObject({ stage: 'NOTIFIED', version: 4, notifiedOn: fromToday(0) });
    const penalised = await hub.change(leader, 'penaliseFinding', { id, version: 4, ...fine });
    expect(penalised).toMatchObject({ stage: 'PENALISED', penalty: { publicity: 'UNPUBLISHED' } });
    const published = await advance(clerk, id, 5, 'PUBLISH');
    expect(published).toMatchObject({ stage: 'PUBLISHED', dueOn: null, penalty: { publicity: 'PUBLISHED' } });
    await advance(clerk, id, 6, 'SET_ASIDE', { noteZh: '复议决定撤销。' });
    const withdrawn = await advance(leader, id, 7, 'WITHDRAW');
    expect(withdrawn).toMatchObject({ stage: 'WITHDRAWN', version: 8, penalty: { publicity: 'WITHDRAWN' } });
    expect(withdrawn.history).toEqual(
      ['ADD', 'FILE', 'NOTIFY', 'STATE_CASE', 'PENALISE', 'PUBLISH', 'SET_ASIDE', 'WITHDRAW'].map(
        (action) => ({
          action,
        }),
      ),
    );
    expect(await hub.eventsOf('enterprises', id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('gives the case to the agency that files it, and 90 days', async () => {
    const id = await suspected();
    const filed = await advance(jointLeader, id, 1, 'FILE');
    expect(filed).toMatchObject({ caseAgency: { id: 'x-ct' }, dueOn: fromToday(90), filedOn: fromToday(0) });
    expect(await hub.allowed(clerk, id)).toEqual(['NOTE_CORRECTION']);
    expect(await hub.allowed(joint, id)).toEqual(['NOTE_CORRECTION', 'NOTIFY']);
  });

  it('ends with a warning whose correction was checked', async () => {
    const id = await suspected();
    const warned = await advance(clerk, id, 1, 'WARN', {
      noteZh: '责令改正。',
      warning: 'ORDER_TO_CORRECT',
      dueOn: fromToday(10),
    });
    expect(warned).toMatchObject({ stage: 'WARNED', dueOn: fromToday(10), notifiedOn: fromToday(0) });
    expect(await advance(clerk, id, 2, 'NOTE_CORRECTION')).toMatchObject({ stage: 'CORRECTED', dueOn: null });
  });
});

describe('an exemption', () => {
  it('of a minor violation needs no harm and a correction, and says what failed', async () => {
    const id = await suspected('x-ent-1', { severity: 'ORDINARY', harmCaused: 'SLIGHT' });
    const refused = await hub.refusal(leader, 'exemptFinding', { id, version: 1, ...exemption });
    expect(refused).toMatchObject({
      code: 'NOT_EXEMPTIBLE',
      failed: [{ code: 'NOT_CORRECTED' }, { code: 'NOT_MINOR' }, { code: 'HARM' }],
    });
    await advance(clerk, id, 1, 'NOTE_CORRECTION');
    const established = { severity: 'MINOR', harmCaused: 'NONE' };
    const exempted = await hub.change(leader, 'exemptFinding', {
      id,
      version: 2,
      ...exemption,
      ...established,
    });
    expect(exempted).toMatchObject({ stage: 'EXEMPTED', severity: 'MINOR', notifiedOn: fromToday(0) });
  });

  it('of a first violation is refused to an enterprise that another agency penalised in the look-back', async () => {
    const earlier = await notified('x-ent-2');
    await hub.sql(`update enterprises.findings set statement_until = '2020-01-01' where id = '${earlier}'`);
    await hub.change(leader, 'penaliseFinding', { id: earlier, version: 3, ...fine });
    const id = await suspected('x-ent-2');
    await advance(joint, id, 1, 'NOTE_CORRECTION');
    expect(await hub.refusal(jointLeader, 'exemptFinding', { id, version: 2, ...first })).toMatchObject({
      code: 'NOT_EXEMPTIBLE',
      failed: [{ code: 'NOT_FIRST' }],
    });
    // What lies before the look-back does not count.
    await hub.sql(
      `update enterprises.findings set penalty_decided_on = '${fromToday(-731)}' where id = '${earlier}'`,
    );
    expect(await hub.change(jointLeader, 'exemptFinding', { id, version: 2, ...first })).toMatchObject({
      stage: 'EXEMPTED',
    });
  });

  it('of a first violation is given once, also when two are decided on at the same time', async () => {
    const ids = [await suspected('x-ent-3'), await suspected('x-ent-3')];
    for (const id of ids) await advance(clerk, id, 1, 'NOTE_CORRECTION');
    const answers = await Promise.all(
      ids.map((id) => hub.attempt(leader, 'exemptFinding', { id, version: 2, ...first })),
    );
    expect(answers.map(({ code }) => code).toSorted()).toEqual(['NOT_EXEMPTIBLE', undefined]);
  });

  it.each([
    ['too short', { ...first, toleranceUntil: fromToday(364) }],
    ['too long', { ...first, toleranceUntil: fromToday(731) }],
    ['missing', { ...first, toleranceUntil: null }],
    ['of a minor violation', { ...exemption, toleranceUntil: fromToday(400) }],
  ])('has no tolerance period that is %s', async (_, input) => {
    const id = await suspected('x-ent-4');
    const refused = await hub.refusal(leader, 'exemptFinding', { id, version: 1, ...input });
    expect(refused).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ path: 'input.toleranceUntil' }] });
  });

  it('is not decided by who recorded the finding', async () => {
    const id = await suspected('x-ent-5');
    const both = { ...clerk, role: 'leader' as const };
    expect(await hub.refusal(both, 'exemptFinding', { id, version: 1, ...exemption })).toMatchObject({
      code: 'SECOND_PERSON',
    });
  });
});

describe('it refuses', () => {
  it('to penalise while the enterprise may still state its case', async () => {
    const id = await notified('x-ent-6');
    expect(await hub.refusal(leader, 'penaliseFinding', { id, version: 3, ...fine })).toMatchObject({
      code: 'WRONG_STAGE',
      allowed: ['DISMISS', 'EXEMPT'],
    });
  });

  it('a penalty by who notified the enterprise, and one without its amount', async () => {
    const id = await notified('x-ent-7');
    await hub.sql(`update enterprises.findings set statement_until = '2020-01-01' where id = '${id}'`);
    const both = { ...clerk, role: 'leader' as const };
    expect(await hub.refusal(both, 'penaliseFinding', { id, version: 3, ...fine })).toMatchObject({
      code: 'SECOND_PERSON',
    });
    const wrong = { kinds: ['FINE'], documentNo: 'x' };
    const refused = await hub.refusal(leader, 'penaliseFinding', { id, version: 3, ...wrong });
    expect(refused.problems?.map(({ path }) => path)).toEqual(['input.documentNo', 'input.amount']);
  });

  it('a second statement, and one after the days for it', async () => {
    const id = await notified();
    const statement = { id, action: 'STATE_CASE', noteZh: '不认可。' };
    await hub.change(enterprise, 'advanceFinding', { ...statement, version: 3 });
    expect(await hub.refusal(enterprise, 'advanceFinding', { ...statement, version: 4 })).toMatchObject({
      code: 'WRONG_STAGE',
    });
    const late = await notified();
    await hub.sql(
      `update enterprises.findings set statement_until = '${fromToday(-1)}' where id = '${late}'`,
    );
    expect(
      await hub.refusal(enterprise, 'advanceFinding', { ...statement, id: late, version: 3 }),
    ).toMatchObject({ code: 'WRONG_STAGE' });
  });

  it('what agencies that took no part would do, and keys of others', async () => {
    const id = await notified();
    const file = { id, version: 3, action: 'DISMISS', noteZh: '理由。' };
    expect(await hub.refusal(stranger, 'advanceFinding', file)).toMatchObject({ code: 'NOT_FOUND' });
    const statement = { id, version: 3, action: 'STATE_CASE', noteZh: '不认可。' };
    expect(await hub.refusal(keyOf('x-ent-8'), 'advanceFinding', statement)).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('what the hub does by itself', async () => {
    const id = await suspected();
    expect(await hub.refusal(leader, 'advanceFinding', { id, version: 1, action: 'LAPSE' })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('personal data, and a finding of an inspection that is not there', async () => {
    const { id: inspectionId } = await inspected(second, inspection());
    const personal = { inspectionId, titleZh: '负责人电话 13800138000' };
    expect(await hub.refusal(clerk, 'addFinding', personal)).toMatchObject({ code: 'PERSONAL_DATA' });
    expect(
      await hub.refusal(clerk, 'addFinding', { inspectionId: 'ins-none', titleZh: '问题' }),
    ).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an enterprise', () => {
  it('sees a finding from its notification on: not before, not in numbers, and no step before', async () => {
    const key = keyOf('x-ent-9');
    const question = `{ enterprise(id: "x-ent-9") {
        findings { totalCount nodes { id stage history { action } } }
      } }`;
    const id = await suspected('x-ent-9');
    const hidden = { findings: { totalCount: 0, nodes: [] } };
    expect((await hub.hub.as(key).ask(question)).data?.enterprise).toEqual(hidden);
    await advance(leader, id, 1, 'FILE');
    expect((await hub.hub.as(key).ask(question)).data?.enterprise).toEqual(hidden);
    await advance(clerk, id, 2, 'NOTIFY', { noteZh: '告知。' });
    expect((await hub.hub.as(key).ask(question)).data?.enterprise).toEqual({
      findings: { totalCount: 1, nodes: [{ id, stage: 'NOTIFIED', history: [{ action: 'NOTIFY' }] }] },
    });
    expect((await hub.hub.as(keyOf('x-ent-10')).ask(question)).data?.enterprise).toMatchObject({
      findings: null,
    });
  });
});

describe('what others see', () => {
  it('is the case for the agencies that inspected, and nothing for another department', async () => {
    const id = await suspected('x-ent-11');
    const question = `{ finding(id: "${id}") { titleZh history { action } } }`;
    expect((await hub.hub.as(joint).ask(question)).data).toEqual({
      finding: { titleZh: '未按规定公示营业执照', history: [{ action: 'ADD' }] },
    });
    for (const who of [stranger, { department: 'FINANCE' as const }])
      expect((await hub.hub.as(who).ask(question)).data).toEqual({ finding: null });
  });
});

it('the summary counts what was done, and hides the sum of few penalties', async () => {
  const { data, errors } = await hub.hub.as('MARKET_REGULATION').ask(
    `{ enforcementSummary(region: "370212", from: "${fromToday(-1)}", groupBy: [AGENCY, YEAR]) {
      total { inspections recordedOnTime findings exemptions firstOffences firstOffenceShare penalties penaltySum penaltySumReasonZh }
      groups { agency { id } period figures { inspections penalties } } } }`,
  );
  expect(errors).toBeUndefined();
  const { total, groups } = (data?.enforcementSummary ?? {}) as {
    total: Record<string, number | string | null>;
    groups: { agency: { id: string } | null; period: string; figures: Record<string, number> }[];
  };
  expect(total.inspections).toBe(total.recordedOnTime);
  expect(total).toMatchObject({ penaltySum: null });
  expect(total.penaltySumReasonZh).toContain('不足 3 家');
  expect(Number(total.firstOffences)).toBe(2);
  expect(groups.map(({ agency, period }) => [agency?.id, period])).toEqual([
    ['x-ct', fromToday(0).slice(0, 4)],
    ['x-mr', fromToday(0).slice(0, 4)],
  ]);
});

it('an enterprise reads no event of a finding from before it was notified', async () => {
  const id = await notified();
  const stagesSeenBy = async (who: Official | typeof enterprise) => {
    const { data, errors } = await hub.hub
      .as(who)
      .ask('{ changes(types: [FINDING], first: 500) { nodes { id stage } } }');
    expect(errors).toBeUndefined();
    const { nodes } = (data as { changes: { nodes: { id: string; stage: string }[] } }).changes;
    return nodes.filter((event) => event.id === id).map(({ stage }) => stage);
  };
  expect(await stagesSeenBy(clerk)).toEqual(['SUSPECTED', 'FILED', 'NOTIFIED']);
  expect(await stagesSeenBy(enterprise)).toEqual(['NOTIFIED']);
  expect(await stagesSeenBy(keyOf('ent-cfg-system'))).toEqual([]);
});

it('an enterprise that was warned reads nothing of the case that is filed after it, until it is notified', async () => {
  const id = await suspected('x-ent-12');
  const warned = keyOf('x-ent-12');
  const seen = async () => {
    const { data } = await hub.hub.as(warned).ask(`{
      enterprise(id: "x-ent-12") { findings(first: 10) { nodes { stage } } }
    }`);
    return { ...data, events: await hub.eventsReadBy(warned, 'enterprises', id) };
  };
  const at = (stage: string, ...events: readonly string[]) => ({
    enterprise: { findings: { nodes: [{ stage }] } },
    events,
  });
  const nothing = { enterprise: { findings: { nodes: [] } }, events: [] };
  expect(await seen()).toEqual(nothing);
  const order = { noteZh: '责令改正。', warning: 'ORDER_TO_CORRECT', dueOn: fromToday(5) };
  await advance(leader, id, 1, 'WARN', order);
  expect(await seen()).toEqual(at('WARNED', 'WARN'));
  await advance(jointLeader, id, 2, 'FILE');
  expect(await seen()).toEqual(nothing);
  const statement = { id, version: 99, action: 'STATE_CASE', noteZh: '申辩。' };
  expect(await hub.refusal(warned, 'advanceFinding', statement)).toMatchObject({ code: 'NOT_FOUND' });
  await advance(joint, id, 3, 'NOTIFY', { noteZh: '拟作行政处罚。' });
  expect(await seen()).toEqual(at('NOTIFIED', 'WARN', 'NOTIFY'));
});

it('a finding of which an enterprise was not told is not there for its key, whatever the change selects', async () => {
  const id = await suspected('x-ent-13');
  const untold = keyOf('x-ent-13');
  for (const selection of ['isReplay', 'step', '__typename', 'finding { __typename }', 'finding { id }']) {
    for (const action of ['STATE_CASE', 'NOTIFY']) {
      const { errors } = await hub.hub
        .as(untold)
        .ask(`mutation ($input: AdvanceFindingInput!) { advanceFinding(input: $input) { ${selection} } }`, {
          input: { id, version: 99, action, noteZh: '申辩。', key: `probe ${selection} ${action}` },
        });
      expect(errors?.map(({ extensions }) => extensions)).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
  }
});
