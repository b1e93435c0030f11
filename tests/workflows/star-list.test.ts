import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  draft,
  editor,
  leader,
  rival,
  scores,
  startHubWithStarLists,
  vetters,
} from '../support/star-lists.ts';
import type { Official, Who } from '../support/workflow-hub.ts';

let hub: Awaited<ReturnType<typeof startHubWithStarLists>>;
beforeAll(async () => {
  hub = await startHubWithStarLists();
});
afterAll(() => hub[Symbol.asyncDispose]());

const { market, tax, cyber } = vetters;
const finance: Official = { department: 'FINANCE', role: 'editor', agency: 'x-finance', sub: 'f-1' };

const entriesFor = async (who: Who, id: string) => {
  const { data } = await hub.hub
    .as(who)
    .ask('query ($id: ID!) { starList(id: $id) { entries { status rank enterprise { id } } } }', { id });
  const list = data?.starList as {
    entries: readonly { status: string; rank: number | null; enterprise: { id: string } }[];
  } | null;
  return list?.entries.map(({ status, rank, enterprise }) => [enterprise.id, status, rank]);
};

const clear = (...ids: readonly string[]) => ids.map((enterpriseId) => ({ enterpriseId, verdict: 'CLEAR' }));

describe('the way of a star list', () => {
  it('leads from its draft over the verdicts of three agencies and an objection to its publication', async () => {
    const drafted = await hub.change(editor, 'draftStarList', draft);
    expect(drafted).toMatchObject({ stage: 'DRAFT', version: 1, dueOn: null, entries: [] });
    const { id } = drafted;
    await hub.nominate(id, 1, 'ent-goertek', [20, 30, 25, 10]);
    await hub.nominate(id, 2, 'ent-gaea', [25, 20, 20, 5.5]);
    await hub.nominate(id, 3, 'ent-bona-film', [0, 10, 0, 0]);
    const nominated = await hub.nominate(id, 4, 'ent-pico', [20, 30, 25, 10]);
    // Equal totals share a rank.
    expect(nominated.entries.map(({ enterprise, rank }) => [enterprise.id, rank])).toEqual([
      ['ent-goertek', 1],
      ['ent-pico', 1],
      ['ent-gaea', 3],
      ['ent-bona-film', 4],
    ]);
    const totals = 'query ($id: ID!) { starList(id: $id) { entries { total } } }';
    expect((await hub.hub.as(editor).ask(totals, { id })).data).toEqual({
      starList: { entries: ['85', '85', '70.5', '10'].map((total) => ({ total })) },
    });
    const withdrawn = await hub.advance(editor, id, 5, 'WITHDRAW_ENTRY', { enterpriseId: 'ent-pico' });
    expect(withdrawn.entries.map(({ enterprise, rank }) => [enterprise.id, rank])).toEqual([
      ['ent-goertek', 1],
      ['ent-gaea', 2],
      ['ent-bona-film', 3],
    ]);
    const sent = await hub.change(editor, 'sendStarListToVetting', {
      id,
      version: 6,
      agencyIds: ['x-market', 'x-tax', 'x-cyber'],
    });
    expect(sent).toMatchObject({ stage: 'VETTING', version: 7, dueOn: expect.any(String) });

    const all = clear('ent-goertek', 'ent-gaea', 'ent-bona-film');
    await hub.change(market, 'vetStarList', {
      id,
      version: 7,
      verdicts: [
        ...clear('ent-goertek', 'ent-gaea'),
        { enterpriseId: 'ent-bona-film', verdict: 'VETO', reasonZh: '列入黑名单。' },
      ],
    });
    await hub.change(tax, 'vetStarList', { id, version: 8, verdicts: all });
    // The third agency speaks about one only: silence clears nothing.
    await hub.change(cyber, 'vetStarList', { id, version: 9, verdicts: clear('ent-goertek') });
    const tooEarly = { id, version: 10, action: 'OPEN_OBJECTIONS' };
    expect(await hub.refusal(editor, 'advanceStarList', tooEarly)).toMatchObject({
      code: 'WRONG_STAGE',
      messageZh: expect.stringContaining('未提意见不视为同意'),
    });
    const verdicts = clear('ent-gaea', 'ent-bona-film');
    await hub.change(cyber, 'vetStarList', { id, version: 10, verdicts });
    const opened = await hub.advance(editor, id, 11, 'OPEN_OBJECTIONS');
    expect(opened).toMatchObject({ stage: 'OBJECTION_PERIOD', version: 12 });

    const objection = { id, version: 12, againstId: 'ent-gaea', textZh: '申报的业绩与事实不符。' };
    await hub.change(rival, 'objectToStarList', objection);
    await hub.letPass(id);
    expect(
      await hub.refusal(leader, 'advanceStarList', { id, version: 13, action: 'PUBLISH' }),
    ).toMatchObject({
      code: 'WRONG_STAGE',
      messageZh: expect.stringContaining('异议均已答复'),
    });
    const answered = await hub.change(editor, 'answerStarListObjection', {
      id,
      version: 13,
      objection: 0,
      outcome: 'UPHELD',
      answerZh: '异议成立,取消入选。',
    });
    expect(answered.entries.map(({ enterprise, status }) => [enterprise.id, status])).toEqual([
      ['ent-goertek', 'STANDING'],
      ['ent-bona-film', 'VETOED'],
      ['ent-gaea', 'DROPPED'],
    ]);
    const published = await hub.advance(leader, id, 14, 'PUBLISH');
    expect(published).toMatchObject({ stage: 'PUBLISHED', version: 15, dueOn: null });
    expect(await hub.eventsOf('policies', id)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));

    // A removed entry stays on record, and leaves the open views.
    const removed = await hub.advance(leader, id, 15, 'REMOVE_ENTRY', {
      enterpriseId: 'ent-goertek',
      noteZh: '列入黑名单。',
    });
    expect(removed).toMatchObject({ stage: 'PUBLISHED', version: 16 });
    expect(await entriesFor(editor, id)).toEqual([
      ['ent-bona-film', 'VETOED', null],
      ['ent-gaea', 'DROPPED', null],
      ['ent-goertek', 'REMOVED', null],
    ]);
    expect(await entriesFor(market, id)).toHaveLength(3);
    expect(await entriesFor(finance, id)).toEqual([]);
    expect(await entriesFor(rival, id)).toEqual([]);
    const own = '{ enterprise(id: "ent-goertek") { starListEntries { rank } } }';
    expect((await hub.hub.as(editor).ask(own)).data).toEqual({ enterprise: { starListEntries: null } });
  });

  it('leads back to the draft, and is vetted anew', async () => {
    const id = await hub.sent();
    const veto = [{ enterpriseId: 'ent-goertek', verdict: 'VETO', reasonZh: '欠税。' }];
    await hub.change(tax, 'vetStarList', { id, version: 4, verdicts: veto });
    const returned = await hub.advance(leader, id, 5, 'RETURN_LIST', { noteZh: '提名不足。' });
    expect(returned).toMatchObject({ stage: 'DRAFT', dueOn: null });
    expect(returned.entries.map(({ status, rank }) => [status, rank])).toEqual([
      ['STANDING', 1],
      ['STANDING', 2],
    ]);
    const agencyIds = ['x-market', 'x-tax', 'x-cyber'];
    await hub.change(editor, 'sendStarListToVetting', { id, version: 6, agencyIds });
    expect(await hub.allowed(tax, id)).toEqual(['VET']);
  });
});

describe('what others see', () => {
  const seen = 'query ($id: ID!) { starList(id: $id) { stage entries { status } } }';
  const shownTo = async (who: Who, id: string) => (await hub.hub.as(who).ask(seen, { id })).data?.starList;

  it('is nothing of a draft, in vetting what the named agencies read, and from the notice on the list', async () => {
    const id = await hub.drafted();
    for (const who of [market, finance, rival]) expect(await shownTo(who, id)).toBeNull();
    const agencyIds = ['x-market', 'x-tax', 'x-cyber'];
    await hub.change(editor, 'sendStarListToVetting', { id, version: 3, agencyIds });
    expect(await shownTo(market, id)).toMatchObject({ stage: 'VETTING' });
    for (const who of [finance, rival]) expect(await shownTo(who, id)).toBeNull();
    const opened = await hub.opened();
    for (const who of [finance, rival]) {
      expect(await shownTo(who, opened)).toMatchObject({ stage: 'OBJECTION_PERIOD' });
    }
  });

  it('of scores and declared performance only what agencies that vet read', async () => {
    const id = await hub.opened();
    const query = 'query ($id: ID!) { starList(id: $id) { entries { total performanceZh } } }';
    const scored = {
      starList: {
        entries: expect.arrayContaining([{ total: '85', performanceZh: '申报营业收入增长两成。' }]),
      },
    };
    expect((await hub.hub.as(market).ask(query, { id })).data).toEqual(scored);
    const hidden = { starList: { entries: Array(2).fill({ total: null, performanceZh: null }) } };
    expect((await hub.hub.as(finance).ask(query, { id })).data).toEqual(hidden);
    expect((await hub.hub.as(rival).ask(query, { id })).data).toEqual(hidden);
  });

  it('of objections only the own one', async () => {
    const id = await hub.opened();
    await hub.change(rival, 'objectToStarList', { id, version: 8, textZh: '本企业应予提名。' });
    await hub.change(finance, 'objectToStarList', {
      id,
      version: 9,
      againstId: 'ent-gaea',
      textZh: '有骗补记录。',
    });
    const query = 'query ($id: ID!) { starList(id: $id) { objections { seq textZh } } }';
    const objectionsFor = async (who: Who) => (await hub.hub.as(who).ask(query, { id })).data?.starList;
    expect(await objectionsFor(editor)).toMatchObject({ objections: [{ seq: 0 }, { seq: 1 }] });
    expect(await objectionsFor(rival)).toEqual({ objections: [{ seq: 0, textZh: '本企业应予提名。' }] });
    expect(await objectionsFor(finance)).toEqual({ objections: [{ seq: 1, textZh: '有骗补记录。' }] });
    expect(await objectionsFor({ ...rival, enterpriseId: 'ent-gaea', keyId: 'other' })).toEqual({
      objections: [],
    });
  });
});

describe('what is refused', () => {
  const problems = (refused: { problems?: readonly { path: string; code: string }[] }) =>
    refused.problems?.map(({ path, code }) => `${path} ${code}`);

  it('weights that do not sum to 100, and all other problems with them', async () => {
    const wrong = {
      ...draft,
      year: 20,
      regionCode: '999999',
      policyId: 'none',
      weights: [
        { criterion: 'MODEL', weight: '100' },
        { criterion: 'MODEL', weight: '5' },
        { criterion: 'PERFORMANCE', weight: '-5' },
        { criterion: 'TECHNOLOGY', weight: '20' },
      ],
    };
    expect(problems(await hub.refusal(editor, 'draftStarList', wrong))).toEqual([
      'input.policyId UNKNOWN',
      'input.weights VALUE',
      'input.weights.2 VALUE',
      'input.weights VALUE',
      'input.weights VALUE',
      'input.year VALUE',
      'input.regionCode UNKNOWN',
    ]);
  });

  it('a score above its weight, and performance that nobody declared', async () => {
    const id = await hub.drafted();
    const nomination = { id, version: 3, enterpriseId: 'ent-pico', scores: scores(26, 30, 0, 0) };
    expect(problems(await hub.refusal(editor, 'nominateForStarList', nomination))).toEqual([
      'input.scores.0 VALUE',
      'input.performanceZh LENGTH',
    ]);
    const withNumber = { ...nomination, scores: scores(1, 1, 1, 1), performanceZh: '联系 13812345678。' };
    expect(await hub.refusal(editor, 'nominateForStarList', withNumber)).toMatchObject({
      code: 'PERSONAL_DATA',
    });
  });

  it('vetting by other agencies than one of each department, and verdicts without a reason or twice', async () => {
    const id = await hub.drafted();
    const wrong = { id, version: 3, agencyIds: ['x-market', 'x-finance', 'none'] };
    expect(problems(await hub.refusal(editor, 'sendStarListToVetting', wrong))).toEqual([
      'input.agencyIds.2 UNKNOWN',
      'input.agencyIds VALUE',
    ]);
    const sent = await hub.sent();
    const verdicts = [
      { enterpriseId: 'ent-goertek', verdict: 'VETO' },
      { enterpriseId: 'ent-goertek', verdict: 'CLEAR' },
      { enterpriseId: 'ent-pico', verdict: 'CLEAR' },
    ];
    expect(problems(await hub.refusal(market, 'vetStarList', { id: sent, version: 4, verdicts }))).toEqual([
      'input.verdicts.0.reasonZh LENGTH',
      'input.verdicts.1.enterpriseId DUPLICATE',
      'input.verdicts.2.enterpriseId UNKNOWN',
    ]);
    await hub.change(market, 'vetStarList', {
      id: sent,
      version: 4,
      verdicts: clear('ent-goertek', 'ent-gaea'),
    });
    // What an agency has said about all entries, it does not say again.
    const again = { id: sent, version: 5, verdicts: clear('ent-goertek') };
    expect(await hub.refusal(market, 'vetStarList', again)).toMatchObject({ code: 'FORBIDDEN' });
    const stranger: Official = { ...market, agency: 'x-finance' };
    expect(await hub.refusal(stranger, 'vetStarList', again)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('an empty list, a draft by a leader, and a publication by who drafted', async () => {
    const { id } = await hub.change(editor, 'draftStarList', draft);
    const agencyIds = ['x-market', 'x-tax', 'x-cyber'];
    expect(await hub.refusal(editor, 'sendStarListToVetting', { id, version: 1, agencyIds })).toMatchObject({
      code: 'WRONG_STAGE',
      allowed: ['NOMINATE', 'WITHDRAW_ENTRY'],
    });
    expect(await hub.refusal(leader, 'draftStarList', draft)).toMatchObject({ code: 'FORBIDDEN' });
    const ready = await hub.opened();
    await hub.letPass(ready);
    const publication = { id: ready, version: 8, action: 'PUBLISH' };
    expect(await hub.refusal({ ...leader, sub: 'drafter' }, 'advanceStarList', publication)).toMatchObject({
      code: 'SECOND_PERSON',
    });
    expect(await hub.refusal(editor, 'advanceStarList', publication)).toMatchObject({ code: 'FORBIDDEN' });
    const elsewhere = { ...leader, region: '110105' };
    expect(await hub.refusal(elsewhere, 'advanceStarList', publication)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('an answer by somebody who objected, also before others did, and for another department', async () => {
    const id = await hub.opened();
    const both: Official = { ...finance, sub: 'both' };
    await hub.change(both, 'objectToStarList', { id, version: 8, textZh: '不符合条件。' });
    await hub.change(finance, 'objectToStarList', { id, version: 9, textZh: '评分有误。' });
    const answer = { id, version: 10, objection: 0, outcome: 'REJECTED', answerZh: '异议不成立。' };
    expect(await hub.refusal({ ...editor, sub: 'both' }, 'answerStarListObjection', answer)).toMatchObject({
      code: 'SECOND_PERSON',
      earlier: 'RAISE_OBJECTION',
    });
    expect(await hub.allowed({ ...editor, sub: 'both' }, id)).not.toContain('ANSWER_OBJECTION');
    expect(await hub.change(editor, 'answerStarListObjection', answer)).toMatchObject({ version: 11 });
  });

  it('an objection to a list that is not public, as if there were no such list, whatever it selects', async () => {
    const { id } = await hub.change(editor, 'draftStarList', draft);
    const { errors } = await hub.hub
      .as(rival)
      .ask('mutation ($input: ObjectToStarListInput!) { objectToStarList(input: $input) { isReplay } }', {
        input: { key: 'to a draft', id, version: 9, textZh: '不符合条件。' },
      });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND']);
  });

  it('to an enterprise, what went on before the list was public', async () => {
    const id = await hub.opened();
    const reader = { ...rival, scopes: ['StarList'] };
    expect(await hub.eventsReadBy(reader, 'policies', id)).toEqual(['OPEN_OBJECTIONS']);
  });

  it('an objection after its days, to who is not on the list, without the permission, and a second answer', async () => {
    const id = await hub.opened();
    const objection = { id, version: 8, textZh: '不符合条件。' };
    expect(
      problems(await hub.refusal(rival, 'objectToStarList', { ...objection, againstId: 'ent-pico' })),
    ).toEqual(['input.againstId UNKNOWN']);
    expect(
      await hub.refusal({ ...rival, actions: ['CORRECT'] }, 'objectToStarList', objection),
    ).toMatchObject({
      code: 'FORBIDDEN',
    });
    await hub.change(finance, 'objectToStarList', objection);
    const answer = { id, objection: 0, outcome: 'REJECTED', answerZh: '经核实,符合条件。' };
    await hub.change(editor, 'answerStarListObjection', { ...answer, version: 9 });
    expect(await hub.refusal(editor, 'answerStarListObjection', { ...answer, version: 10 })).toMatchObject({
      code: 'WRONG_STAGE',
    });
    await hub.letPass(id);
    expect(await hub.refusal(finance, 'objectToStarList', { ...objection, version: 10 })).toMatchObject({
      code: 'WRONG_STAGE',
      messageZh: expect.stringContaining('公示期已满'),
    });
  });

  it('a removal without a reason, of who does not stand, and an action with a mutation of its own', async () => {
    const id = await hub.opened();
    await hub.letPass(id);
    await hub.advance(leader, id, 8, 'PUBLISH');
    const removal = { id, version: 9, action: 'REMOVE_ENTRY', enterpriseId: 'ent-pico' };
    expect(problems(await hub.refusal(leader, 'advanceStarList', removal))).toEqual([
      'input.enterpriseId UNKNOWN',
      'input.noteZh LENGTH',
    ]);
    expect(await hub.refusal(editor, 'advanceStarList', { ...removal, action: 'NOMINATE' })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});

it('the summary counts nominations, vetoes, removals and objections, by region and half-year with a total', async () => {
  const query = `query ($to: Int) { starListSummary(region: "370212", from: 2026, to: $to, groupBy: [YEAR, HALF]) {
    region { code } groupCount synthetic
    total { count published nominated standing vetoed dropped removed objections upheld rejected late onTimeRate }
    groups { year half figures { count nominated } }
  } }`;
  const { data } = await hub.hub.as(editor).ask(query);
  const [counted] = await hub.sql(`select count(*)::int as lists,
      (select count(*)::int from policies.star_list_entries) as nominated,
      (select count(*)::int from policies.star_list_entries where removed_on is not null) as removed,
      (select count(*)::int from policies.star_list_objections) as objections,
      (select count(*)::int from policies.star_list_objections where outcome = 'UPHELD') as upheld
    from policies.star_lists`);
  const { lists, ...figures } = counted ?? {};
  expect(lists).toBeGreaterThan(5);
  expect(figures).toMatchObject({ removed: 1, upheld: 1 });
  expect(data?.starListSummary).toMatchObject({
    region: { code: '370212' },
    groupCount: 1,
    synthetic: false,
    total: { count: lists, ...figures, published: 2, vetoed: 1, dropped: 1, late: 0, onTimeRate: '100.00' },
    groups: [{ year: 2026, half: 'FIRST', figures: { count: lists, nominated: figures.nominated } }],
  });
  expect((await hub.hub.as(finance).ask(query)).errors).toMatchObject([
    { extensions: { code: 'NOT_SHARED' } },
  ]);
  const backwards = { to: 2020 };
  expect((await hub.hub.as(editor).ask(query, backwards)).errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});
