import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLog } from '../support/audit.ts';
import type { Official } from '../support/callers.ts';
import { purpose } from '../support/callers.ts';
import { startHub, type TestHub } from '../support/hub.ts';
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
  const seen = await read(answering);
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
