import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  editor,
  enterprise,
  items,
  leader,
  scoresLess,
  startHubWithAssessments,
  supervisor,
} from '../support/dual-effects.ts';
import type { Official, Who } from '../support/workflow-hub.ts';

let hub: Awaited<ReturnType<typeof startHubWithAssessments>>;
beforeAll(async () => {
  hub = await startHubWithAssessments();
});
afterAll(() => hub[Symbol.asyncDispose]());

const otherLeader: Official = { ...leader, sub: 'decider' };
const finance: Official = { department: 'FINANCE', role: 'editor', sub: 'f-2' };

const shownTo = async (who: Who, id: string, fields: string) => {
  const { data } = await hub.hub
    .as(who)
    .ask(`query ($id: ID!) { dualEffectAssessment(id: $id) { ${fields} } }`, { id });
  return data?.dualEffectAssessment;
};

/** Returns what an enterprise reads of an assessment among its own; undefined if it is not there. */
const shownToEnterprise = async (id: string, fields: string, who: Who = enterprise) => {
  const { data } = await hub.hub
    .as(who)
    .ask(`{ enterprise(id: "x-soe") { assessments(first: 100) { nodes { id ${fields} } } } }`);
  const own = data?.enterprise as { assessments: { nodes: readonly { id: string }[] } | null } | null;
  return own?.assessments?.nodes.find((each) => each.id === id);
};

describe('the way of an assessment', () => {
  it('leads over the report, the scores and their approval to the notification, and by itself to its end', async () => {
    const id = await hub.opened();
    expect(await hub.report(enterprise, id)).toMatchObject({
      stage: 'SELF_REPORTED',
      version: 2,
      total: null,
    });
    const scored = await hub.change(editor, 'scoreDualEffect', { id, version: 2, scores: scoresLess(0.5) });
    expect(scored).toMatchObject({
      stage: 'SCORED',
      socialScore: '51.5',
      economicScore: '43.5',
      total: '95',
      gradeZh: '优秀',
    });
    const returned = await hub.advance(leader, id, 3, 'RETURN_SCORES', { noteZh: '受众反应偏高。' });
    expect(returned).toMatchObject({ stage: 'SELF_REPORTED', total: null, gradeZh: null });
    const capped = { hasContentFault: true, resultCap: '59.9' };
    const again = { id, version: 4, scores: scoresLess(1), ...capped };
    expect(await hub.change(editor, 'scoreDualEffect', again)).toMatchObject({
      total: '59.9',
      gradeZh: '不合格',
    });
    expect(await hub.advance(leader, id, 5, 'APPROVE')).toMatchObject({ stage: 'APPROVED' });
    expect(await hub.advance(editor, id, 6, 'NOTIFY')).toMatchObject({ stage: 'NOTIFIED', version: 7 });
    expect(await hub.allowed(editor, id)).toEqual([]);
    await hub.letPass(id);
    expect(await hub.allowed(editor, id)).toEqual(['CLOSE']);
    expect(await hub.advance(editor, id, 7, 'CLOSE')).toMatchObject({ stage: 'FINAL', dueOn: null });
    expect(await hub.eventsOf('enterprises', id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await shownTo(editor, id, 'history { action } items { selfScore score }')).toMatchObject({
      history: [
        { action: 'OPEN' },
        { action: 'REPORT' },
        { action: 'SCORE' },
        { action: 'RETURN_SCORES' },
        { action: 'SCORE' },
        { action: 'APPROVE' },
        { action: 'NOTIFY' },
        { action: 'CLOSE' },
      ],
      items: expect.arrayContaining([{ selfScore: '15', score: '14' }]),
    });
  });

  it('says nothing to its enterprise of scores that were returned, of why, and of who approved', async () => {
    const id = await hub.opened();
    await hub.report(enterprise, id);
    await hub.change(editor, 'scoreDualEffect', {
      id,
      version: 2,
      scores: scoresLess(0.5),
      noteZh: '受众反应偏高。',
    });
    await hub.advance(leader, id, 3, 'RETURN_SCORES', { noteZh: '受众反应偏高,请核减。' });
    const bothOf = (...actions: readonly string[]) => ({
      events: actions,
      own: { id, history: actions.map((action) => ({ action })) },
    });
    const read = async () => ({
      events: await hub.eventsReadBy(enterprise, 'enterprises', id),
      own: await shownToEnterprise(id, 'history { action }'),
    });
    expect(await read()).toEqual(bothOf('OPEN', 'REPORT'));
    await hub.change(editor, 'scoreDualEffect', { id, version: 4, scores: scoresLess(1) });
    expect(await read()).toEqual({ events: [], own: undefined });
    await hub.advance(leader, id, 5, 'APPROVE');
    await hub.advance(editor, id, 6, 'NOTIFY');
    expect(await read()).toEqual(bothOf('OPEN', 'REPORT', 'NOTIFY'));
  });

  it('may lead over an appeal, which a leader decides who neither scored nor approved, with corrected scores', async () => {
    const id = await hub.notified();
    const appeal = { id, version: 5, textZh: '受众反应一项应为满分。' };
    expect(await hub.change(enterprise, 'appealDualEffect', appeal)).toMatchObject({ stage: 'APPEALED' });
    // It appeals once.
    expect(await hub.refusal(enterprise, 'appealDualEffect', { ...appeal, version: 6 })).toMatchObject({
      code: 'WRONG_STAGE',
    });
    const decision = { id, version: 6, outcome: 'UPHELD', answerZh: '更正。', scores: scoresLess(0) };
    const scorer: Official = { ...leader, sub: 'scorer' };
    for (const who of [scorer, leader])
      expect(await hub.refusal(who, 'decideDualEffectAppeal', decision)).toMatchObject({
        code: 'SECOND_PERSON',
      });
    expect(await hub.change(otherLeader, 'decideDualEffectAppeal', decision)).toMatchObject({
      stage: 'FINAL',
      total: '100',
    });
    expect(await shownToEnterprise(id, 'appealOutcome appealAnswerZh total')).toEqual({
      id,
      appealOutcome: 'UPHELD',
      appealAnswerZh: '更正。',
      total: '100',
    });
  });

  it('may begin with the report of the supervising agency, or without one when the day has passed', async () => {
    const id = await hub.opened();
    expect(await hub.report(supervisor, id)).toMatchObject({ stage: 'SELF_REPORTED' });
    const silent = await hub.opened();
    const score = { id: silent, version: 1, scores: scoresLess(2) };
    expect(await hub.refusal(editor, 'scoreDualEffect', score)).toMatchObject({
      code: 'WRONG_STAGE',
      messageZh: expect.stringContaining('自评期限未满'),
    });
    await hub.letPass(silent);
    expect(await hub.change(editor, 'scoreDualEffect', score)).toMatchObject({
      stage: 'SCORED',
      total: '80',
    });
  });
});

describe('what others see', () => {
  it('an enterprise of what is scored nothing until it is notified, then its scores', async () => {
    const id = await hub.opened();
    expect(await shownToEnterprise(id, 'stage total')).toMatchObject({ stage: 'OPENED', total: null });
    await hub.report(enterprise, id);
    expect(await shownToEnterprise(id, 'stage total')).toMatchObject({ stage: 'SELF_REPORTED', total: null });
    await hub.change(editor, 'scoreDualEffect', { id, version: 2, scores: scoresLess(1) });
    expect(await shownToEnterprise(id, 'stage total')).toBeUndefined();
    await hub.advance(leader, id, 3, 'APPROVE');
    expect(await shownToEnterprise(id, 'stage total')).toBeUndefined();
    await hub.advance(editor, id, 4, 'NOTIFY');
    expect(await shownToEnterprise(id, 'stage total items { score }')).toMatchObject({
      stage: 'NOTIFIED',
      total: '90',
      items: expect.arrayContaining([{ score: '14' }]),
    });
    const other = { ...enterprise, enterpriseId: 'ent-pico', keyId: 'other' };
    expect(await shownToEnterprise(id, 'stage', other)).toBeUndefined();
  });

  it('a named agency the case without fault, cap and notes; others nothing without an agreement', async () => {
    const id = await hub.scored();
    expect(await shownTo(supervisor, id, 'stage hasContentFault resultCap history { noteZh }')).toMatchObject(
      {
        stage: 'SCORED',
        resultCap: null,
        history: Array(3).fill({ noteZh: null }),
      },
    );
    const query = 'query ($id: ID!) { dualEffectAssessment(id: $id) { hasContentFault } }';
    expect((await hub.hub.as(supervisor).ask(query, { id })).errors).toMatchObject([
      { extensions: { code: 'NOT_SHARED', class: 'WITHHELD' } },
    ]);
    expect(await shownTo(finance, id, 'stage')).toBeNull();
  });
});

describe('what is refused', () => {
  const problems = (refused: { problems?: readonly { path: string; code: string }[] }) =>
    refused.problems?.map(({ path, code }) => `${path} ${code}`);
  const opening = { enterpriseId: 'x-soe', year: 1999, items };

  it('indicators that are too few, weigh too much or too little, or stand twice', async () => {
    const wrong = items.slice(1).map((item) => ({ ...item, nameZh: '同名' }));
    const refused = await hub.refusal(editor, 'openDualEffectAssessment', { ...opening, items: wrong });
    expect(problems(refused)?.filter((each) => !each.includes('DUPLICATE'))).toEqual(
      Array(3).fill('input.items VALUE'),
    );
    expect(problems(refused)?.filter((each) => each.includes('DUPLICATE'))).toHaveLength(8);
    const mostlyEconomic = items.map((item, at) => ({ ...item, weight: at < 7 ? '7' : '17' }));
    expect(
      problems(await hub.refusal(editor, 'openDualEffectAssessment', { ...opening, items: mostlyEconomic })),
    ).toEqual(['input.items VALUE']);
  });

  it('an enterprise that is none of the state, and a second assessment for a year', async () => {
    const other = { ...opening, enterpriseId: 'ent-pico' };
    expect(problems(await hub.refusal(editor, 'openDualEffectAssessment', other))).toEqual([
      'input.enterpriseId VALUE',
    ]);
    await hub.change(editor, 'openDualEffectAssessment', opening);
    expect(problems(await hub.refusal(editor, 'openDualEffectAssessment', opening))).toEqual([
      'input.year DUPLICATE',
    ]);
    const elsewhere = { ...editor, region: '110105' };
    expect(
      await hub.refusal(elsewhere, 'openDualEffectAssessment', { ...opening, year: 1998 }),
    ).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('a score above its weight, one that is missing or unknown, and a fault without a cap', async () => {
    const id = await hub.opened();
    await hub.report(enterprise, id);
    const scores = [...scoresLess(0).slice(1), { seq: 77, score: '1' }].map((score) =>
      score.seq === 3 ? { ...score, score: '7.01' } : score,
    );
    const score = { id, version: 2, scores, hasContentFault: true };
    expect(problems(await hub.refusal(editor, 'scoreDualEffect', score))).toEqual([
      'input.scores VALUE',
      'input.scores.2.score VALUE',
      'input.scores.9.seq UNKNOWN',
      'input.resultCap MISSING',
    ]);
    const needless = { id, version: 2, scores: scoresLess(0), resultCap: '60' };
    expect(problems(await hub.refusal(editor, 'scoreDualEffect', needless))).toEqual([
      'input.resultCap VALUE',
    ]);
  });

  it('an approval by who scored, a report of others, an appeal after its days, a decision without scores', async () => {
    const id = await hub.scored();
    const approval = { id, version: 3, action: 'APPROVE' };
    expect(await hub.refusal({ ...leader, sub: 'scorer' }, 'advanceDualEffect', approval)).toMatchObject({
      code: 'SECOND_PERSON',
    });
    const open = await hub.opened();
    const report = { id: open, version: 1, reportZh: '报告内容。', scores: scoresLess(0) };
    expect(await hub.refusal(finance, 'reportDualEffect', report)).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await hub.refusal({ ...enterprise, actions: ['OBJECT'] }, 'reportDualEffect', report),
    ).toMatchObject({
      code: 'FORBIDDEN',
    });
    const late = await hub.notified();
    await hub.letPass(late);
    const appeal = { id: late, version: 5, textZh: '有异议。' };
    expect(await hub.refusal(enterprise, 'appealDualEffect', appeal)).toMatchObject({
      code: 'WRONG_STAGE',
      messageZh: expect.stringContaining('申诉期限已满'),
    });
    const viewer: Official = { department: 'PROPAGANDA', role: 'viewer' };
    expect(await hub.refusal(viewer, 'appealDualEffect', appeal)).toMatchObject({
      code: 'FORBIDDEN',
      messageZh: 'appealDualEffect 仅限含动作 OBJECT 的密钥。',
    });
    const appealed = await hub.notified();
    await hub.change(enterprise, 'appealDualEffect', { ...appeal, id: appealed });
    const decision = { id: appealed, version: 6, outcome: 'UPHELD', answerZh: '更正。' };
    expect(problems(await hub.refusal(otherLeader, 'decideDualEffectAppeal', decision))).toEqual([
      'input.scores MISSING',
    ]);
  });
});

it('the summary hides grades of few enterprises, and counts stages and what was on time, with a total', async () => {
  await hub.sql(`insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code)
      select 'x-soe-' || i, '剧院' || i, 'Theatre', 'SOE', '370212' from generate_series(1, 9) as i;
    insert into enterprises.dual_effect_assessments
      (id, enterprise_id, region_code, year, total, social_weight, has_content_fault, grade_zh)
      select 'x-old-' || i, 'x-soe-' || i, '370212', 1990, 60 + i, 50, false,
        case when i <= 4 then '合格' when i <= 8 then '良好' else '优秀' end
      from generate_series(1, 9) as i;
    insert into enterprises.dual_effect_assessments
      (id, enterprise_id, region_code, year, social_weight, has_content_fault, stage, due_on)
      values ('x-late', 'x-soe-1', '370212', 1991, 50, false, 'OPENED', '2026-01-05')`);
  const query = `{ dualEffectSummary(from: 1990, to: 1991) {
    groupCount
    total { count onTime late undated onTimeRate medianTotal }
    groups { year figures { count late byGrade { gradeZh count isSuppressed } byStage { stage count } } }
  } }`;
  const { data, errors } = await hub.hub.as(editor).ask(query);
  expect(errors).toBeUndefined();
  expect(data?.dualEffectSummary).toMatchObject({
    groupCount: 2,
    total: { count: 10, onTime: 0, late: 1, undated: 9, onTimeRate: '0.00', medianTotal: '65' },
    groups: [
      {
        year: 1990,
        figures: {
          count: 9,
          late: 0,
          byGrade: [
            // One enterprise is 优秀; the number of another grade is hidden with it.
            { gradeZh: '优秀', count: null, isSuppressed: true },
            { gradeZh: '良好', count: 4, isSuppressed: false },
            { gradeZh: '合格', count: null, isSuppressed: true },
            { gradeZh: '不合格', count: 0, isSuppressed: false },
          ],
        },
      },
      {
        year: 1991,
        figures: { count: 1, late: 1, byStage: expect.arrayContaining([{ stage: 'OPENED', count: 1 }]) },
      },
    ],
  });
  expect((await hub.hub.as(finance).ask(query)).errors).toMatchObject([
    { extensions: { code: 'NOT_SHARED' } },
  ]);
});
