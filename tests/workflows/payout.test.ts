import { today } from '@wenshu/kit/today.ts';
import type { Role } from '@wenshu/schema/caller.ts';
import { addWorkingDays, standardCalendar } from '@wenshu/schema/working-days.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  keyOf,
  type PayoutHub,
  people,
  putInForce,
  type Run,
  runFields,
  startHubWithPayouts,
} from '../support/payouts.ts';
import { createSubgraphOf } from '../support/subgraphs.ts';
import type { Who } from '../support/workflow-hub.ts';

const { editor, cashier, leader, otherLeader, reviewer, auditor, publicity, stranger } = people;
const listed = ['ent-changxin-film', 'ent-yizhan-media', 'ent-hongwei-fund'];

let hub: PayoutHub;
let rule: string;
beforeAll(async () => {
  hub = await startHubWithPayouts({
    deadlines: {
      actions: { Payout: { MATCH: { days: 12 }, PUBLICISE: { days: 7 } } },
      terms: { Payout: { review: { days: 4, regions: { '110000': { days: 6 } } } } },
    },
  });
  for (const enterpriseId of listed) {
    await hub.run(publicity, 'recordListing', 'listing { id stage } step', {
      listId: 'x-list',
      enterpriseId,
      basisZh: '京怀文〔2026〕1号',
      holdsFrom: '2026-01-01',
    });
  }
  rule = await putInForce(hub, 'x-listed');
});
afterAll(() => hub[Symbol.asyncDispose]());

const run = async (input: Record<string, unknown>) => {
  const payload = await hub.run(editor, 'runMatching', runFields, input);
  return { ...(payload.matchingRun as Run), isReplay: payload.isReplay };
};

const payoutsOf = async (measureId: string): Promise<ReadonlyMap<string, string>> => {
  const rows = await hub.sql(
    `select id, enterprise_id from policies.payouts where measure_id = '${measureId}'`,
  );
  return new Map(rows.map(({ id, enterprise_id }) => [String(enterprise_id), String(id)]));
};

/** Returns what a field of the query answers. */
async function found(field: string, who: Who = editor): Promise<unknown> {
  const { data, errors } = await hub.hub.as(who).ask(`{ found: ${field} }`);
  if (errors) throw new Error(JSON.stringify(errors));
  return data?.found;
}

const tasksOf = async (who: Who, type: string) => {
  const { nodes } = (await found(`myTasks(type: ${type}) { nodes { type id actions } }`, who)) as {
    nodes: unknown[];
  };
  return nodes;
};

/** Returns the events of an object that the caller sees. */
const eventsOf = async (who: Who, type: string, id: string): Promise<readonly string[]> => {
  const list = await found(`changes(types: [${type}], first: 500) { nodes { id action stage } }`, who);
  const { nodes } = list as { nodes: { id: string; action: string; stage: string }[] };
  return nodes.filter((node) => node.id === id).map(({ action, stage }) => `${action} ${stage}`);
};

/** Puts a payout back to a stage, with what it has there. */
let made = 0;
async function aPayout(stage: string, terms: Record<string, string> = {}): Promise<string> {
  const id = `p-${made++}`;
  const given = {
    needs_confirmation: 'true',
    is_publicised: 'false',
    review_until: "'2026-01-10'",
    enterprise_id: `'ent-${id}'`,
    paid_on: ['PAID', 'AUDITED'].includes(stage) ? "'2026-02-02'" : 'null',
    ...terms,
  };
  await hub.sql(`insert into policies.payouts
    (id, policy_id, measure_id, region_code, amount, stage, paying_agency_id, auditor_id, rule_id, matched_on, period, ${Object.keys(given).join(', ')})
    values ('${id}', 'x-pol', 'x-listed', '110116', 100000, '${stage}', 'x-payer', 'x-auditor', '${rule}', '2026-01-05', '2026', ${Object.values(given).join(', ')})`);
  return id;
}

describe('a run of matching', () => {
  it('as a trial counts who meets the conditions, and says which facts are missing and whose they are', async () => {
    expect(await run({ measureId: 'x-listed' })).toMatchObject({
      stage: 'DONE',
      nextAfter: null,
      tested: 8,
      met: 3,
      unknown: 5,
      likely: 0,
      notMet: 0,
      gaps: [
        { field: 'enterprise.onList', owner: 'PROPAGANDA', unknown: 5, likely: 0 },
        { field: 'enterprise.regionCode', owner: 'MARKET_REGULATION', unknown: 0, likely: 3 },
      ],
    });
    expect((await payoutsOf('x-listed')).size).toBe(0);
  });

  it('makes a payout for each that meets all conditions, once for a period, and keeps the conditions and the facts', async () => {
    const key = 'the-run';
    expect(await run({ measureId: 'x-listed', dryRun: false, key })).toMatchObject({
      met: 3,
      alreadyMatched: 0,
    });
    expect(await run({ measureId: 'x-listed', dryRun: false, key })).toMatchObject({
      met: 3,
      isReplay: true,
    });
    expect(await run({ measureId: 'x-listed', dryRun: false })).toMatchObject({ met: 3, alreadyMatched: 3 });
    const found = await payoutsOf('x-listed');
    expect([...found.keys()].toSorted()).toEqual(listed.toSorted());
    const id = found.get('ent-changxin-film') ?? '';
    const { data } = await hub.hub.as(editor).ask(
      `query ($id: ID!) { payout(id: $id) {
        stage amount period needsConfirmation reviewers { id } auditor { id } rule { id }
        conditions { field verdict textZh } history { action agency { id } }
      } }`,
      { id },
    );
    expect(data).toEqual({
      payout: {
        stage: 'MATCHED',
        amount: '100000',
        period: expect.stringMatching(/^\d{4}$/),
        needsConfirmation: true,
        reviewers: [{ id: 'x-reviewer' }],
        auditor: { id: 'x-auditor' },
        rule: { id: rule },
        conditions: [
          { field: 'enterprise.regionCode', verdict: 'MET', textZh: expect.any(String) },
          { field: 'enterprise.onList', verdict: 'MET', textZh: '列入白名单' },
        ],
        history: [{ action: 'MATCH', agency: { id: 'x-payer' } }],
      },
    });
    const [step] = await hub.sql(`select details from policies.payout_steps where object_id = '${id}'`);
    expect(step?.details).toMatchObject({
      evidence: {
        facts: expect.arrayContaining([
          { coordinate: 'Enterprise.kind', id: 'ent-changxin-film', version: 1, value: 'ENTERPRISE' },
        ]),
      },
    });
    expect(await hub.eventsOf('policies', id)).toEqual([1]);
  });

  it('sets the days that the deployment says, as does the publicity', async () => {
    const dayIn = (days: number) => addWorkingDays(today(), days, standardCalendar);
    expect(
      await hub.sql(
        `select distinct due_on::text, review_until::text from policies.payouts where measure_id = 'x-listed' and run_id is not null`,
      ),
    ).toEqual([{ due_on: dayIn(12), review_until: dayIn(6) }]);
    const id = await aPayout('CONFIRMED', { is_publicised: 'true' });
    expect(await hub.advance(editor, id, 1, 'PUBLICISE')).toMatchObject({
      dueOn: dayIn(7),
      publicUntil: dayIn(7),
    });
  });

  it('goes over many enterprises page by page, and takes no page twice', async () => {
    await putInForce(hub, 'x-kind', { budget: '300000', isPublicised: false });
    const first = await run({ measureId: 'x-kind', dryRun: false });
    expect(first).toMatchObject({ stage: 'RUNNING', tested: 200, version: 1 });
    const next = { measureId: 'x-kind', dryRun: false, runId: first.id, after: first.nextAfter };
    const task = { type: 'MATCHING_RUN', id: first.id, actions: ['CONTINUE'] };
    expect(await tasksOf(editor, 'MATCHING_RUN')).toEqual([task]);
    expect(await tasksOf(stranger, 'MATCHING_RUN')).toEqual([]);
    expect(
      await found(`matchingRuns(filter: { stage: { eq: RUNNING } }, orderBy: { field: RAN_ON }) {
      nodes { id dryRun measure { id } } totalCount }`),
    ).toEqual({
      nodes: [{ id: first.id, dryRun: false, measure: { id: 'x-kind' } }],
      totalCount: 1,
    });
    expect(await found(`node(id: "${first.id}") { id ... on MatchingRun { stage } }`)).toEqual({
      id: first.id,
      stage: 'RUNNING',
    });
    expect(
      await hub.refused(editor, 'runMatching', {
        ...next,
        after: undefined,
        version: 1,
        measureId: 'x-kind',
      }),
    ).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ path: 'input.after' }] });
    await hub.sql(`update policies.payment_rules set stage = 'ENDED' where measure_id = 'x-kind'`);
    expect(await hub.refused(editor, 'runMatching', { ...next, version: 1 })).toMatchObject({
      code: 'WRONG_STAGE',
    });
    expect(await tasksOf(editor, 'MATCHING_RUN')).toEqual([]);
    await hub.sql(`update policies.payment_rules set stage = 'IN_FORCE' where measure_id = 'x-kind'`);
    const last = await run({ ...next, version: 1 });
    expect(last).toMatchObject({ id: first.id, stage: 'DONE', met: 205, nextAfter: null });
    expect((await payoutsOf('x-kind')).size).toBe(205);
    expect(await eventsOf(editor, 'MATCHING_RUN', first.id)).toEqual(['START RUNNING', 'FINISH DONE']);
    expect(await eventsOf(stranger, 'MATCHING_RUN', first.id)).toEqual([]);
    expect(await tasksOf(editor, 'MATCHING_RUN')).toEqual([]);
    expect(await hub.refused(editor, 'runMatching', { ...next, version: 2 })).toMatchObject({
      code: 'WRONG_STAGE',
    });
  });

  it('is refused to others, and says all that a measure lacks', async () => {
    expect(await hub.refused(stranger, 'runMatching', { measureId: 'x-listed' })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await hub.refused(leader, 'runMatching', { measureId: 'x-listed' })).toMatchObject({
      code: 'FORBIDDEN',
    });
    const refusal = await hub.refused(editor, 'runMatching', { measureId: 'x-draft-m', synthetic: true });
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(String(refusal.messageZh)).toMatch(
      /没有有效的兑付规则.*不是现行有效.*适用地区.*企业条件.*须与措施一致/,
    );
  });

  it('without the facts of other departments says which are missing, and whose', async () => {
    const policies = createSubgraphOf.policies({ url: hub.hub.database.urls.policies });
    const { editor: asked } = people;
    const answer = await policies.execute(
      {
        query:
          'mutation { runMatching(input: { key: "no-facts", measureId: "x-listed", dryRun: false }) { step } }',
        kind: 'mutation',
      },
      { caller: { ...asked, kind: 'department', user: asked.sub } },
    );
    await policies.close();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'EVIDENCE_MISSING' } }]);
  });
});

describe('the way of a payout', () => {
  it('leads from the enterprise over publicity, approval and payment to the audit', async () => {
    const enterpriseId = 'ent-yizhan-media';
    const id = (await payoutsOf('x-listed')).get(enterpriseId) ?? '';
    const enterprise = keyOf(enterpriseId);
    const own = { stage: 'MATCHED', amount: '100000', allowedActions: ['CONFIRM', 'DECLINE'] };
    expect(await hub.ownOf(enterpriseId)).toEqual([own]);
    expect(await hub.advance(enterprise, id, 1, 'CONFIRM')).toMatchObject({ stage: 'CONFIRMED' });
    expect(await hub.refusal(leader, 'advancePayout', { id, version: 2, action: 'APPROVE' })).toMatchObject({
      code: 'WRONG_STAGE',
    });
    expect(await hub.advance(editor, id, 2, 'PUBLICISE')).toMatchObject({ stage: 'OBJECTION' });
    expect(await hub.advance(reviewer, id, 3, 'OBJECT', '有企业反映重复享受。')).toMatchObject({
      isObjected: true,
    });
    await hub.letDaysPass(id);
    // An objection that nobody decided on holds up the approval.
    expect(await hub.refusal(leader, 'advancePayout', { id, version: 4, action: 'APPROVE' })).toMatchObject({
      code: 'WRONG_STAGE',
    });
    await hub.advance(leader, id, 4, 'DISMISS_OBJECTION', '经核实没有重复。');
    expect(await hub.advance(leader, id, 5, 'APPROVE')).toMatchObject({ stage: 'PAYABLE' });
    const paid = await hub.change(cashier, 'payPayout', {
      id,
      version: 6,
      paidOn: today(),
      voucherNo: '京财〔2026〕18号',
    });
    expect(paid).toMatchObject({ stage: 'PAID', dueOn: null });
    const audited = await hub.advance(auditor, id, 7, 'AUDIT');
    expect(audited).toMatchObject({ stage: 'AUDITED', version: 8 });
    expect((audited.history as { action: string }[]).map(({ action }) => action)).toEqual([
      'MATCH',
      'CONFIRM',
      'PUBLICISE',
      'OBJECT',
      'DISMISS_OBJECTION',
      'APPROVE',
      'PAY',
      'AUDIT',
    ]);
    expect(await hub.eventsOf('policies', id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('without a confirmation leads from the match to the approval, after the days of review', async () => {
    const id = await aPayout('MATCHED', { needs_confirmation: 'false', review_until: "'2099-01-01'" });
    const confirmation = { id, version: 1, action: 'CONFIRM' };
    expect(await hub.refusal(keyOf(`ent-${id}`), 'advancePayout', confirmation)).toMatchObject({
      code: 'WRONG_STAGE',
    });
    const approval = { id, version: 1, action: 'APPROVE' };
    expect(await hub.refusal(leader, 'advancePayout', approval)).toMatchObject({ code: 'WRONG_STAGE' });
    await hub.sql(`update policies.payouts set review_until = '2026-01-10' where id = '${id}'`);
    expect(await hub.change(leader, 'advancePayout', approval)).toMatchObject({ stage: 'PAYABLE' });
  });

  it('ends where an enterprise declines, an objection holds, or a named agency vetoes with reason and basis', async () => {
    const declined = await aPayout('MATCHED');
    expect(await hub.advance(keyOf(`ent-${declined}`), declined, 1, 'DECLINE')).toMatchObject({
      stage: 'DECLINED',
      dueOn: null,
    });
    const objected = await aPayout('OBJECTION', { is_objected: 'true', is_publicised: 'true' });
    const upheld = await hub.advance(leader, objected, 1, 'UPHOLD_OBJECTION', '确有重复享受。');
    expect(upheld).toMatchObject({ stage: 'VETOED', isObjected: false });
    const vetoed = await aPayout('MATCHED');
    const veto = { id: vetoed, version: 1, reasonZh: '提供虚假材料', basisZh: '怀市监〔2026〕3号' };
    expect(await hub.change(reviewer, 'vetoPayout', veto)).toMatchObject({
      stage: 'VETOED',
      basisZh: '怀市监〔2026〕3号',
    });
  });

  it('is clawed back after ten days or a reply, by another than who notified it', async () => {
    const id = await aPayout('PAID');
    const notice = { id, version: 1, amount: '100000.01', reasonZh: '材' };
    const wrong = await hub.refusal(leader, 'notifyClawBack', notice);
    expect(wrong.problems?.map(({ path }) => path)).toEqual(['input.reasonZh', 'input.amount']);
    await hub.change(leader, 'notifyClawBack', { ...notice, amount: '60000', reasonZh: '材料不实。' });
    const clawBack = { id, version: 2, action: 'CLAW_BACK', noteZh: '企业没有陈述意见。' };
    expect(await hub.refusal(otherLeader, 'advancePayout', clawBack)).toMatchObject({ code: 'WRONG_STAGE' });
    expect(await hub.advance(keyOf(`ent-${id}`), id, 2, 'REPLY', '材料属实。')).toMatchObject({ version: 3 });
    const drop = { ...clawBack, version: 3, action: 'DROP_CLAW_BACK' };
    expect(await hub.refusal(leader, 'advancePayout', drop)).toMatchObject({ code: 'SECOND_PERSON' });
    expect(await hub.refusal(leader, 'advancePayout', { ...clawBack, version: 3 })).toMatchObject({
      code: 'SECOND_PERSON',
    });
    expect(await hub.advance(otherLeader, id, 3, 'CLAW_BACK', '材料确有不实。')).toMatchObject({
      stage: 'CLAWED_BACK',
      clawBackAmount: '60000',
    });
    const silent = await aPayout('AUDITED');
    await hub.change(editor, 'notifyClawBack', {
      id: silent,
      version: 1,
      amount: '1',
      reasonZh: '多付一元。',
    });
    await hub.letDaysPass(silent);
    expect(await hub.advance(leader, silent, 2, 'CLAW_BACK', '逾期未陈述。')).toMatchObject({
      stage: 'CLAWED_BACK',
    });
  });
});

describe('money', () => {
  it('needs two people: who ran the matching does not approve, who approves does not pay', async () => {
    const id = (await payoutsOf('x-listed')).get('ent-hongwei-fund') ?? '';
    await hub.sql(
      `update policies.payouts set stage = 'CONFIRMED', is_publicised = false, review_until = '2026-01-10' where id = '${id}'`,
    );
    const approval = { id, version: 1, action: 'APPROVE' };
    const both = { ...leader, sub: editor.sub };
    expect(await hub.refusal(both, 'advancePayout', approval)).toMatchObject({ code: 'SECOND_PERSON' });
    await hub.change(leader, 'advancePayout', approval);
    const payment = { id, version: 2, paidOn: '2099-01-01', voucherNo: 'no spaces' };
    const same = { ...editor, sub: leader.sub };
    expect(await hub.refusal(same, 'payPayout', payment)).toMatchObject({ code: 'SECOND_PERSON' });
    const wrong = await hub.refusal(cashier, 'payPayout', payment);
    expect(wrong.problems?.map(({ path }) => path)).toEqual(['input.paidOn', 'input.voucherNo']);
  });

  it('stays within the budget, also with approvals at the same time; what is vetoed is free again', async () => {
    const ids = [...(await payoutsOf('x-kind')).values()].slice(0, 6);
    await hub.sql(
      `update policies.payouts set stage = 'CONFIRMED', review_until = '2026-01-10' where id in (${ids.map((id) => `'${id}'`).join()})`,
    );
    const approve = (id: string) =>
      hub.attempt(leader, 'advancePayout', { id, version: 1, action: 'APPROVE' });
    const answers = await Promise.all(ids.map(approve));
    expect(answers.map(({ code }) => code).toSorted()).toEqual([
      'OVER_BUDGET',
      'OVER_BUDGET',
      'OVER_BUDGET',
      undefined,
      undefined,
      undefined,
    ]);
    const at = (approved: boolean) =>
      ids[answers.findIndex(({ code }) => (code === undefined) === approved)] ?? '';
    await hub.change(reviewer, 'vetoPayout', { id: at(true), version: 2, reasonZh: '停业', basisZh: '登记' });
    expect(await approve(at(false))).toEqual({});
    const [budget] = await hub.sql(
      `select committed from policies.payment_rules where measure_id = 'x-kind'`,
    );
    expect(budget?.committed).toBe('300000');
  });
});

it('a blacklisted enterprise is vetoed by the hub itself, and not matched while it is listed', async () => {
  const id = (await payoutsOf('x-listed')).get('ent-changxin-film') ?? '';
  const policies = createSubgraphOf.policies({ url: hub.hub.database.urls.policies });
  const note = (isBlacklisted: boolean, caller: object, basisZh = '黑名单第1号') =>
    policies.execute(
      {
        query: `mutation { noteBlacklisting(input: { key: "event-${isBlacklisted}", enterpriseId: "ent-changxin-film",
          isBlacklisted: ${isBlacklisted}, basisZh: "${basisZh}" }) { vetoed isReplay } }`,
        kind: 'mutation',
      },
      { caller: caller as { kind: 'system' } },
    );
  expect(await note(true, { kind: 'system' })).toEqual({
    data: { noteBlacklisting: { vetoed: 1, isReplay: false } },
  });
  // The worker repeats an event: nothing is done again, and the answer is the first one.
  expect(await note(true, { kind: 'system' })).toEqual({
    data: { noteBlacklisting: { vetoed: 1, isReplay: true } },
  });
  const reused = await note(true, { kind: 'system' }, '另一依据');
  expect(reused.errors?.[0]?.extensions.code).toBe('KEY_REUSED');
  const { data } = await hub.hub
    .as(editor)
    .ask(`{ payout(id: "${id}") { stage basisZh history { action } } }`);
  expect(data).toEqual({
    payout: {
      stage: 'VETOED',
      basisZh: '黑名单第1号',
      history: [{ action: 'MATCH' }, { action: 'VETO_BLACKLISTED' }],
    },
  });
  expect(await run({ measureId: 'x-listed' })).toMatchObject({ met: 2, blacklisted: 1 });
  await note(false, { kind: 'system' });
  expect(await run({ measureId: 'x-listed' })).toMatchObject({ met: 3, blacklisted: 0 });
  await policies.close();
  // No person is the hub, whatever role the token names.
  const pretender = { ...leader, role: 'system' as Role };
  expect(
    await hub.refused(pretender, 'noteBlacklisting', {
      enterpriseId: 'ent-changxin-film',
      isBlacklisted: true,
      basisZh: '黑名单',
    }),
  ).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(
    await hub.refused(leader, 'noteBlacklisting', {
      enterpriseId: 'ent-changxin-film',
      isBlacklisted: true,
      basisZh: '黑名单',
    }),
  ).toMatchObject({ code: 'FORBIDDEN' });
});

it('a payout that was matched while its enterprise came on the blacklist is vetoed by the next sweep', async () => {
  const policies = createSubgraphOf.policies({ url: hub.hub.database.urls.policies });
  const id = await aPayout('MATCHED', {});
  await hub.sql(`insert into policies.barred_enterprises (enterprise_id, basis_zh)
    select enterprise_id, '黑名单第2号' from policies.payouts where id = '${id}'`);
  await policies.sweep();
  await policies.close();
  await hub.sql("delete from policies.barred_enterprises where basis_zh = '黑名单第2号'");
  const { data } = await hub.hub
    .as(editor)
    .ask(`{ payout(id: "${id}") { stage basisZh history { action noteZh } } }`);
  expect(data).toMatchObject({
    payout: {
      stage: 'VETOED',
      basisZh: '黑名单第2号',
      history: [{ action: 'VETO_BLACKLISTED', noteZh: '企业列入黑名单。' }],
    },
  });
});

describe('what others see', () => {
  const seen = async (who: Parameters<typeof hub.hub.as>[0], id: string) => {
    const { data } = await hub.hub.as(who).ask(`{ payout(id: "${id}") { id voucherNo amount } }`);
    return data?.payout;
  };

  it('the named agencies see a payout whole, its enterprise its own, and nobody else any', async () => {
    const id = await aPayout('PAID', { voucher_no: "'京财〔2026〕18号'" });
    const whole = { id, voucherNo: '京财〔2026〕18号', amount: '100000' };
    for (const who of [editor, reviewer, auditor, publicity]) expect(await seen(who, id)).toEqual(whole);
    expect(await seen(keyOf('ent-pico'), id)).toBeNull();
    expect(await seen(stranger, id)).toBeNull();
    expect(
      await hub.refusal(stranger, 'vetoPayout', { id, version: 1, reasonZh: '理由', basisZh: '依据' }),
    ).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('everybody sees sums and counts of three or more, and cannot compute the others', async () => {
    const summary = (groupBy: string, who: Parameters<typeof hub.hub.as>[0] = stranger) =>
      hub.hub.as(who).ask(`{ payoutSummary(year: 2026, groupBy: ${groupBy}) {
        total { matched paid vetoed budget } groups { measure { id } region { code } figures { matched vetoed paidAmount budget budgetUsed } } } }`);
    const { data, errors } = await summary('MEASURE');
    expect(errors).toBeUndefined();
    const { groups, total } = (data as { payoutSummary: unknown }).payoutSummary as {
      total: { matched: number };
      groups: { measure: { id: string }; figures: Record<string, unknown> }[];
    };
    const kind = groups.find(({ measure }) => measure.id === 'x-kind');
    expect(total.matched).toBeGreaterThan(205);
    expect(kind?.figures).toMatchObject({ matched: 205, budget: '300000', budgetUsed: '100.00' });
    // One payout of the kind was vetoed, so neither this number nor that of the other measure is shown.
    expect(groups.map(({ figures }) => figures.vetoed)).toEqual([null, null]);
    expect(await summary('MEASURE', publicity)).toEqual({ data });
    const { data: byRegion } = await summary('REGION');
    expect(byRegion?.payoutSummary).toMatchObject({ total });
  });

  it('the gaps of the latest runs are counted, those of one or two enterprises are not shown', async () => {
    const { data } = await hub.hub
      .as(stranger)
      .ask('{ payoutSummary(year: 2026) { gaps { field owner unknown likely } } }');
    expect(data?.payoutSummary).toEqual({
      gaps: [
        { field: 'enterprise.onList', owner: 'PROPAGANDA', unknown: 5, likely: 0 },
        { field: 'enterprise.regionCode', owner: 'MARKET_REGULATION', unknown: 0, likely: 3 },
      ],
    });
  });
});

describe('a payment rule', () => {
  const terms = {
    measureId: 'x-silent',
    opensOn: '2026-12-01',
    closesOn: '2026-01-01',
    frequency: 'ONCE',
    needsConfirmation: false,
    isPublicised: false,
    amount: '0',
    budget: '-1',
    reviewerIds: ['x-nobody'],
  };

  it('is told all its problems at once, and is for agencies that the policy names', async () => {
    const refusal = await hub.refused(editor, 'proposePaymentRule', terms);
    expect((refusal.problems as { path: string }[]).map(({ path }) => path)).toEqual([
      'input.amount',
      'input.budget',
      'input.closesOn',
      'input.reviewerIds',
    ]);
    const right = { ...terms, closesOn: '2099-12-31', amount: '1', budget: '1', reviewerIds: [] };
    expect(await hub.refused(stranger, 'proposePaymentRule', right)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is approved by another than who proposed it, one at a time for a measure', async () => {
    const propose = { ...terms, measureId: 'x-listed', closesOn: '2099-12-31', amount: '1', budget: '1' };
    const { paymentRule } = await hub.run(editor, 'proposePaymentRule', 'paymentRule { id allowedActions }', {
      ...propose,
      reviewerIds: [],
    });
    const { id } = paymentRule as { id: string };
    const approve = { id, version: 1, action: 'APPROVE' };
    expect(await hub.refused({ ...leader, sub: editor.sub }, 'advancePaymentRule', approve)).toMatchObject({
      code: 'SECOND_PERSON',
    });
    expect(await hub.refused(leader, 'advancePaymentRule', approve)).toMatchObject({
      code: 'CONFLICT',
      rule,
    });
    await hub.run(leader, 'advancePaymentRule', 'paymentRule { stage }', {
      id,
      version: 1,
      action: 'REFUSE',
      noteZh: '已有有效规则。',
    });
  });
});

it('a place on a list has its days, is there once, and is ended with a reason', async () => {
  const place = {
    listId: 'x-list',
    enterpriseId: 'ent-zhongshu-cinema',
    basisZh: '京怀文〔2026〕2号',
    holdsFrom: '2026-01-01',
    holdsUntil: '2026-01-31',
  };
  const wrong = { ...place, listId: 'x-none', basisZh: '无', holdsUntil: '2025-01-01' };
  const refusal = await hub.refused(publicity, 'recordListing', wrong);
  expect((refusal.problems as { path: string }[]).map(({ path }) => path)).toEqual([
    'input.basisZh',
    'input.listId',
    'input.holdsUntil',
  ]);
  const { listing } = await hub.run(publicity, 'recordListing', 'listing { id version stage }', place);
  const { id } = listing as { id: string };
  expect(await hub.refused(publicity, 'recordListing', place)).toMatchObject({
    code: 'CONFLICT',
    listing: id,
  });
  // Its last day is over, so somebody ends it, or puts the enterprise on the list anew.
  const task = { type: 'LISTING', id, actions: ['END'] };
  expect(await tasksOf(publicity, 'LISTING')).toEqual([task]);
  const onList = 'listings(filter: { listId: { eq: "x-list" } }, first: 1) { totalCount }';
  expect(await found(onList, publicity)).toEqual({ totalCount: 4 });
  const over = 'filter: { holdsUntil: { lt: "2026-02-01" } }, orderBy: { field: HOLDS_UNTIL }';
  const ofEnterprise = 'nodes { id enterprise { id } }';
  const nodes = [{ id, enterprise: { id: 'ent-zhongshu-cinema' } }];
  expect(await found(`listings(${over}) { ${ofEnterprise} }`, publicity)).toEqual({ nodes });
  expect(await found(`node(id: "${id}") { __typename id }`, publicity)).toEqual({
    __typename: 'Listing',
    id,
  });
  // A place whose days are over counts no more.
  expect(await run({ measureId: 'x-listed' })).toMatchObject({ met: 3 });
  await hub.sql(`update policies.qualifying_list_members set holds_until = null where id = '${id}'`);
  expect(await run({ measureId: 'x-listed' })).toMatchObject({ met: 4 });
  const ended = await hub.run(publicity, 'endListing', 'listing { stage history { action noteZh } }', {
    id,
    version: 1,
    reasonZh: '不再符合。',
  });
  expect(ended.listing).toEqual({
    stage: 'ENDED',
    history: [
      { action: 'RECORD', noteZh: null },
      { action: 'END', noteZh: '不再符合。' },
    ],
  });
  expect(await run({ measureId: 'x-listed' })).toMatchObject({ met: 3 });
  expect(await eventsOf(publicity, 'LISTING', id)).toEqual(['RECORD LISTED', 'END ENDED']);
  expect(await tasksOf(publicity, 'LISTING')).toEqual([]);
});
