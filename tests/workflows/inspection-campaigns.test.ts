import { dayOf } from '@wenshu/kit/today.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Official, startWorkflowHub, type WorkflowHub } from '../support/workflow-hub.ts';

const fromToday = (days: number) => dayOf(Date.now() + days * 86_400_000);
const planner: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-ct', sub: 'planner' };
const leader: Official = { ...planner, role: 'leader', sub: 'leader' };
const invited: Official = { department: 'MARKET_REGULATION', role: 'leader', agency: 'x-mr', sub: 'mr' };
const police: Official = { department: 'PUBLIC_SECURITY', role: 'leader', agency: 'x-ps', sub: 'ps' };
/** Of the departments that lead and own campaigns, but of agencies that this one does not name. */
const unnamed: readonly Official[] = [
  { ...leader, agency: 'x-other' },
  { department: 'CULTURE_TOURISM' },
  { department: 'MARKET_REGULATION', role: 'leader' },
];

let hub: WorkflowHub;
beforeAll(async () => {
  hub = await startWorkflowHub({
    object: 'inspectionCampaign',
    list: 'inspectionCampaigns',
    selection: 'lead { id } joined { id } event { id status } history { action }',
    rows: `insert into policies.agencies (id, name_zh, name_en, kind, region_code) values
      ('x-ct', '文旅局', 'CT', 'DEPARTMENT', '370212'), ('x-mr', '市场监管局', 'MR', 'DEPARTMENT', '370212'),
      ('x-ps', '公安局', 'PS', 'DEPARTMENT', '370212')`,
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const plan = {
  nameZh: '暑期演出市场联合检查',
  nameEn: 'Joint inspection of summer shows',
  purposeZh: '检查营业性演出的审批与安全。',
  regionCode: '370212',
  startsOn: fromToday(0),
  endsOn: fromToday(5),
  agencyIds: ['x-mr', 'x-ps'],
};

const advance = (who: Official, id: string, version: number, action: string, more = {}) =>
  hub.change(who, 'advanceInspectionCampaign', { id, version, action, ...more });
const planned = async () => (await hub.change(planner, 'planInspectionCampaign', plan)).id;

/** What a caller sees of a campaign: by its id, in the list and in numbers, and as an event. */
async function seenBy(who: Official, id: string) {
  const { data } = await hub.hub.as(who).ask(`{
    inspectionCampaign(id: "${id}") { stage }
    inspectionCampaigns(filter: { id: { eq: "${id}" } }) { totalCount }
    event(id: "${id}") { status }
  }`);
  return data;
}

it('leads from the plan to the published totals', async () => {
  const id = await planned();
  await advance(invited, id, 1, 'JOIN');
  const started = await advance(leader, id, 2, 'START');
  expect(started).toMatchObject({
    stage: 'RUNNING',
    dueOn: fromToday(5),
    lead: { id: 'x-ct' },
    joined: [{ id: 'x-ct' }, { id: 'x-mr' }],
    event: { id, status: 'SCHEDULED' },
  });
  await advance(police, id, 3, 'JOIN');
  await advance(leader, id, 4, 'FINISH');
  expect((await seenBy({ department: 'FINANCE' }, id))?.event).toBeNull();
  const published = await advance(leader, id, 5, 'PUBLISH');
  expect(published).toMatchObject({ stage: 'PUBLISHED', dueOn: null, event: { status: 'HELD' } });
  expect(await hub.eventsOf('events', id)).toEqual([1, 2, 3, 4, 5, 6]);
  const { data } = await hub.hub
    .as('FINANCE')
    .ask(`{ event(id: "${id}") { status hosts { role host { ... on Agency { id } } } } }`);
  expect(data?.event).toEqual({
    status: 'HELD',
    hosts: [
      { role: 'HOST', host: { id: 'x-ct' } },
      { role: 'CO_HOST', host: { id: 'x-mr' } },
      { role: 'CO_HOST', host: { id: 'x-ps' } },
    ],
  });
});

describe('a planned campaign', () => {
  it('is seen by the agencies that it names alone, and not even by other agencies of its department', async () => {
    const id = await planned();
    for (const who of [planner, invited, police])
      expect(await seenBy(who, id)).toMatchObject({
        inspectionCampaign: { stage: 'PLANNED' },
        inspectionCampaigns: { totalCount: 1 },
      });
    for (const who of unnamed)
      expect((await seenBy(who, id))?.inspectionCampaign, JSON.stringify(who)).toBeNull();
    const { data } = await hub.hub
      .as('MARKET_REGULATION')
      .ask('{ inspectionCampaigns(filter: { stage: { eq: PLANNED } }) { totalCount nodes { id } } }');
    expect(data?.inspectionCampaigns).toEqual({ totalCount: 0, nodes: [] });
  });

  it('is no longer seen by an agency that declined', async () => {
    const id = await planned();
    await advance(police, id, 1, 'DECLINE', { noteZh: '人手不足。' });
    expect((await seenBy(police, id))?.inspectionCampaign).toBeNull();
    await advance(planner, id, 2, 'INVITE', { agencyIds: ['x-ps'] });
    expect(await hub.allowed(police, id)).toEqual(['JOIN', 'DECLINE']);
  });

  it('is not there for agencies that it does not name when they try to change it', async () => {
    const id = await planned();
    for (const who of unnamed.filter(({ role }) => role === 'leader'))
      expect(
        await hub.refusal(who, 'advanceInspectionCampaign', { id, version: 1, action: 'START' }),
      ).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('it refuses', () => {
  it('all problems of a plan at once', async () => {
    const wrong = {
      ...plan,
      nameZh: '短',
      regionCode: '999999',
      startsOn: fromToday(-1),
      endsOn: fromToday(-2),
    };
    const refused = await hub.refusal(planner, 'planInspectionCampaign', wrong);
    expect(refused.problems?.map(({ path }) => path)).toEqual([
      'input.nameZh',
      'input.regionCode',
      'input.startsOn',
      'input.endsOn',
    ]);
  });

  it('that who planned it starts or publishes it', async () => {
    const both = { ...planner, role: 'leader' as const };
    const { id } = await hub.change(both, 'planInspectionCampaign', plan);
    expect(
      await hub.refusal(both, 'advanceInspectionCampaign', { id, version: 1, action: 'START' }),
    ).toMatchObject({ code: 'SECOND_PERSON' });
    await advance(leader, id, 1, 'START');
    await advance(leader, id, 2, 'FINISH');
    expect(
      await hub.refusal(both, 'advanceInspectionCampaign', { id, version: 3, action: 'PUBLISH' }),
    ).toMatchObject({ code: 'SECOND_PERSON', earlier: 'PLAN' });
  });

  it('that others than the lead start, end or publish it', async () => {
    const id = await planned();
    expect(
      await hub.refusal(invited, 'advanceInspectionCampaign', { id, version: 1, action: 'START' }),
    ).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('an inspection of a campaign', () => {
  const record = async (who: Official, campaignId: string) => {
    const input = {
      key: `ins-${who.sub}-${campaignId}`,
      enterpriseId: 'ent-pico',
      campaignId,
      method: 'JOINT',
      inspectedOn: fromToday(0),
      officers: 2,
      result: 'NO_PROBLEM',
    };
    const { data, errors } = await hub.hub.as(who).ask(
      `mutation ($input: RecordCampaignInspectionInput!) {
        recordCampaignInspection(input: $input) { inspection { campaign { id } agencies { id } } isReplay }
      }`,
      { input },
    );
    return { ...(data?.recordCampaignInspection as object | null), refused: errors?.[0]?.extensions };
  };
  const clerk: Official = { ...invited, role: 'editor', sub: 'mr-clerk' };

  it('rests on what the agency of events says: the campaign runs, and the agency has joined it', async () => {
    const id = await planned();
    expect((await record(clerk, id)).refused).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [{ path: 'input.campaignId' }],
    });
    await advance(invited, id, 1, 'JOIN');
    await advance(leader, id, 2, 'START');
    const running = { ...clerk, sub: 'mr-clerk-2' };
    expect(await record(running, id)).toMatchObject({
      inspection: { campaign: { id }, agencies: [{ id: 'x-mr' }] },
      isReplay: false,
    });
    expect(await record(running, id)).toMatchObject({ isReplay: true });
    expect((await record({ ...police, role: 'editor' }, id)).refused).toMatchObject({ code: 'FORBIDDEN' });
    expect((await record(clerk, 'no-such-campaign')).refused).toMatchObject({ code: 'NOT_FOUND' });
  });
});
