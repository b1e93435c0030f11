import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLog } from '../support/audit.ts';
import type { Official } from '../support/callers.ts';
import { purpose } from '../support/callers.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask as sql } from '../support/sql.ts';

const requester: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'r-1' };
const owner: Official = { department: 'MARKET_REGULATION', role: 'editor', sub: 'o-1' };
const office: Official = { department: 'GOVERNMENT', role: 'leader', sub: 'g-1' };
const stranger: Official = { department: 'TAXATION', role: 'editor', sub: 's-1' };
const enterprise = {
  enterpriseId: 'ent-pico',
  actions: ['CORRECT'],
  keyId: 'k1',
  scopes: ['Enterprise', 'Correction'],
} as const;

const recorded: { readonly action?: unknown; readonly subject?: unknown }[] = [];
let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({
    keys: true,
    ownRows: true,
    audit: aLog({
      append: async (event) => {
        if (event.kind === 'change') recorded.push(event);
        return { sequence: 1, hash: '' };
      },
    }),
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

type Who = Parameters<TestHub['as']>[0];
type Changed = { id: string; stage: string; version: number; owner: string };

let keys = 0;
async function change(who: Who, mutation: string, input: object) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await hub.as(who).ask(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) {
      correction { id stage version kind owner requester enterpriseId regionCode mendedInVersion answerZh isUpheld dueOn
        allowedActions history { action department } } isReplay } }`,
    { input: { key: `c-${keys++}`, ...input } },
  );
  const payload = data?.[mutation] as { correction: Changed } | null | undefined;
  return { ...(payload?.correction as Changed), refused: errors?.[0]?.extensions };
}

const allowedTo = async (who: Who, id: string) => {
  const { data } = await hub
    .as(who)
    .ask('query ($id: ID!) { correction(id: $id) { allowedActions } }', { id });
  return (data?.correction as { allowedActions: unknown } | null)?.allowedActions ?? null;
};

const claim = {
  coordinate: 'Enterprise.nameZh',
  id: 'ent-pico',
  claimedZh: '应为全称。',
  evidence: '青市监〔2026〕1号',
};

describe('a correction', () => {
  it('is asked for by who sees the record, answered by its owner, and accepted with the version that mends it', async () => {
    const asked = await change(requester, 'requestCorrection', claim);
    expect(asked).toMatchObject({
      stage: 'SUBMITTED',
      kind: 'RECORD',
      requester: 'PROPAGANDA',
      regionCode: '370212',
      allowedActions: ['WITHDRAW'],
      history: [{ action: 'REQUEST', department: 'PROPAGANDA' }],
    });
    const { id } = asked;
    const by: Official = { ...owner, department: asked.owner as Official['department'] };
    expect(await allowedTo(by, id)).toEqual(['ACCEPT', 'REFUSE']);
    expect(await allowedTo(stranger, id)).toBeNull();
    const accept = { id, version: 1, action: 'ACCEPT', recordVersion: 2 };
    expect((await change(by, 'advanceCorrection', accept)).refused).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [{ path: 'input.recordVersion' }],
    });
    await sql(hub.database.adminUrl, "update enterprises.enterprises set version = 2 where id = 'ent-pico'");
    expect(await change(by, 'advanceCorrection', accept)).toMatchObject({
      stage: 'ACCEPTED',
      mendedInVersion: 2,
      dueOn: null,
    });
    expect(recorded).toMatchObject([
      { action: 'correction REQUEST', subject: id },
      { action: 'correction ACCEPT', subject: id },
    ]);
  });

  it('is refused with a reason, disputed, and settled by the government’s office alone', async () => {
    const { id, owner: department } = await change(enterprise, 'requestCorrection', {
      ...claim,
      claimedZh: '另一主张。',
    });
    const by: Official = { ...owner, department: department as Official['department'] };
    expect(
      (await change(by, 'advanceCorrection', { id, version: 1, action: 'REFUSE' })).refused,
    ).toMatchObject({
      problems: [{ path: 'input.noteZh', code: 'LENGTH' }],
    });
    expect(
      await change(by, 'advanceCorrection', { id, version: 1, action: 'REFUSE', noteZh: '与登记一致。' }),
    ).toMatchObject({ stage: 'REFUSED', answerZh: '与登记一致。' });
    expect(await allowedTo(enterprise, id)).toEqual(['DISPUTE']);
    // A test key has to do with synthetic records alone.
    const testKey = { ...enterprise, isTest: true };
    expect(await allowedTo(testKey, id)).toBeNull();
    expect(
      (
        await change(testKey, 'advanceCorrection', {
          id,
          version: 2,
          action: 'DISPUTE',
          noteZh: '登记有误。',
        })
      ).refused,
    ).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await change(enterprise, 'advanceCorrection', {
        id,
        version: 2,
        action: 'DISPUTE',
        noteZh: '登记有误。',
      }),
    ).toMatchObject({
      stage: 'DISPUTED',
      requester: null,
      enterpriseId: 'ent-pico',
    });
    const settle = { id, version: 3, action: 'SETTLE', isUpheld: true, noteZh: '应予更正。' };
    expect((await change(by, 'advanceCorrection', settle)).refused).toMatchObject({ code: 'FORBIDDEN' });
    expect(
      (await change(stranger, 'advanceCorrection', { ...settle, action: 'WITHDRAW' })).refused,
    ).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await change(office, 'advanceCorrection', settle)).toMatchObject({
      stage: 'SETTLED',
      isUpheld: true,
    });
  });

  it('of what the caller does not see, of another enterprise, or of no field, is refused', async () => {
    expect(
      (await change(requester, 'requestCorrection', { ...claim, id: 'ent-none' })).refused,
    ).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      (await change(enterprise, 'requestCorrection', { ...claim, id: 'ent-bona' })).refused,
    ).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      (
        await change(requester, 'requestCorrection', {
          ...claim,
          coordinate: 'Enterprise.none',
          claimedZh: 'x',
          evidence: '138 0013 8000',
        })
      ).refused,
    ).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [
        { path: 'input.claimedZh', code: 'LENGTH' },
        { path: 'input.evidence', code: 'PERSONAL_DATA' },
        { path: 'input.coordinate', code: 'UNKNOWN' },
      ],
    });
  });

  it('is listed to those whom it concerns', async () => {
    const listed = async (who: Who) => {
      const { data } = await hub
        .as(who)
        .ask('{ corrections(first: 100) { totalCount nodes { enterpriseId } } }');
      return data?.corrections as { totalCount: number; nodes: { enterpriseId: string | null }[] };
    };
    expect((await listed(stranger)).totalCount).toBe(0);
    expect((await listed(office)).totalCount).toBe(2);
    expect((await listed(enterprise)).nodes).toEqual([{ enterpriseId: 'ent-pico' }]);
  });
});

it('is an event and a task of those whom it concerns alone', async () => {
  const { id, owner: department } = await change(requester, 'requestCorrection', {
    ...claim,
    claimedZh: '第三项主张。',
  });
  const read = async (who: Who) => {
    const { data, errors } = await hub.as(who).ask(`{
      changes(types: [CORRECTION], first: 500) { nodes { id action object { ... on Correction { stage } } } }
      myTasks(type: CORRECTION) { nodes { id actions } }
    }`);
    expect(errors).toBeUndefined();
    return data as {
      changes: { nodes: { id: string; action: string; object: unknown }[] };
      myTasks: { nodes: { id: string; actions: string[] }[] };
    };
  };
  const answering: Official = { ...owner, department: department as Official['department'] };
  // An event is read once all transactions that began before its own have ended, also those of other databases.
  const seen = await poll(async () => {
    const answer = await read(answering);
    return answer.changes.nodes.some((each) => each.id === id) ? answer : undefined;
  });
  expect(seen.changes.nodes.filter((each) => each.id === id)).toEqual([
    { id, action: 'REQUEST', object: { stage: 'SUBMITTED' } },
  ]);
  expect(seen.myTasks.nodes).toContainEqual({ id, actions: ['ACCEPT', 'REFUSE'] });
  expect(await read(stranger)).toEqual({ changes: { nodes: [] }, myTasks: { nodes: [] } });
});

describe('a refused agreement', () => {
  it('is disputed by who asked for it, once it is refused', async () => {
    const headers = { 'x-wenshu-purpose': encodeURIComponent(purpose) };
    const { data } = await hub
      .as({ department: 'PROPAGANDA', role: 'steward' })
      .ask(
        'mutation ($input: RequestAgreementInput!) { requestAgreement(input: $input) { id owner } }',
        { input: { fields: ['Park.enterprises'], purpose, basis: '条例', endsOn: '2099-12-31' } },
        headers,
      );
    const [agreement] = (data as { requestAgreement: { id: string; owner: Official['department'] }[] })
      .requestAgreement;
    const agreementId = agreement?.id ?? '';
    const dispute = { agreementId, reasonZh: '履职所需。', evidence: '宣发〔2026〕3号' };
    expect((await change(requester, 'disputeAgreement', dispute)).refused).toMatchObject({
      code: 'WRONG_STAGE',
    });
    await hub
      .as({ department: agreement?.owner ?? 'CULTURE_TOURISM', role: 'steward' })
      .ask('mutation ($id: ID!) { refuseAgreement(id: $id, reason: "不符合条件") { state } }', {
        id: agreementId,
      });
    expect((await change(stranger, 'disputeAgreement', dispute)).refused).toMatchObject({
      code: 'NOT_FOUND',
    });
    const disputed = await change(requester, 'disputeAgreement', dispute);
    expect(disputed).toMatchObject({ stage: 'DISPUTED', kind: 'AGREEMENT', owner: agreement?.owner });
    expect(await allowedTo(office, disputed.id)).toEqual(['SETTLE']);
  });
});

it('is not settled by who disputed it', async () => {
  const { id, owner: department } = await change(
    { ...requester, department: 'GOVERNMENT' },
    'requestCorrection',
    {
      ...claim,
      claimedZh: '第三主张。',
    },
  );
  const by: Official = { ...owner, department: department as Official['department'] };
  await change(by, 'advanceCorrection', { id, version: 1, action: 'REFUSE', noteZh: '与登记一致。' });
  const both: Official = { ...office, role: 'editor', sub: 'both' };
  await change(both, 'advanceCorrection', { id, version: 2, action: 'DISPUTE', noteZh: '登记有误。' });
  const settle = { id, version: 3, action: 'SETTLE', isUpheld: true, noteZh: '应予更正。' };
  expect((await change({ ...both, role: 'leader' }, 'advanceCorrection', settle)).refused).toMatchObject({
    code: 'SECOND_PERSON',
  });
  expect(await change(office, 'advanceCorrection', settle)).toMatchObject({ stage: 'SETTLED' });
});

it('is found by its id, alone and among other records, by those whom it concerns', async () => {
  const { id } = await change(enterprise, 'requestCorrection', { ...claim, evidence: '材料编号 7' });
  const ask = (who: Who) =>
    hub.as(who).ask(
      `query ($id: ID!) { node(id: $id) { __typename id ... on Correction { stage } }
        nodes(ids: ["park-798", $id, "none"]) { __typename id } }`,
      { id },
    );
  const park = { __typename: 'Park', id: 'park-798' };
  expect(await ask(office)).toEqual({
    data: {
      node: { __typename: 'Correction', id, stage: 'SUBMITTED' },
      nodes: [park, { __typename: 'Correction', id }, null],
    },
  });
  expect(await ask(stranger)).toEqual({ data: { node: null, nodes: [park, null, null] } });
});

it('are counted by department and stage: for stewards and the office of all, for others of their own', async () => {
  await sql(
    hub.database.adminUrl,
    `insert into hub.corrections (id, kind, coordinate, subject_id, requester, owner, claimed_zh, evidence, requested_on, stage, due_on, mended_in_version)
      select 'corr-' || n, 'RECORD', 'Enterprise.nameZh', 'ent-pico', 'PROPAGANDA', case when n < 5 then 'TAXATION' else 'EDUCATION' end, '主张', '依据',
        '2020-03-02', case when n < 4 then 'ACCEPTED' else 'SUBMITTED' end, case when n < 4 then null else date '2020-03-16' end,
        case when n < 4 then 2 end
      from generate_series(1, 5) as n;
    insert into hub.correction_steps (object_id, seq, stage, step_on, action)
      select 'corr-' || n, 0, 'SUBMITTED', date '2020-03-02', 'REQUEST' from generate_series(1, 5) as n
      union all select 'corr-' || n, 1, 'ACCEPTED', date '2020-03-02' + 2 * n, 'ACCEPT' from generate_series(1, 3) as n`,
  );
  const ask = (who: Who, from = '2020-01-01', to = '2020-12-31') =>
    hub.as(who).ask(
      `query ($from: Date, $to: Date) { correctionSummary(from: $from, to: $to) {
        synthetic total { ...figures } groups { owner figures { ...figures } } } }
        fragment figures on CorrectionFigures { count byStage { stage count } overdue answered medianWorkingDays }`,
      { from, to },
    );
  const figures = (submitted: number, accepted: number, medianWorkingDays: string | null) => ({
    count: submitted + accepted,
    byStage: [
      { stage: 'SUBMITTED', count: submitted },
      { stage: 'DISPUTED', count: 0 },
      { stage: 'ACCEPTED', count: accepted },
      { stage: 'REFUSED', count: 0 },
      { stage: 'WITHDRAWN', count: 0 },
      { stage: 'SETTLED', count: 0 },
    ],
    overdue: submitted,
    answered: accepted,
    medianWorkingDays,
  });
  const taxation = { owner: 'TAXATION', figures: figures(1, 3, '4') };
  // Answered on Wednesday, Friday and Sunday: after 2, 4 and 4 working days.
  const all = {
    data: {
      correctionSummary: {
        synthetic: false,
        total: figures(2, 3, '4'),
        groups: [{ owner: 'EDUCATION', figures: figures(1, 0, null) }, taxation],
      },
    },
  };
  expect(await ask(office)).toEqual(all);
  expect(await ask({ department: 'SCIENCE', role: 'steward' })).toEqual(all);
  expect(await ask(stranger)).toEqual({
    data: { correctionSummary: { synthetic: false, total: figures(1, 3, '4'), groups: [taxation] } },
  });
  expect(await ask({ department: 'SCIENCE', role: 'editor' })).toEqual({
    data: { correctionSummary: { synthetic: false, total: figures(0, 0, null), groups: [] } },
  });
  expect((await ask(enterprise)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await ask(office, '2020-02-01', '2020-01-01')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});
