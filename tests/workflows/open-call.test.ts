import { connect } from '@wenshu/kit/connect.ts';
import { createContext } from '@wenshu/kit/context.ts';
import { carryOut } from '@wenshu/kit/workflow/carry-out.ts';
import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { openCallTable } from '@wenshu/policies/workflows/open-call-table.ts';
import { claimWorkflow, openCallWorkflow } from '@wenshu/policies/workflows/open-calls.ts';
import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedActions, type Person, peopleOf } from '../support/workflow-cases.ts';
import { type Official, startWorkflowHub, type WorkflowHub } from '../support/workflow-hub.ts';

const region = '370212';
const stages = stagesOf(openCallTable);
const claimed = { object: 'openCallClaim', selection: 'enterprise { id } planZh history { action }' };

let hub: WorkflowHub;
beforeAll(async () => {
  hub = await startWorkflowHub({
    object: 'openCall',
    list: 'openCalls',
    selection: 'claimant { id } rewardPaidOn history { action }',
    others: { claimOpenCall: claimed, withdrawClaim: claimed },
    rows: `insert into policies.agencies (id, name_zh, name_en, kind, region_code) values
      ('x-science', '科技局', 'Science', 'DEPARTMENT', '${region}'), ('x-helper', '文促中心', 'Helper', 'DEPARTMENT', '${region}')`,
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const editor: Official = { department: 'SCIENCE', role: 'editor', agency: 'x-science', sub: 'editor-1' };
const leader: Official = { department: 'SCIENCE', role: 'leader', agency: 'x-science', sub: 'leader-1' };
const helper: Official = { department: 'CULTURE_PROMOTION', role: 'editor', agency: 'x-helper', sub: 'h-1' };
const keyOf = (enterpriseId: string, actions: PartnerCaller['actions'] = ['CLAIM_CALL']) => ({
  enterpriseId,
  actions,
  keyId: `key of ${enterpriseId}`,
  scopes: ['OpenCall', 'OpenCallStep', 'Enterprise'],
});
const pico = keyOf('ent-pico');
const goertek = keyOf('ent-goertek');

const inDays = (days: number) =>
  new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
const call = () => ({
  regionCode: region,
  titleZh: '关键技术揭榜',
  textZh: '攻克三维声渲染。',
  claimsUntil: inDays(20),
  deadline: inDays(200),
  reward: '1000000',
});
const plan = { planZh: '分三期完成。' };

/** Publishes a call on which both enterprises have a claim; its last day for claims is over. */
async function claimedCall() {
  const { id } = await hub.change(editor, 'publishOpenCall', call());
  const claimOfPico = { key: `claim of ${id}`, openCallId: id, enterpriseId: 'ent-pico', ...plan };
  const one = await hub.change(pico, 'claimOpenCall', claimOfPico);
  const other = await hub.change(goertek, 'claimOpenCall', {
    openCallId: id,
    enterpriseId: 'ent-goertek',
    ...plan,
  });
  await endClaims(id);
  return { id, one: one.id, other: other.id, claimOfPico };
}

/** Lets the last day for claims pass. */
const endClaims = (id: string) =>
  hub.sql(
    `update policies.open_calls set published_on = '2026-01-01', claims_until = '2026-02-01' where id = '${id}'`,
  );

const bySystem = async (
  workflow: typeof openCallWorkflow | typeof claimWorkflow,
  action: string,
  id: string,
  version: number,
) => {
  const { db, close } = connect({ url: hub.hub.database.adminUrl });
  try {
    const context = createContext(db, { caller: { kind: 'system' } });
    const request = { action, id, version, key: `${action} ${id}`, input: {} };
    return await carryOut(context, workflow as never, request, () => ({}));
  } finally {
    await close();
  }
};

describe('the way of an open call', () => {
  it('leads from publication over claims, selection and work to acceptance and the reward', async () => {
    const { id, one, other, claimOfPico } = await claimedCall();
    const noteZh = '方案最优。';
    const selected = await hub.change(leader, 'selectClaim', { id, version: 1, claimId: one, noteZh });
    expect(selected).toMatchObject({ stage: 'SELECTED', version: 2, claimant: { id: 'ent-pico' } });
    await bySystem(claimWorkflow, 'CHOOSE', one, 1);
    await bySystem(claimWorkflow, 'PASS_OVER', other, 1);
    const started = await hub.change(editor, 'advanceOpenCall', { id, version: 2, action: 'START' });
    expect(started).toMatchObject({ stage: 'IN_PROGRESS', dueOn: inDays(200) });
    // A repeat is answered also after nobody may claim any more, and tells nothing under another input.
    const repeated = await hub.change(pico, 'claimOpenCall', claimOfPico);
    expect(repeated).toMatchObject({ id: one, step: 0, isReplay: true });
    expect(await hub.refusal(pico, 'claimOpenCall', { ...claimOfPico, planZh: '另一方案。' })).toMatchObject({
      code: 'KEY_REUSED',
    });
    const accepted = await hub.change(leader, 'advanceOpenCall', { id, version: 3, action: 'ACCEPT' });
    expect(accepted).toMatchObject({ stage: 'ACCEPTED', version: 4 });
    const paid = await hub.change(editor, 'advanceOpenCall', {
      id,
      version: 4,
      action: 'PAY_REWARD',
      paidOn: inDays(0),
    });
    expect(paid).toMatchObject({ stage: 'ACCEPTED', version: 5, dueOn: null, rewardPaidOn: inDays(0) });
    expect(paid.history).toEqual(
      ['PUBLISH', 'SELECT', 'START', 'ACCEPT', 'PAY_REWARD'].map((action) => ({ action })),
    );
    expect(await hub.eventsOf('policies', id)).toEqual([1, 2, 3, 4, 5]);
    expect(await hub.eventsOf('policies', other)).toEqual([1, 2]);
    expect(await hub.allowed(editor, id)).toEqual([]);
  });

  it('ends when nobody claims it until the last day, and not before', async () => {
    const { id } = await hub.change(editor, 'publishOpenCall', call());
    await expect(bySystem(openCallWorkflow, 'LAPSE', id, 1)).rejects.toThrow('Claims can still be handed in');
    await endClaims(id);
    await bySystem(openCallWorkflow, 'LAPSE', id, 1);
    const [row] = await hub.sql(`select stage, version, due_on from policies.open_calls where id = '${id}'`);
    expect(row).toEqual({ stage: 'LAPSED', version: 2, due_on: null });
  });

  it('ends without a selection where no claim is good enough', async () => {
    const { id } = await claimedCall();
    const input = { id, version: 1, action: 'REJECT_ALL', noteZh: '均未达到指标要求。' };
    expect(await hub.change(leader, 'advanceOpenCall', input)).toMatchObject({ stage: 'LAPSED' });
  });

  it('may be claimed by an agency for an enterprise, which then withdraws it', async () => {
    const { id } = await hub.change(editor, 'publishOpenCall', call());
    const input = { openCallId: id, enterpriseId: 'ent-gaea', ...plan };
    const claim = await hub.change(helper, 'claimOpenCall', input);
    expect(claim).toMatchObject({ stage: 'SUBMITTED', enterprise: { id: 'ent-gaea' } });
    const withdrawal = { id: claim.id, version: 1, noteZh: '企业改变计划。' };
    expect(await hub.refusal(goertek, 'withdrawClaim', withdrawal)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await hub.change(helper, 'withdrawClaim', withdrawal)).toMatchObject({ stage: 'WITHDRAWN' });
    // A claim that was withdrawn does not keep the enterprise from another.
    expect(await hub.change(helper, 'claimOpenCall', input)).toMatchObject({ stage: 'SUBMITTED' });
  });
});

describe('what is refused', () => {
  it('all problems of a call at once', async () => {
    const wrong = {
      ...call(),
      titleZh: 'x',
      claimsUntil: inDays(-1),
      deadline: inDays(-2),
      regionCode: '999',
    };
    const { code, problems } = await hub.refusal(editor, 'publishOpenCall', wrong);
    expect([code, problems?.map(({ path }) => path)]).toEqual([
      'BAD_USER_INPUT',
      ['input.titleZh', 'input.claimsUntil', 'input.deadline', 'input.regionCode'],
    ]);
  });

  it('a publication by somebody who speaks for no agency, or in another region', async () => {
    const nobody: Official = { department: 'SCIENCE', role: 'editor' };
    expect(await hub.refusal(nobody, 'publishOpenCall', call())).toMatchObject({ code: 'FORBIDDEN' });
    const elsewhere = { ...editor, region: '110105' };
    expect(await hub.refusal(elsewhere, 'publishOpenCall', call())).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('a claim for another enterprise, a second one, one after the last day, and one without the permission', async () => {
    const { id } = await hub.change(editor, 'publishOpenCall', call());
    const input = { openCallId: id, enterpriseId: 'ent-pico', ...plan };
    expect(await hub.refusal(goertek, 'claimOpenCall', input)).toMatchObject({ code: 'FORBIDDEN' });
    const without = keyOf('ent-pico', ['SUBMIT_REQUEST']);
    expect(await hub.refusal(without, 'claimOpenCall', input)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await hub.refusal(pico, 'claimOpenCall', { ...input, openCallId: 'call-none' })).toMatchObject({
      code: 'NOT_FOUND',
    });
    await hub.change(pico, 'claimOpenCall', input);
    expect(await hub.refusal(pico, 'claimOpenCall', input)).toMatchObject({ code: 'BAD_USER_INPUT' });
    await endClaims(id);
    const late = { ...input, enterpriseId: 'ent-goertek' };
    expect(await hub.refusal(goertek, 'claimOpenCall', late)).toMatchObject({ code: 'WRONG_STAGE' });
  });

  it('a selection before the last day, by who published, of a claim on another call', async () => {
    const open = await hub.change(editor, 'publishOpenCall', call());
    const claim = await hub.change(pico, 'claimOpenCall', {
      openCallId: open.id,
      enterpriseId: 'ent-pico',
      ...plan,
    });
    const early = { id: open.id, version: 1, claimId: claim.id, noteZh: '方案最优。' };
    expect(await hub.refusal(leader, 'selectClaim', early)).toMatchObject({ code: 'WRONG_STAGE' });
    await endClaims(open.id);
    const publisher = { ...leader, sub: editor.sub ?? '' };
    expect(await hub.refusal(publisher, 'selectClaim', early)).toMatchObject({ code: 'SECOND_PERSON' });
    const { other } = await claimedCall();
    const { problems } = await hub.refusal(leader, 'selectClaim', { ...early, claimId: other });
    expect(problems?.map(({ path }) => path)).toEqual(['input.claimId']);
    // Everybody sees the call, so that somebody else is told that it is not theirs.
    const stranger: Official = { department: 'FINANCE', role: 'leader', agency: 'x-helper' };
    expect(await hub.refusal(stranger, 'selectClaim', early)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('an action of the hub, and one with a mutation of its own', async () => {
    const { id } = await hub.change(editor, 'publishOpenCall', call());
    for (const action of ['LAPSE', 'SELECT']) {
      expect(await hub.refusal(leader, 'advanceOpenCall', { id, version: 1, action })).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    }
  });
});

describe('what others see', () => {
  it('an enterprise sees its own claim and nothing of others, not even that there are any', async () => {
    const { id, one } = await claimedCall();
    const query = `query ($id: ID!) {
      openCall(id: $id) { stage version history { action } }
      enterprise(id: "ent-pico") { openCallClaims(first: 100) { nodes { enterprise { id } } } }
      other: enterprise(id: "ent-goertek") { openCallClaims { nodes { id } } }
    }`;
    const { data } = await hub.hub.as(pico).ask(query, { id });
    const { n } = (
      await hub.sql(
        "select count(*)::int as n from policies.open_call_claims where enterprise_id = 'ent-pico'",
      )
    )[0] as { n: number };
    expect(n).toBeGreaterThan(0);
    const nodes = Array.from({ length: n }, () => ({ enterprise: { id: 'ent-pico' } }));
    expect(data).toEqual({
      openCall: { stage: 'PUBLISHED', version: 1, history: [{ action: 'PUBLISH' }] },
      enterprise: { openCallClaims: { nodes } },
      other: { openCallClaims: null },
    });
    expect((await hub.hub.as(pico).ask(`{ openCallClaim(id: "${one}") { id } }`)).data).toEqual({
      openCallClaim: null,
    });
    const all = '{ openCallClaims { nodes { id } } }';
    expect((await hub.hub.as(pico).ask(all)).data).toEqual({ openCallClaims: null });
  });

  it('the publishing agency and the owner see all claims, another department none', async () => {
    const { id, one, other } = await claimedCall();
    const query = `query ($id: ID!) { openCall(id: $id) { claims(orderBy: [{ field: ID }]) { nodes { id } } } }`;
    const nodes = [one, other].toSorted().map((each) => ({ id: each }));
    for (const who of [editor, { department: 'PROPAGANDA' as const }]) {
      expect((await hub.hub.as(who).ask(query, { id })).data).toEqual({ openCall: { claims: { nodes } } });
    }
    for (const who of [helper, { department: 'FINANCE' as const }]) {
      const { data } = await hub.hub.as(who).ask(query, { id });
      const { claims } = (data?.openCall ?? {}) as { claims?: { nodes: unknown[] } | null };
      expect(claims?.nodes ?? []).toEqual([]);
    }
  });
});

describe('every stage × action × role × relation × region', () => {
  const conditions = ['hasClosedClaims', 'hasReward', 'rewardIsUnpaid'];
  const people = peopleOf({
    departments: ['SCIENCE', 'PROPAGANDA'],
    agencies: { 'x-science': ['publisher'], 'x-helper': [] },
    region,
    elsewhere: '110105',
  });
  const expectedFor = (person: Person, stage: string) =>
    expectedActions(openCallTable, person, stage, conditions);

  beforeAll(async () => {
    await hub.sql(`
      ${stages
        .map(
          (stage) => `insert into policies.open_calls
            (id, title_zh, stage, published_on, claims_until, publisher_id, region_code, claimant_id, reward) values
            ('x-${stage}', '任务', '${stage}', '2025-01-01', '2025-02-01', 'x-science', '${region}', 'ent-pico', 100);
          insert into policies.open_call_claims (id, open_call_id, enterprise_id, plan_zh, stage, submitted_on)
            values ('x-claim-${stage}', 'x-${stage}', 'ent-pico', '方案', 'SUBMITTED', '2025-01-02');`,
        )
        .join('\n')}`);
  });

  it.each(people)(
    '$official.department $official.role, $official.agency, region $official.region',
    async (person) => {
      const ids = JSON.stringify(stages.map((stage) => `x-${stage}`));
      const { data } = await hub.hub
        .as(person.official)
        .ask(`{ openCalls(filter: { id: { in: ${ids} } }) { nodes { stage allowedActions } } }`);
      const { nodes } = (data?.openCalls ?? { nodes: [] }) as {
        nodes: { stage: string; allowedActions: unknown }[];
      };
      expect(nodes).toHaveLength(stages.length);
      for (const { stage, allowedActions } of nodes) {
        expect([stage, allowedActions]).toEqual([stage, expectedFor(person, stage)]);
      }
    },
  );
});

it('the summary counts calls by stage, claims per call, and the median of days with a total', async () => {
  await hub.sql(`
    insert into policies.open_calls (id, title_zh, stage, published_on, publisher_id, region_code, claimant_id, reward_paid_on)
    select 'y-' || n, '任务', 'ACCEPTED', ('2024-02-0' || n)::date, 'x-science', '330000', 'ent-pico', '2024-12-01'::date from generate_series(1, 3) n;
    insert into policies.open_call_steps (object_id, seq, stage, step_on)
    select 'y-' || n, 0, 'ACCEPTED', '2024-02-11'::date from generate_series(1, 3) n;
    insert into policies.open_calls (id, title_zh, stage, published_on, publisher_id, region_code)
    values ('y-4', '任务', 'FAILED', '2024-05-01', 'x-helper', '330000'), ('y-5', '任务', 'PUBLISHED', '2024-05-02', 'x-helper', '330000');
    insert into policies.open_call_claims (id, open_call_id, enterprise_id, plan_zh, stage, submitted_on) values
      ('y-c1', 'y-4', 'ent-pico', '方案', 'SUBMITTED', '2024-05-02'), ('y-c2', 'y-4', 'ent-gaea', '方案', 'WITHDRAWN', '2024-05-02')`);
  const figures =
    '{ count published accepted failed claims claimsPerCall acceptanceRate medianDays rewarded }';
  const { data, errors } = await hub.hub
    .as('PROPAGANDA')
    .ask(`{ openCallSummary(region: "330000", groupBy: [PUBLISHER, QUARTER]) {
    groupCount total ${figures} groups { publisher { id } period figures ${figures} }
  } }`);
  expect(errors).toBeUndefined();
  expect(data?.openCallSummary).toEqual({
    groupCount: 2,
    total: {
      count: 5,
      published: 1,
      accepted: 3,
      failed: 1,
      claims: 1,
      claimsPerCall: '0.20',
      acceptanceRate: '75.00',
      medianDays: '9',
      rewarded: 3,
    },
    groups: [
      {
        publisher: { id: 'x-helper' },
        period: '2024-Q2',
        figures: {
          count: 2,
          published: 1,
          accepted: 0,
          failed: 1,
          claims: 1,
          claimsPerCall: '0.50',
          acceptanceRate: '0.00',
          medianDays: null,
          rewarded: 0,
        },
      },
      {
        publisher: { id: 'x-science' },
        period: '2024-Q1',
        figures: {
          count: 3,
          published: 0,
          accepted: 3,
          failed: 0,
          claims: 0,
          claimsPerCall: '0.00',
          acceptanceRate: '100.00',
          medianDays: '9',
          rewarded: 3,
        },
      },
    ],
  });
  const refused = await hub.hub
    .as('PROPAGANDA')
    .ask('{ openCallSummary(groupBy: [MONTH, YEAR]) { groupCount } }');
  expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
});

it('takes one claim of an enterprise, also when it claims several times at once', async () => {
  const { id: openCallId } = await hub.change(editor, 'publishOpenCall', call());
  const input = { openCallId, enterpriseId: 'ent-pico', ...plan };
  const refusals = await Promise.all([1, 2, 3, 4].map(() => hub.attempt(pico, 'claimOpenCall', input)));
  expect(refusals.map(({ code }) => code).toSorted()).toEqual([
    ...Array.from({ length: 3 }, () => 'BAD_USER_INPUT'),
    undefined,
  ]);
});

it('who handed in a claim for an enterprise does not select it', async () => {
  const { id } = await hub.change(editor, 'publishOpenCall', call());
  const both: Official = { ...editor, sub: 'both' };
  const claim = { openCallId: id, enterpriseId: 'ent-pico', ...plan };
  const { id: claimId } = await hub.change(both, 'claimOpenCall', claim);
  await endClaims(id);
  const selection = { id, version: 1, claimId, noteZh: '方案最优。' };
  expect(await hub.refusal({ ...both, role: 'leader' }, 'selectClaim', selection)).toMatchObject({
    code: 'SECOND_PERSON',
    earlier: 'CLAIM',
  });
  expect(await hub.change(leader, 'selectClaim', selection)).toMatchObject({ stage: 'SELECTED' });
});
