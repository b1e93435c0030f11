import { today } from '@wenshu/kit/today.ts';
import { addWorkingDays, standardCalendar, workingDaysBefore } from '@wenshu/schema/working-days.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Official, startHubWithRequests } from '../support/service-requests.ts';
import type { Input, Who } from '../support/workflow-hub.ts';

// What the table of service requests does not show: reasons, limits, the commissioner and the agenda.

const editor: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'editor-1' };
const leader: Official = { department: 'PROPAGANDA', role: 'leader', sub: 'leader-1' };
const handler: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-handler', sub: 'h-1' };
const looksAfter: Official = { department: 'SUBDISTRICT', role: 'editor', agency: 'x-helper', sub: 's-1' };
const key = (enterpriseId: string, more: object = {}): Who => ({
  enterpriseId,
  actions: ['SUBMIT_REQUEST', 'RATE_REQUEST', 'OBJECT'],
  keyId: enterpriseId,
  scopes: ['Agency', 'Region'],
  ...more,
});

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests();
});
afterAll(() => hub[Symbol.asyncDispose]());

const submit = async (who: Who = editor, more: Input = {}) => {
  const input = {
    enterpriseId: 'ent-pico',
    regionCode: '370212',
    kind: 'OTHER',
    titleZh: '诉求',
    textZh: '内容。',
  };
  return (await hub.change(who, 'submitServiceRequest', { ...input, ...more })).id;
};
const assigned = async () => {
  const id = await submit();
  await hub.change(editor, 'assignServiceRequest', { id, version: 1, agencyId: 'x-handler' });
  return id;
};
const refusal = (who: Who, id: string, version: number, action: string, more: Input = {}) =>
  hub.refusal(who, 'advanceServiceRequest', { id, version, action, noteZh: '理由充分。', ...more });
const read = async (who: Who, id: string, selection: string) => {
  const { data } = await hub.hub
    .as(who)
    .ask(`query ($id: ID!) { serviceRequest(id: $id) { ${selection} } }`, { id });
  return data?.serviceRequest;
};

describe('declining', () => {
  it('says why, and of which request it is a duplicate', async () => {
    const [first, second] = [await submit(), await submit()];
    expect(await refusal(editor, second, 1, 'DECLINE')).toMatchObject({
      problems: [{ path: 'input.declineReason', code: 'MISSING' }],
    });
    for (const targetId of [null, 'req-none', second]) {
      expect(
        await refusal(editor, second, 1, 'DECLINE', { declineReason: 'DUPLICATE', targetId }),
      ).toMatchObject({
        problems: [{ path: 'input.targetId', code: 'UNKNOWN' }],
      });
    }
    await hub.advance(editor, second, 1, 'DECLINE', {
      noteZh: '已有同样诉求。',
      declineReason: 'DUPLICATE',
      targetId: first,
    });
    expect(await read(editor, second, 'declineReason duplicateOf { id }')).toEqual({
      declineReason: 'DUPLICATE',
      duplicateOf: { id: first },
    });
  });

  it('is objected to once, by the enterprise', async () => {
    const id = await submit();
    const decline = { noteZh: '不属受理范围。', declineReason: 'OUT_OF_SCOPE' };
    await hub.advance(editor, id, 1, 'DECLINE', decline);
    expect((await refusal(key('ent-cfg-system'), id, 2, 'OBJECT')).code).toBe('NOT_FOUND');
    const objected = await hub.advance(key('ent-pico'), id, 2, 'OBJECT', { noteZh: '属受理范围。' });
    expect(objected).toMatchObject({
      stage: 'COLLECTED',
      dueOn: addWorkingDays(today(), 2, standardCalendar),
    });
    await hub.advance(editor, id, 3, 'DECLINE', decline);
    expect((await refusal(key('ent-pico'), id, 4, 'OBJECT')).code).toBe('WRONG_STAGE');
  });
});

describe('returning', () => {
  it('names the agency that should handle it, and escalates the second time', async () => {
    const id = await assigned();
    expect(await refusal(handler, id, 2, 'RETURN')).toMatchObject({
      problems: [{ path: 'input.targetId', code: 'MISSING' }],
    });
    expect(await refusal(handler, id, 2, 'RETURN', { targetId: 'x-none' })).toMatchObject({
      problems: [{ path: 'input.targetId', code: 'UNKNOWN' }],
    });
    const back = { noteZh: '不属本单位职责。', targetId: 'x-helper' };
    await hub.advance(handler, id, 2, 'RETURN', back);
    expect(await read(editor, id, 'suggestedAgency { id } escalation responsible { id }')).toEqual({
      suggestedAgency: { id: 'x-helper' },
      escalation: null,
      responsible: null,
    });
    await hub.change(editor, 'assignServiceRequest', { id, version: 3, agencyId: 'x-handler' });
    await hub.advance(handler, id, 4, 'RETURN', back);
    expect(await read(editor, id, 'escalation')).toEqual({ escalation: 'MEETING' });
  });

  it('is possible within two working days', async () => {
    const id = await submit();
    const yesterday = new Date(Date.parse(today()) - 86_400_000).toISOString().slice(0, 10);
    const tooEarly = workingDaysBefore(yesterday, 2, standardCalendar);
    await hub.sql(`update policies.service_requests set stage = 'ASSIGNED', responsible_id = 'x-handler' where id = '${id}';
      insert into policies.service_request_steps (object_id, seq, stage, step_on, action) values ('${id}', 1, 'ASSIGNED', '${tooEarly}', 'ASSIGN')`);
    expect((await refusal(handler, id, 1, 'RETURN', { targetId: 'x-helper' })).code).toBe('WRONG_STAGE');
    const inTime = addWorkingDays(tooEarly, 1, standardCalendar);
    await hub.sql(
      `update policies.service_request_steps set step_on = '${inTime}' where object_id = '${id}' and seq = 1`,
    );
    await hub.advance(handler, id, 1, 'RETURN', { noteZh: '不属本单位职责。', targetId: 'x-helper' });
  });
});

it('gives an opinion five working days', async () => {
  const id = await assigned();
  await hub.change(handler, 'requestCoHandling', {
    id,
    version: 2,
    agencyIds: ['x-helper'],
    questionZh: '有无处罚?',
  });
  expect(await read(handler, id, 'opinions { agency { id } dueOn opinionZh }')).toEqual({
    opinions: [
      { agency: { id: 'x-helper' }, dueOn: addWorkingDays(today(), 5, standardCalendar), opinionZh: null },
    ],
  });
});

it('is struck off after two unhappy rounds, only with a reason', async () => {
  const id = await assigned();
  const answer = { resolution: 'EXPLAINED', answerZh: '暂无法解决。' };
  let version = 2;
  for (let round = 0; round < 2; round++) {
    await hub.change(handler, 'resolveServiceRequest', { id, version: version++, ...answer });
    expect((await refusal(leader, id, version, 'STRIKE_OFF')).code).toBe('WRONG_STAGE');
    await hub.change(key('ent-pico'), 'revisitServiceRequest', {
      id,
      version: version++,
      isSatisfied: false,
      remarkZh: '没有解决。',
    });
  }
  await hub.change(handler, 'resolveServiceRequest', { id, version: version++, ...answer });
  expect(await refusal(leader, id, version, 'STRIKE_OFF', { noteZh: null })).toMatchObject({
    problems: [{ path: 'input.noteZh', code: 'LENGTH' }],
  });
  expect(
    await hub.advance(leader, id, version, 'STRIKE_OFF', { noteZh: '现行规定下无法解决。' }),
  ).toMatchObject({ stage: 'STRUCK_OFF' });
});

it('takes ten requests a day from an enterprise, also when they come at once', async () => {
  const enterprise = key('ent-bona-film');
  const input = {
    enterpriseId: 'ent-bona-film',
    regionCode: '370212',
    kind: 'OTHER',
    titleZh: '诉求',
    textZh: '内容。',
  };
  const all = await Promise.all(
    Array.from({ length: 13 }, () => hub.attempt(enterprise, 'submitServiceRequest', input)),
  );
  expect(all.filter(({ code }) => code === undefined)).toHaveLength(10);
  expect(all.filter(({ code }) => code === 'RATE_LIMITED')).toMatchObject(
    Array.from({ length: 3 }, () => ({ limit: 10 })),
  );
  // Its test key has ten of its own.
  await submit(key('ent-bona-film', { isTest: true }), { enterpriseId: 'ent-bona-film' });
  // Who hands in for it is not limited.
  await submit(editor, { enterpriseId: 'ent-bona-film' });
});

it('marks what a test key hands in as synthetic', async () => {
  const id = await submit(key('ent-pico', { isTest: true }));
  expect(id).toMatch(/^syn-req-/);
  expect(await hub.sql(`select synthetic from policies.service_requests where id = '${id}'`)).toEqual([
    { synthetic: true },
  ]);
});

it('names no policy that the caller does not see', async () => {
  await hub.sql(`insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code)
    values ('x-draft', '草案', 'Draft', 'PLAN', 'ARTS', 'DRAFTING', '370212')`);
  const about = (policyId: string) =>
    hub.hub
      .as(key('ent-cfg-system'))
      .ask('mutation ($input: SubmitServiceRequestInput!) { submitServiceRequest(input: $input) { step } }', {
        input: {
          key: `about ${policyId}`,
          enterpriseId: 'ent-cfg-system',
          regionCode: '370212',
          kind: 'OTHER',
          titleZh: '诉求',
          textZh: '内容。',
          policyId,
        },
      });
  for (const policyId of ['x-draft', 'x-none']) {
    expect((await about(policyId)).errors?.[0]?.extensions.problems).toMatchObject([
      { path: 'input.policyId', code: 'UNKNOWN' },
    ]);
  }
  await hub.sql("update policies.policies set status = 'ISSUED' where id = 'x-draft'");
  expect((await about('x-draft')).data).toEqual({ submitServiceRequest: { step: 0 } });
});

describe('the commissioner of an enterprise', () => {
  let keys = 0;
  const name = (
    who: Who,
    agencyId: string | null,
    { enterpriseId = 'ent-changxin-film', key = `name-${keys++}` } = {},
  ) =>
    hub.hub.as(who).ask(
      `mutation ($key: ID!, $agencyId: ID, $enterpriseId: ID!) {
        nameCommissioner(input: { key: $key, enterpriseId: $enterpriseId, agencyId: $agencyId }) {
          enterprise { id commissioner { id } } commissioner { id } isReplay } }`,
      { key, agencyId, enterpriseId },
    );

  it('is named in the region of the caller alone, for an enterprise that is there', async () => {
    const inHuairou: Who = { ...leader, region: '110116' };
    const codeOf = async (...given: Parameters<typeof name>) =>
      (await name(...given)).errors?.[0]?.extensions.code;
    expect(await codeOf(inHuairou, 'x-helper', { enterpriseId: 'ent-pico' })).toBe('FORBIDDEN');
    expect(await codeOf(inHuairou, null, { enterpriseId: 'ent-pico' })).toBe('FORBIDDEN');
    expect(await codeOf(leader, 'x-helper', { enterpriseId: 'ent-nowhere' })).toBe('BAD_USER_INPUT');
    expect(
      await codeOf({ ...leader, region: '370200' }, 'x-helper', { enterpriseId: 'ent-pico' }),
    ).toBeUndefined();
    expect(await codeOf(leader, null, { enterpriseId: 'ent-pico' })).toBeUndefined();
  });

  it('hands in requests for it and puts them before a meeting', async () => {
    const input = {
      enterpriseId: 'ent-changxin-film',
      regionCode: '370212',
      kind: 'OTHER',
      titleZh: '诉求',
      textZh: '内容。',
    };
    expect((await hub.refusal(looksAfter, 'submitServiceRequest', input)).code).toBe('FORBIDDEN');
    expect((await name(handler, 'x-helper')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await name(leader, 'x-none')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await name(leader, 'x-helper', { key: 'first' })).data).toEqual({
      nameCommissioner: {
        enterprise: { id: 'ent-changxin-film', commissioner: { id: 'x-helper' } },
        commissioner: { id: 'x-helper' },
        isReplay: false,
      },
    });
    const { id } = await hub.change(looksAfter, 'submitServiceRequest', input);
    // It sees the request also when another handed it in.
    const byOther = await submit(editor, { enterpriseId: 'ent-changxin-film' });
    expect(await read(looksAfter, byOther, 'id commissioner { id }')).toEqual({
      id: byOther,
      commissioner: { id: 'x-helper' },
    });
    await hub.advance(looksAfter, id, 1, 'ESCALATE', { noteZh: '久拖未决。', escalation: 'QUARTERLY' });
    expect((await refusal(handler, byOther, 1, 'ESCALATE', { escalation: 'MEETING' })).code).toBe(
      'NOT_FOUND',
    );
    expect((await name(leader, null)).data).toMatchObject({ nameCommissioner: { commissioner: null } });
    // A repeat answers what was named at that time, and does not name it again.
    expect((await name(leader, 'x-helper', { key: 'first' })).data).toEqual({
      nameCommissioner: {
        enterprise: { id: 'ent-changxin-film', commissioner: null },
        commissioner: { id: 'x-helper' },
        isReplay: true,
      },
    });
    expect((await name(leader, null, { key: 'first' })).errors?.[0]?.extensions.code).toBe('KEY_REUSED');
  });

  it('is named for enterprises of the own region alone', async () => {
    const own = { ...leader, region: '110000' };
    expect((await name(own, 'x-helper')).data).toMatchObject({
      nameCommissioner: { commissioner: { id: 'x-helper' } },
    });
    const elsewhere = { ...leader, region: '370000' };
    for (const agencyId of ['x-helper', null])
      expect((await name(elsewhere, agencyId)).errors).toMatchObject([
        {
          message: 'Enterprise "ent-changxin-film" is not in your region.',
          extensions: {
            code: 'FORBIDDEN',
            messageZh: '企业“ent-changxin-film”不在您所属的地区。',
          },
        },
      ]);
    const unknown = `mutation { nameCommissioner(input: { key: "u", enterpriseId: "x-none", agencyId: "x-helper" }) {
      commissioner { id } } }`;
    expect((await hub.hub.as(leader).ask(unknown)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect((await name(own, null)).data).toMatchObject({ nameCommissioner: { commissioner: null } });
  });
});

it('has the agenda of the meetings: what was put before them, what is overdue, what is to be reviewed', async () => {
  const rows = (values: readonly string[]) =>
    hub.sql(`insert into policies.service_requests
      (id, enterprise_id, region_code, kind, title_zh, stage, submitted_on, responsible_id, due_on, escalation, resolution, review_on, closed_on)
      values ${values.map((each) => `(${each})`).join(', ')}`);
  await hub.sql(
    'update policies.service_requests set due_on = null, escalation = null, resolution = null, review_on = null',
  );
  const some = (id: string, stage = 'ASSIGNED') =>
    `'${id}', 'ent-pico', '370212', 'OTHER', '诉求', '${stage}', '2026-01-05', 'x-handler'`;
  await rows([
    `${some('a-late')}, '2026-02-02', null, null, null, null`,
    `${some('a-put')}, '2027-02-02', 'MEETING', null, null, null`,
    `${some('a-quarter')}, '2027-02-02', 'QUARTERLY', null, null, null`,
    `${some('a-review', 'STRUCK_OFF')}, null, null, 'LONG_TERM', '2026-06-01', '2026-02-02'`,
    `${some('a-later', 'STRUCK_OFF')}, null, null, 'LONG_TERM', '2099-06-01', '2026-02-02'`,
    `${some('a-well')}, '2099-02-02', null, null, null, null`,
    `${some('a-closed', 'STRUCK_OFF')}, '2026-02-02', 'MEETING', null, null, '2026-02-02'`,
  ]);
  const agenda = async (who: Who, args: string) => {
    const { data } = await hub.hub.as(who).ask(`{ serviceRequestAgenda${args} { totalCount nodes { id } } }`);
    return data?.serviceRequestAgenda;
  };
  expect(await agenda(leader, '')).toEqual({
    totalCount: 3,
    nodes: [{ id: 'a-late' }, { id: 'a-put' }, { id: 'a-review' }],
  });
  expect(await agenda(leader, '(meeting: QUARTERLY)')).toEqual({
    totalCount: 1,
    nodes: [{ id: 'a-quarter' }],
  });
  expect(await agenda(leader, '(filter: { region: { within: "110000" } })')).toEqual({
    totalCount: 0,
    nodes: [],
  });
});
