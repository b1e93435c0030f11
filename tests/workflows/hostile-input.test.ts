import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHubWithRequests } from '../support/service-requests.ts';
import type { Input, Official } from '../support/workflow-hub.ts';

// What callers may write into a change, and what they may not.

const editor: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'editor-1' };
const handler: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-handler', sub: 'h-1' };

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests();
});
afterAll(() => hub[Symbol.asyncDispose]());

const submission = {
  enterpriseId: 'ent-pico',
  regionCode: '370212',
  kind: 'FINANCING',
  titleZh: '诉求',
  textZh: '内容。',
};
const submit = (more: Input = {}) => hub.change(editor, 'submitServiceRequest', { ...submission, ...more });
const refusal = (more: Input) => hub.refusal(editor, 'submitServiceRequest', { ...submission, ...more });

describe('free text', () => {
  it.each([
    '电话 138 0013 8000',
    '１３８００１３８０００',
    '008613800138000',
    '0086-138-0013-8000',
    '1380 0138 000',
    '1380 013 8000',
    '138.0013.8000',
    '1 3 8 0 0 1 3 8 0 0 0',
    '138\u200b0013\u200b8000',
    '138—0013—8000',
    '一三八〇〇幺三八零零零',
    '١٣٨٠٠١٣٨٠٠٠',
    '11010519491231002X',
    '110105 19491231 002X',
    '110105-1949-1231-002x',
    '1101051949123100 2X',
    '11010519491231002×',
    '11010519491231002Х',
    '11010519491231002XX',
    '编号 9 110105194912310021 之后 11010519491231002X',
  ])('is refused with the number of a person: %s', async (number) => {
    expect(await refusal({ textZh: `内容 ${number}。` })).toMatchObject({
      code: 'PERSONAL_DATA',
      problems: [{ path: 'input.textZh', code: 'PERSONAL_DATA' }],
    });
  });

  it.each([
    '市监罚〔2026〕13800138号',
    '91370212MA3C12345X',
    '913702121949123100',
    '2026138001380001',
    '金额 13,800,138,000 元',
    '2026-11-30 至 2026-12-18,共 15 户、20 人、30 次、12 家',
    '二〇二六年十一月三十日',
    '11010519491231002 7',
  ])('may hold other numbers: %s', async (number) => {
    expect(await submit({ textZh: `内容 ${number}。` })).toMatchObject({ stage: 'COLLECTED' });
  });

  it('is kept without characters that nobody sees, which do not count', async () => {
    expect(await refusal({ textZh: '\u200b内\u202e\u0007 ' })).toMatchObject({
      problems: [{ path: 'input.textZh', code: 'LENGTH' }],
    });
    const { id } = await submit({ textZh: ' 内\u202e容\u0007\n二\u0000 ' });
    expect(await hub.sql(`select text_zh from policies.service_requests where id = '${id}'`)).toEqual([
      { text_zh: '内容\n二' },
    ]);
    expect(await refusal({ enterpriseId: 'ent\u0000' })).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

it('a key or an id that no index can hold is wrong input, and no fault of the hub', async () => {
  const long = Array.from({ length: 9_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000)));
  expect(await refusal({ key: long.join('') })).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await refusal({ enterpriseId: long.join('') })).toMatchObject({ code: 'BAD_USER_INPUT' });
});

it('each agency is asked for one opinion, and none is passed over', async () => {
  const { id } = await submit();
  await hub.change(editor, 'assignServiceRequest', { id, version: 1, agencyId: 'x-handler' });
  const ask = (version: number, ...agencyIds: readonly string[]): Input => ({
    id,
    version,
    agencyIds,
    questionZh: '请提出意见。',
  });
  const problems = async (...agencyIds: readonly string[]) =>
    (await hub.refusal(handler, 'requestCoHandling', ask(2, ...agencyIds))).problems;
  expect(await problems('x-helper', 'x-publicity', 'x-helper')).toMatchObject([
    { path: 'input.agencyIds.2', code: 'DUPLICATE' },
  ]);
  expect(await problems('x-handler')).toMatchObject([{ path: 'input.agencyIds.0', code: 'DUPLICATE' }]);
  await hub.change(handler, 'requestCoHandling', ask(2, 'x-helper'));
  expect(
    (await hub.refusal(handler, 'requestCoHandling', ask(3, 'x-helper', 'x-publicity'))).problems,
  ).toMatchObject([{ path: 'input.agencyIds.0', code: 'DUPLICATE' }]);
  await hub.change(handler, 'requestCoHandling', ask(3, 'x-publicity'));
  expect(
    await hub.sql(
      `select seq, agency_id from policies.service_request_co_handlers where request_id = '${id}' order by seq`,
    ),
  ).toEqual([
    { seq: 0, agency_id: 'x-helper' },
    { seq: 1, agency_id: 'x-publicity' },
  ]);
});
