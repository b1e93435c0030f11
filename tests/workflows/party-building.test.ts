import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Official, startWorkflowHub, type WorkflowHub } from '../support/workflow-hub.ts';

const editor: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'e-1', region: '110105' };
const owner: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'e-2' };
const leader: Official = { department: 'PROPAGANDA', role: 'leader', sub: 'l-1' };
const other: Official = { department: 'CULTURE_TOURISM', role: 'editor', sub: 'o-1' };
const host: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-host', sub: 'h-1' };

let hub: WorkflowHub;
beforeAll(async () => {
  hub = await startWorkflowHub({
    object: 'partyCoverageCase',
    list: 'partyCoverageCases',
    selection: 'gap mode unit { id } history { action dueOn }',
    rows: `insert into party.party_units (id, name_zh, name_en, kind, region_code, host_id) values
        ('x-branch', '支部', 'Branch', 'PARK_BRANCH', '110105', 'x-host'),
        ('x-body', '协调委员会', 'Body', 'COORDINATION_COMMITTEE', '110105', null),
        ('x-silent', '未记支部', 'Silent', 'BRANCH', '110105', null);
      insert into party.meeting_rules (unit_id, seq, kind, frequency) values
        ('x-branch', 0, 'THEME_PARTY_DAY', 'MONTHLY'), ('x-branch', 1, 'PARTY_LECTURE', 'QUARTERLY'),
        ('x-branch', 2, 'BRANCH_COMMITTEE', null), ('x-silent', 0, 'THEME_PARTY_DAY', 'MONTHLY')`,
  });
});
afterAll(() => hub[Symbol.asyncDispose]());

const coverageOf = async (id: string) => {
  const { data } = await hub.hub
    .as('PROPAGANDA')
    .ask(
      'query ($id: ID!) { park(id: $id) { partyCoverage { organisation work mode reasonZh units { id } } } }',
      { id },
    );
  return (data as { park: { partyCoverage: unknown } }).park.partyCoverage;
};

describe('coverage', () => {
  it('leads from a gap over a liaison to an organisation, which the coverage of the park then shows', async () => {
    const parkId = 'park-hengtong';
    const gap = await hub.change(editor, 'recordPartyCoverage', {
      parkId,
      action: 'RECORD_GAP',
      gap: 'FEWER_THAN_3',
      regionCode: '110105',
    });
    expect(gap).toMatchObject({ id: parkId, stage: 'NOT_COVERED', version: 1, gap: 'FEWER_THAN_3' });
    expect(await coverageOf(parkId)).toEqual({
      organisation: 'NOT_COVERED',
      work: 'NOT_COVERED',
      mode: null,
      reasonZh: '正式党员不足三名',
      units: [],
    });
    await hub.change(editor, 'recordPartyCoverage', { parkId, version: 1, action: 'APPOINT_LIAISON' });
    expect(await coverageOf(parkId)).toMatchObject({ organisation: 'NOT_COVERED', work: 'COVERED' });
    const established = await hub.change(editor, 'recordPartyCoverage', {
      parkId,
      version: 2,
      action: 'ESTABLISH',
      mode: 'PARK_JOINT',
      unitId: 'x-branch',
    });
    expect(established).toMatchObject({ stage: 'COVERED', mode: 'PARK_JOINT', unit: { id: 'x-branch' } });
    expect(await coverageOf(parkId)).toMatchObject({ organisation: 'COVERED', units: [{ id: 'x-branch' }] });
    expect(established.history).toMatchObject([
      { action: 'RECORD_GAP' },
      { action: 'APPOINT_LIAISON' },
      { action: 'ESTABLISH', dueOn: established.dueOn },
    ]);
    expect(await hub.eventsOf('party', parkId)).toEqual([1, 2, 3]);
    expect(await hub.allowed(editor, parkId)).toEqual(['CHECK']);
    expect(await hub.allowed(leader, parkId)).toEqual(['DISSOLVE']);
    const contrary = { parkId, version: 3, action: 'RECORD_GAP', gap: 'NEW' };
    expect(await hub.refusal(editor, 'recordPartyCoverage', contrary)).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [{ path: 'input.action', code: 'UNKNOWN' }],
    });
    const dissolved = await hub.change(leader, 'recordPartyCoverage', {
      parkId,
      version: 3,
      action: 'DISSOLVE',
    });
    expect(dissolved).toMatchObject({ stage: 'DISSOLVED', dueOn: null, unit: null });
    expect(await coverageOf(parkId)).toMatchObject({ organisation: 'NOT_COVERED', units: [] });
  });

  it('refuses what is missing, all at once, and an organisation that covers nobody', async () => {
    const nothing = { action: 'ESTABLISH' };
    expect(await hub.refusal(owner, 'recordPartyCoverage', nothing)).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [
        { path: 'input.parkId', code: 'MISSING' },
        { path: 'input.mode', code: 'MISSING' },
        { path: 'input.unitId', code: 'MISSING' },
        { path: 'input.regionCode', code: 'MISSING' },
      ],
    });
    const body = {
      enterpriseId: 'ent-pico',
      action: 'ESTABLISH',
      mode: 'INDUSTRY',
      unitId: 'x-body',
      regionCode: '370212',
    };
    expect(await hub.refusal(owner, 'recordPartyCoverage', body)).toMatchObject({
      problems: [{ path: 'input.unitId', code: 'UNKNOWN' }],
    });
  });

  it('is recorded once, in the own region, by a department that it is given to', async () => {
    const record = { enterpriseId: 'ent-pico', action: 'RECORD_GAP', gap: 'NEW', regionCode: '370212' };
    expect(await hub.refusal(other, 'recordPartyCoverage', record)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await hub.refusal(editor, 'recordPartyCoverage', record)).toMatchObject({ code: 'FORBIDDEN' });
    await hub.change(owner, 'recordPartyCoverage', record);
    expect(await hub.refusal(owner, 'recordPartyCoverage', record)).toMatchObject({
      code: 'CONFLICT',
      version: 1,
      stage: 'NOT_COVERED',
    });
    const lead = { enterpriseId: 'ent-pico', version: 1, action: 'DISSOLVE' };
    expect(await hub.refusal(leader, 'recordPartyCoverage', lead)).toMatchObject({
      code: 'WRONG_STAGE',
      allowed: [],
    });
  });
});

describe('meetings', () => {
  const record = (who: Official, more: object) =>
    hub.hub.as(who).ask(
      `mutation ($input: RecordPartyActivityInput!) { recordPartyActivity(input: $input) {
        partyActivity { id stage meeting on topicZh } isReplay } }`,
      { input: { unitId: 'x-branch', topicZh: '学习', ...more } },
    );
  const rules = async () => {
    const { data } = await hub.hub
      .as('PROPAGANDA')
      .ask(
        '{ branch: partyUnit(id: "x-branch") { lifeCycle { kind lastHeldOn isOverdue } } silent: partyUnit(id: "x-silent") { lifeCycle { isOverdue } } }',
      );
    return data;
  };

  it('are overdue when none was held in the last period, and unknown before the first record', async () => {
    expect(await rules()).toMatchObject({
      branch: { lifeCycle: [{ isOverdue: null }, { isOverdue: null }, { isOverdue: null }] },
    });
    const { errors } = await record(host, { key: 'm1', meeting: 'PARTY_LECTURE', on: '2025-01-15' });
    expect(errors).toBeUndefined();
    expect(await rules()).toEqual({
      branch: {
        lifeCycle: [
          { kind: 'THEME_PARTY_DAY', lastHeldOn: null, isOverdue: true },
          { kind: 'PARTY_LECTURE', lastHeldOn: '2025-01-15', isOverdue: true },
          { kind: 'BRANCH_COMMITTEE', lastHeldOn: null, isOverdue: null },
        ],
      },
      silent: { lifeCycle: [{ isOverdue: null }] },
    });
  });

  it('are recorded once, not before they are held, and withdrawn with a reason', async () => {
    const meeting = { meeting: 'THEME_PARTY_DAY', on: '2025-02-05' };
    const { data } = await record(owner, { key: 'm2', ...meeting });
    const { id } = (data as { recordPartyActivity: { partyActivity: { id: string } } }).recordPartyActivity
      .partyActivity;
    const again = await record(owner, { key: 'm3', ...meeting });
    expect(again.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [{ path: 'input.on' }],
    });
    const future = await record(owner, { key: 'm4', meeting: 'THEME_PARTY_DAY', on: '2999-01-01' });
    expect(future.errors?.[0]?.extensions).toMatchObject({ problems: [{ path: 'input.on', code: 'DATE' }] });
    const stranger = await record(other, { key: 'm5', meeting: 'THEME_PARTY_DAY', on: '2025-03-05' });
    expect(stranger.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const withdrawn = await hub.hub
      .as(owner)
      .ask(
        `mutation { withdrawPartyActivity(input: { key: "m6", id: "${id}", version: 1, noteZh: "误记" }) { partyActivity { stage version } } }`,
      );
    expect(withdrawn.data).toEqual({
      withdrawPartyActivity: { partyActivity: { stage: 'WITHDRAWN', version: 2 } },
    });
    expect((await record(owner, { key: 'm7', ...meeting })).errors).toBeUndefined();
  });

  it('are counted by period: held, overdue and unknown apart', async () => {
    const { data, errors } = await hub.hub
      .as('PROPAGANDA')
      .ask(
        '{ partyBuildingSummary(region: "110105", year: 2025, quarter: 1) { from to meetings { kind due held overdue unknown heldRate } } }',
      );
    expect(errors).toBeUndefined();
    // Of x-branch, January to March: the theme day was held once of three; the lecture of the quarter was held. Of x-silent nothing is known.
    expect(data?.partyBuildingSummary).toMatchObject({
      from: '2025-01-01',
      to: '2025-03-31',
      meetings: expect.arrayContaining([
        {
          kind: 'PARTY_LECTURE',
          due: expect.any(Number),
          held: 1,
          overdue: 0,
          unknown: expect.any(Number),
          heldRate: '100.00',
        },
        {
          kind: 'THEME_PARTY_DAY',
          due: expect.any(Number),
          held: 1,
          overdue: 2,
          unknown: expect.any(Number),
          heldRate: '33.33',
        },
      ]),
    });
  });
});

describe('brands', () => {
  const ask = async (who: Official, mutation: string, input: object) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const field =
      mutation === 'setPartyBrandPlan'
        ? 'partyBrandPlan { planned version stage }'
        : 'partyBrand { id stage version honours { titleZh } }';
    const { data, errors } = await hub.hub
      .as(who)
      .ask(`mutation ($input: ${type}!) { ${mutation}(input: $input) { ${field} } }`, { input });
    return { ...(data?.[mutation] as object), error: errors?.[0]?.extensions };
  };

  it('are nominated, cultivated, and awarded by a leader who did neither; the plan stands beside them', async () => {
    const nominated = (await ask(owner, 'nominatePartyBrand', {
      key: 'b1',
      nameZh: '红色引擎',
      nameEn: 'Red Engine',
      regionCode: '110105',
      unitId: 'x-branch',
      parkId: 'park-hengtong',
    })) as unknown as { partyBrand: { id: string } };
    const { id } = nominated.partyBrand;
    expect(nominated).toMatchObject({ partyBrand: { stage: 'NOMINATED', version: 1, honours: null } });
    // A nomination is not open.
    const seen = await hub.hub.as('TAXATION').ask('query ($id: ID!) { partyBrand(id: $id) { id } }', { id });
    expect(seen.data).toEqual({ partyBrand: null });
    expect(
      await ask(leader, 'advancePartyBrand', { key: 'b2', id, version: 1, action: 'CULTIVATE' }),
    ).toMatchObject({
      partyBrand: { stage: 'CULTIVATED' },
    });
    const award = { id, version: 2, action: 'AWARD', titleZh: '党建品牌' };
    expect(await ask(leader, 'advancePartyBrand', { key: 'b3', ...award })).toMatchObject({
      error: { code: 'SECOND_PERSON' },
    });
    expect(await ask({ ...leader, sub: 'l-2' }, 'advancePartyBrand', { key: 'b4', ...award })).toMatchObject({
      partyBrand: { stage: 'AWARDED', honours: [{ titleZh: '党建品牌' }] },
    });
    expect(
      await ask(leader, 'setPartyBrandPlan', { key: 'b5', regionCode: '110105', year: 2026, planned: 5 }),
    ).toMatchObject({
      partyBrandPlan: { planned: 5, version: 1, stage: 'IN_FORCE' },
    });
    expect(
      await ask(leader, 'setPartyBrandPlan', {
        key: 'b6',
        regionCode: '110105',
        year: 2026,
        version: 1,
        planned: 6,
      }),
    ).toMatchObject({
      partyBrandPlan: { planned: 6, version: 2 },
    });
  });
});
