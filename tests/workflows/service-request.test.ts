import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Official, startHubWithRequests } from '../support/service-requests.ts';

type Hub = Awaited<ReturnType<typeof startHubWithRequests>>;

let hub: Hub;
beforeAll(async () => {
  hub = await startHubWithRequests();
});
// These tests hand in more than an enterprise may on one day.
beforeEach(() => hub.sql('delete from policies.enterprise_submissions'));
afterAll(() => hub[Symbol.asyncDispose]());

const editor: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'editor-1' };
const leader: Official = { department: 'PROPAGANDA', role: 'leader', sub: 'leader-1' };
const handler: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-handler', sub: 'h-1' };
const helper: Official = { department: 'MARKET_REGULATION', role: 'editor', agency: 'x-helper', sub: 'c-1' };
const enterprise: Partial<PartnerCaller> = {
  enterpriseId: 'ent-pico',
  actions: ['SUBMIT_REQUEST', 'RATE_REQUEST'],
  keyId: 'k1',
  scopes: ['Agency'],
};

const submission = {
  enterpriseId: 'ent-pico',
  regionCode: '370212',
  kind: 'FINANCING',
  titleZh: '申请融资对接',
  textZh: '希望对接文创贷款。',
};

describe('the way of a request', () => {
  it('leads from the enterprise over the agency in charge and a co-handler to the leader who strikes it off', async () => {
    const submitted = await hub.change(enterprise, 'submitServiceRequest', submission);
    expect(submitted).toMatchObject({ stage: 'COLLECTED', version: 1, step: 0 });
    const { id } = submitted;
    const assigned = await hub.change(editor, 'assignServiceRequest', {
      id,
      version: 1,
      agencyId: 'x-handler',
    });
    expect(assigned).toMatchObject({ stage: 'ASSIGNED', version: 2, responsible: { id: 'x-handler' } });
    const asked = await hub.change(handler, 'requestCoHandling', {
      id,
      version: 2,
      agencyIds: ['x-helper'],
      questionZh: '该企业有无处罚记录?',
    });
    expect(asked).toMatchObject({ stage: 'CO_HANDLING', version: 3 });
    const opinion = await hub.advance(helper, id, 3, 'GIVE_OPINION', { noteZh: '没有处罚记录。' });
    expect(opinion).toMatchObject({ stage: 'CO_HANDLING', version: 4 });
    const resolved = await hub.change(handler, 'resolveServiceRequest', {
      id,
      version: 4,
      resolution: 'SOLVED',
      answerZh: '已安排银行对接。',
    });
    expect(resolved).toMatchObject({ stage: 'RESOLVED', answerZh: '已安排银行对接。' });
    const rated = await hub.change(enterprise, 'revisitServiceRequest', {
      id,
      version: 5,
      isSatisfied: true,
    });
    expect(rated).toMatchObject({ stage: 'REVISITED', version: 6 });
    const struckOff = await hub.advance(leader, id, 6, 'STRIKE_OFF');
    expect(struckOff).toMatchObject({ stage: 'STRUCK_OFF', version: 7, dueOn: null });
    expect(struckOff.history.map(({ action }) => action)).toEqual([
      'SUBMIT',
      'ASSIGN',
      'REQUEST_CO_HANDLING',
      'GIVE_OPINION',
      'RESOLVE',
      'REVISIT',
      'STRIKE_OFF',
    ]);
    expect(await hub.eventsOf(id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('what is refused', () => {
  const assigned = async () => {
    const { id } = await hub.change(enterprise, 'submitServiceRequest', submission);
    await hub.change(editor, 'assignServiceRequest', { id, version: 1, agencyId: 'x-handler' });
    return id;
  };

  it('a change of somebody else, at the gateway by department and in the agency by relation', async () => {
    const id = await assigned();
    const viewer: Official = { department: 'PROPAGANDA', role: 'viewer' };
    expect(
      await hub.refusal(viewer, 'assignServiceRequest', { id, version: 2, agencyId: 'x-helper' }),
    ).toMatchObject({
      code: 'FORBIDDEN',
      coordinate: 'Mutation.assignServiceRequest',
      messageZh: 'assignServiceRequest 仅限宣传部(PROPAGANDA)的以下角色:editor、leader。',
    });
    expect(await hub.refusal(viewer, 'submitServiceRequest', submission)).toMatchObject({
      code: 'FORBIDDEN',
      messageZh: 'submitServiceRequest 仅限部门的以下角色:editor、leader,以及含动作 SUBMIT_REQUEST 的密钥。',
    });
    const resolution = { id, version: 2, resolution: 'SOLVED', answerZh: '已解决。' };
    expect(await hub.refusal(editor, 'resolveServiceRequest', resolution)).toMatchObject({
      code: 'FORBIDDEN',
    });
    // An agency that is not named in the request does not see it.
    expect(await hub.refusal(helper, 'resolveServiceRequest', resolution)).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('a change of another region', async () => {
    const id = await assigned();
    const elsewhere: Official = { ...leader, region: '110105' };
    expect(
      await hub.refusal(elsewhere, 'advanceServiceRequest', {
        id,
        version: 2,
        action: 'ESCALATE',
        noteZh: '研究',
        escalation: 'MEETING',
      }),
    ).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('a change that is based on an old version, with what is there now', async () => {
    const id = await assigned();
    const old = { id, version: 1, action: 'RETURN', noteZh: '不属本单位。' };
    expect(await hub.refusal(handler, 'advanceServiceRequest', old)).toMatchObject({
      code: 'CONFLICT',
      version: 2,
      stage: 'ASSIGNED',
    });
  });

  it('an action that is not possible in the stage, with those that are', async () => {
    const id = await assigned();
    const early = { id, version: 2, action: 'GRANT_EXTENSION' };
    expect(await hub.refusal(leader, 'advanceServiceRequest', early)).toMatchObject({
      code: 'WRONG_STAGE',
      stage: 'ASSIGNED',
      allowed: ['ESCALATE'],
    });
    const reopen = { id, version: 2, action: 'REOPEN', noteZh: '再办一次。' };
    expect(await hub.refusal(editor, 'advanceServiceRequest', reopen)).toMatchObject({
      code: 'WRONG_STAGE',
      stage: 'ASSIGNED',
      allowed: ['ESCALATE'],
    });
  });

  it('all problems of an input at once, and personal data', async () => {
    const wrong = { ...submission, titleZh: '短'.slice(1), textZh: 'x', regionCode: '999999' };
    const refusal = await hub.refusal(enterprise, 'submitServiceRequest', wrong);
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(refusal.problems?.map(({ path }) => path)).toEqual([
      'input.titleZh',
      'input.textZh',
      'input.regionCode',
    ]);
    const personal = { ...submission, textZh: '请致电 138 0013 8000 联系。' };
    expect(await hub.refusal(enterprise, 'submitServiceRequest', personal)).toMatchObject({
      code: 'PERSONAL_DATA',
    });
  });

  it('a key of a mutation for another change', async () => {
    const key = 'same-key';
    await hub.change(enterprise, 'submitServiceRequest', { ...submission, key });
    const other = { ...submission, key, titleZh: '另一诉求' };
    expect(await hub.refusal(enterprise, 'submitServiceRequest', other)).toMatchObject({
      code: 'KEY_REUSED',
    });
  });
});

it('a repeated mutation is carried out once, also when both come at the same time', async () => {
  const key = 'repeated';
  const [one, other] = await Promise.all([
    hub.change(enterprise, 'submitServiceRequest', { ...submission, key }),
    hub.change(enterprise, 'submitServiceRequest', { ...submission, key }),
  ]);
  expect(one.id).toBe(other.id);
  expect([one.isReplay, other.isReplay].toSorted()).toEqual([false, true]);
});

it('two clerks at once: one carries it out, the other is told what is there now', async () => {
  const { id } = await hub.change(enterprise, 'submitServiceRequest', submission);
  const assignment = { id, version: 1, agencyId: 'x-handler' };
  const answers = await Promise.all([
    hub.attempt(editor, 'assignServiceRequest', assignment),
    hub.attempt({ ...editor, sub: 'editor-2' }, 'assignServiceRequest', assignment),
  ]);
  expect(answers.map(({ code }) => code).toSorted()).toEqual(['CONFLICT', undefined]);
});

it('who resolved a request is not who strikes it off, whatever department the token names', async () => {
  const { id } = await hub.change(enterprise, 'submitServiceRequest', submission);
  const handled: Official = { department: 'FINANCE', role: 'editor', agency: 'x-handler', sub: 'in both' };
  await hub.change(editor, 'assignServiceRequest', { id, version: 1, agencyId: 'x-handler' });
  await hub.change(handled, 'resolveServiceRequest', {
    id,
    version: 2,
    resolution: 'SOLVED',
    answerZh: '已办结。',
  });
  const same: Official = { ...leader, sub: 'in both' };
  await hub.change(editor, 'revisitServiceRequest', { id, version: 3, isSatisfied: true });
  expect(
    await hub.refusal(same, 'advanceServiceRequest', { id, version: 4, action: 'STRIKE_OFF' }),
  ).toMatchObject({ code: 'SECOND_PERSON', earlier: 'RESOLVE' });
  expect(await hub.advance(leader, id, 4, 'STRIKE_OFF')).toMatchObject({ stage: 'STRUCK_OFF' });
});

it('who handled a request is not who grants it more time', async () => {
  const { id } = await hub.change(enterprise, 'submitServiceRequest', submission);
  const both: Official = { department: 'PROPAGANDA', role: 'editor', agency: 'x-publicity', sub: 'both' };
  await hub.change(editor, 'assignServiceRequest', { id, version: 1, agencyId: 'x-publicity' });
  await hub.advance(both, id, 2, 'ASK_EXTENSION', { noteZh: '需要更多时间。' });
  expect(
    await hub.refusal({ ...both, role: 'leader' }, 'advanceServiceRequest', {
      id,
      version: 3,
      action: 'GRANT_EXTENSION',
    }),
  ).toMatchObject({ code: 'SECOND_PERSON' });
  const granted = await hub.advance(leader, id, 3, 'GRANT_EXTENSION');
  expect(granted).toMatchObject({ stage: 'ASSIGNED', version: 4 });
});

it('what a caller may do now is said with each request', async () => {
  const { id } = await hub.change(enterprise, 'submitServiceRequest', submission);
  expect(await hub.allowed(editor, id)).toEqual(['DECLINE', 'ASSIGN', 'ESCALATE']);
  expect(await hub.allowed({ ...editor, role: 'viewer' }, id)).toEqual([]);
  const own = await hub.change(enterprise, 'advanceServiceRequest', {
    id,
    version: 1,
    action: 'WITHDRAW',
    noteZh: '问题已自行解决。',
  });
  expect(own).toMatchObject({ stage: 'WITHDRAWN' });
  expect(await hub.allowed(editor, id)).toEqual([]);
});

it('steps that were carried out cannot be changed or deleted, not by the agency either', async () => {
  const { id } = await hub.change(enterprise, 'submitServiceRequest', submission);
  for (const statement of [
    "update policies.service_request_steps set note_zh = '改'",
    'delete from policies.service_request_steps',
  ]) {
    await expect(hub.sql(`${statement} where object_id = '${id}'`)).rejects.toThrow('Steps are added');
  }
});
