import { dayOf } from '@wenshu/kit/today.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Official, startWorkflowHub, type WorkflowHub } from '../support/workflow-hub.ts';

const fromToday = (days: number) => dayOf(Date.now() + days * 86_400_000);
const clerk: Official = { department: 'MARKET_REGULATION', role: 'editor', agency: 'x-mr', sub: 'clerk' };
const leader: Official = { ...clerk, role: 'leader', sub: 'leader' };
const second: Official = { ...leader, sub: 'second leader' };
const other: Official = { ...leader, agency: 'x-other', sub: 'other' };
const finance: Official = { department: 'FINANCE' };
const keyOf = (enterpriseId: string) => ({
  enterpriseId,
  actions: ['OBJECT' as const],
  scopes: ['Agency', 'BlacklistEntry', 'BlacklistStep', 'Enterprise', 'Query'],
});

let hub: WorkflowHub;
beforeAll(async () => {
  hub = await startWorkflowHub({
    object: 'blacklistEntry',
    list: 'blacklist',
    selection: 'status until history { action }',
    rows: `insert into policies.agencies (id, name_zh, name_en, kind, region_code) values
        ('x-mr', '市场监管局', 'MR', 'DEPARTMENT', '370212');
      insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code)
      select 'x-ent-' || i, '企业' || i, 'Enterprise', 'ENTERPRISE', '370212' from generate_series(1, 20) as i;`,
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const proposal = (enterpriseId: string) => ({
  enterpriseId,
  reasonZh: '拒不履行处罚决定。',
  basisZh: '市场监督管理严重违法失信名单管理办法。',
});
const advance = (
  who: Official | ReturnType<typeof keyOf>,
  id: string,
  version: number,
  action: string,
  more = {},
) => hub.change(who, 'advanceBlacklistEntry', { id, version, action, ...more });
const proposed = async (enterpriseId: string) =>
  (await hub.change(clerk, 'proposeBlacklistEntry', proposal(enterpriseId))).id;
async function published(enterpriseId: string, until = fromToday(365)) {
  const id = await proposed(enterpriseId);
  await hub.sql(`update enterprises.blacklist_entries set due_on = '${fromToday(-1)}' where id = '${id}'`);
  await advance(leader, id, 1, 'LIST', { until });
  await advance(leader, id, 2, 'PUBLISH');
  return id;
}

/** What a caller sees of an entry: by its id, in the list and its number, and of the enterprise. */
async function seenBy(who: Official | ReturnType<typeof keyOf>, id: string, enterpriseId: string) {
  const { data } = await hub.hub.as(who).ask(`{
    entry: blacklistEntry(id: "${id}") { status }
    list: blacklist(filter: { id: { eq: "${id}" } }) { totalCount }
    enterprise(id: "${enterpriseId}") { blacklistEntry { id } }
  }`);
  return data;
}
const nothing = { entry: null, list: { totalCount: 0 }, enterprise: { blacklistEntry: null } };

it('leads from the prior notice over the publication to the restoration', async () => {
  const id = await proposed('x-ent-1');
  expect(
    await hub.refusal(leader, 'advanceBlacklistEntry', {
      id,
      version: 1,
      action: 'LIST',
      until: fromToday(9),
    }),
  ).toMatchObject({ code: 'WRONG_STAGE', allowed: ['DROP'] });
  await advance(keyOf('x-ent-1'), id, 1, 'STATE_CASE', { noteZh: '已履行。' });
  const listed = await advance(leader, id, 2, 'LIST', { until: fromToday(365) });
  expect(listed).toMatchObject({ stage: 'BLACKLISTED', status: 'UNPUBLISHED', until: fromToday(365) });
  expect(await seenBy(finance, id, 'x-ent-1')).toEqual(nothing);
  expect(await advance(leader, id, 3, 'PUBLISH')).toMatchObject({ stage: 'PUBLISHED', status: 'IN_FORCE' });
  expect(await seenBy(finance, id, 'x-ent-1')).toEqual({
    entry: { status: 'IN_FORCE' },
    list: { totalCount: 1 },
    enterprise: { blacklistEntry: { id } },
  });
  const restore = { id, version: 4, action: 'RESTORE', noteZh: '已修复。' };
  expect(await hub.refusal(leader, 'advanceBlacklistEntry', restore)).toMatchObject({
    code: 'SECOND_PERSON',
    earlier: 'LIST',
  });
  const restored = await advance(second, id, 4, 'RESTORE', { noteZh: '已修复。' });
  expect(restored).toMatchObject({ stage: 'RESTORED', status: 'RESTORED', version: 5 });
  expect(restored.history).toEqual(
    ['PROPOSE', 'STATE_CASE', 'LIST', 'PUBLISH', 'RESTORE'].map((action) => ({ action })),
  );
  expect(await seenBy(finance, id, 'x-ent-1')).toEqual(nothing);
  expect(await hub.eventsOf('enterprises', id)).toEqual([1, 2, 3, 4, 5]);
});

describe('others', () => {
  it('see no proposal: only the agency that made it, the owner, and the enterprise itself', async () => {
    const id = await proposed('x-ent-2');
    for (const who of [finance, { ...finance, agency: 'x-other' }, keyOf('x-ent-3')])
      expect(await seenBy(who, id, 'x-ent-2')).toMatchObject({ entry: null, list: { totalCount: 0 } });
    for (const who of [clerk, keyOf('x-ent-2')])
      expect(await seenBy(who, id, 'x-ent-2')).toMatchObject({ entry: { status: 'UNPUBLISHED' } });
  });

  it('see nothing that is shared by agreement, but the agency that listed it, of whichever department', async () => {
    const id = await proposed('x-ent-16');
    await advance(keyOf('x-ent-16'), id, 1, 'STATE_CASE', { noteZh: '已履行。' });
    await hub.sql(`update enterprises.blacklist_entries set listed_by_id = 'x-ct' where id = '${id}'`);
    const query = `{ blacklistEntry(id: "${id}") { statementZh history { action } } }`;
    const listing: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-ct' };
    expect((await hub.hub.as(listing).ask(query)).data).toEqual({
      blacklistEntry: { statementZh: '已履行。', history: [{ action: 'PROPOSE' }, { action: 'STATE_CASE' }] },
    });
    expect((await hub.hub.as({ ...listing, agency: 'x-other' }).ask(query)).data).toEqual({
      blacklistEntry: null,
    });
  });

  it('see no entry whose term has ended, at once', async () => {
    const id = await published('x-ent-4');
    await hub.sql(
      `update enterprises.blacklist_entries set listed_on = '2020-01-01', published_on = '2020-01-02', until = '${fromToday(-1)}' where id = '${id}'`,
    );
    expect(await seenBy(finance, id, 'x-ent-4')).toEqual(nothing);
  });
});

describe('it refuses', () => {
  it('that who proposed it drops, lists, publishes or restores it', async () => {
    const id = await proposed('x-ent-5');
    await hub.sql(`update enterprises.blacklist_entries set due_on = '${fromToday(-1)}' where id = '${id}'`);
    const both = { ...clerk, role: 'leader' as const };
    const alone = async (version: number, action: string) =>
      expect(
        await hub.refusal(both, 'advanceBlacklistEntry', { id, version, action, noteZh: '理由。' }),
      ).toMatchObject({ code: 'SECOND_PERSON', action, earlier: 'PROPOSE' });
    await alone(1, 'DROP');
    const list = { id, version: 1, action: 'LIST', until: fromToday(9) };
    expect(await hub.refusal(both, 'advanceBlacklistEntry', list)).toMatchObject({ code: 'SECOND_PERSON' });
    await hub.change(leader, 'advanceBlacklistEntry', list);
    await alone(2, 'PUBLISH');
    await alone(2, 'RESTORE');
  });

  it('a second proposal of one agency, also at the same time', async () => {
    const answers = await Promise.all([
      hub.attempt(clerk, 'proposeBlacklistEntry', proposal('x-ent-6')),
      hub.attempt({ ...clerk, sub: 'second' }, 'proposeBlacklistEntry', proposal('x-ent-6')),
    ]);
    expect(answers.map(({ code }) => code).toSorted()).toEqual(['CONFLICT', undefined]);
  });

  it('other agencies, a term that is over, and entries of other enterprises', async () => {
    const id = await proposed('x-ent-7');
    const drop = { id, version: 1, action: 'DROP', noteZh: '理由。' };
    expect(await hub.refusal(other, 'advanceBlacklistEntry', drop)).toMatchObject({ code: 'FORBIDDEN' });
    expect(
      await hub.refusal(keyOf('x-ent-8'), 'advanceBlacklistEntry', { ...drop, action: 'STATE_CASE' }),
    ).toMatchObject({ code: 'NOT_FOUND' });
    await hub.sql(`update enterprises.blacklist_entries set due_on = '${fromToday(-1)}' where id = '${id}'`);
    expect(
      await hub.refusal(leader, 'advanceBlacklistEntry', {
        id,
        version: 1,
        action: 'LIST',
        until: fromToday(0),
      }),
    ).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ path: 'input.until' }] });
  });
});

describe('a guide price', () => {
  const tourism: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-ct', sub: 'tourism' };
  const price = {
    lineZh: '崂山一日游',
    floor: '198',
    regionCode: '370212',
    validFrom: fromToday(-1),
    validUntil: fromToday(30),
    issuerIds: ['x-mr'],
  };
  const record = (who: Official, input: object) =>
    hub.hub.as(who).ask(
      `mutation ($input: RecordGuidePriceInput!) { recordGuidePrice(input: $input) { guidePrice {
        id lineZh floor stage issuers { id } cheap: isBelow(offer: "120") fair: isBelow(offer: "198")
        later: isBelow(offer: "120", on: "${fromToday(31)}") } } }`,
      { input: { key: `${Math.random()}`, ...input } },
    );

  it('says which offer is below it, in its period', async () => {
    const { data } = await record(tourism, price);
    expect(data?.recordGuidePrice).toMatchObject({
      guidePrice: {
        floor: '198.00',
        stage: 'IN_FORCE',
        issuers: [{ id: 'x-mr' }],
        cheap: true,
        fair: false,
        later: null,
      },
    });
    const list = await hub.hub
      .as({ scopes: ['GuidePrice', 'Query'] })
      .ask(
        '{ guidePrices(filter: { lineZh: { contains: "崂山" }, floor: { gt: "120" } }) { nodes { lineZh } } }',
      );
    expect(list.data?.guidePrices).toEqual({ nodes: [{ lineZh: '崂山一日游' }] });
  });

  it('is refused with all its problems at once', async () => {
    const { errors } = await record(tourism, {
      ...price,
      floor: '0',
      validUntil: fromToday(-2),
      issuerIds: [],
    });
    const problems = errors?.[0]?.extensions?.problems as { path: string }[];
    expect(problems.map(({ path }) => path)).toEqual(['input.floor', 'input.validUntil', 'input.issuerIds']);
  });
});

it('tells other enterprises of an entry that was published, and its own also of what went before', async () => {
  const id = await published('x-ent-20');
  const eventsFor = (enterpriseId: string) => hub.eventsReadBy(keyOf(enterpriseId), 'enterprises', id);
  expect(await eventsFor('x-ent-20')).toEqual(['PROPOSE', 'LIST', 'PUBLISH']);
  expect(await eventsFor('x-ent-19')).toEqual(['PUBLISH']);
});
