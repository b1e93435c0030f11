import { readFileSync } from 'node:fs';
import { sharingByCoordinate } from '@wenshu/schema/sharing.ts';
import { buildASTSchema, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportFrom } from '../support/export.ts';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';
import { lookUpsOf, type Question, questionsOf } from '../support/questions.ts';
import { ask as sql } from '../support/sql.ts';
import { unlimited } from '../support/unlimited.ts';

const api = parse(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
const schema = buildASTSchema(api);
const everyScope = Object.keys(schema.getTypeMap());
const conditional = [...sharingByCoordinate(api)].flatMap(([coordinate, sharing]) =>
  sharing.class === 'CONDITIONAL' ? [coordinate] : [],
);

// A few rows of each list are enough, and those that a secret is about.
const everyQuestion = questionsOf(schema, 1, 10);
const rows = everyQuestion.filter(({ name }) => !/\W/.test(name));
const ways = everyQuestion.filter((question) => !rows.includes(question));
const ids = {
  inspection: ['i1'],
  dualEffectAssessment: ['d1'],
  payout: ['pay-1'],
  serviceRequest: ['req-1'],
  starList: ['star-1'],
  policy: ['draft'],
  measure: ['draft-m1'],
  event: ['evt-planned'],
  park: ['park-new'],
  enterprise: ['ent-new'],
};
const lookUps = [
  ...lookUpsOf(schema, ids),
  {
    name: 'serviceRequestSummary',
    field:
      'serviceRequestSummary(region: "370212", from: "2026-01-05", to: "2026-01-05") { total { count closed } groups { quarter } }',
  },
];
const wanted = Number(process.env.RANDOM_QUESTIONS ?? 30);

/** What one of the tests asks: the rows of each list, and its part of the ways in which lists tell of them; RANDOM_QUESTIONS=10000 for all. */
function questionsFor(turn: number): Question[] {
  const step = Math.max(1, Math.floor(ways.length / wanted));
  return [...rows, ...lookUps, ...ways.filter((_, i) => i % step === turn % step)];
}

const inQingdao = "'370212'";

/** Rows in Qingdao that are for few. */
const secrets = `
  update enterprises.enterprises set region_code = ${inQingdao} where id = 'ent-goertek';
  insert into enterprises.inspections (id, enterprise_id, method, inspected_on, result) values
    ('i1', 'ent-goertek', 'COMPLAINT', '2024-03-01', 'SUSPECTED'),
    ('i2', 'ent-goertek', 'ROUTINE', '2025-03-02', 'NO_PROBLEM');
  insert into enterprises.inspections (id, enterprise_id, campaign_id, method, inspected_on, result) values
    ('i3', 'ent-goertek', 'evt-qd-joint-enforcement-2021', 'SPECIAL', '2021-06-01', 'SUSPECTED'),
    ('i4', 'ent-goertek', 'evt-qd-joint-enforcement-2021', 'SPECIAL', '2021-06-02', 'NO_PROBLEM');
  insert into enterprises.findings (id, inspection_id, enterprise_id, title_zh, penalty_kinds, penalty_amount,
      penalty_decided_on) values ('f1', 'i1', 'ent-goertek', '机密', '{FINE}', 500, '2024-04-01');
  insert into enterprises.blacklist_entries (id, enterprise_id, listed_by_id, reason_zh, listed_on) values
    ('b1', 'ent-goertek', (select min(id) from policies.agencies), '机密', '2025-04-01');
  insert into enterprises.dual_effect_assessments (id, enterprise_id, year, total, social_weight, has_content_fault)
    values ('d1', 'ent-goertek', 2025, 88, 60, false);
  insert into policies.payouts (id, policy_id, enterprise_id, stage, amount, paid_on) values
    ('pay-1', 'pol-ls-exempt-apply', 'ent-goertek', 'PAID', 100, '2026-06-30');
  insert into policies.service_requests (id, enterprise_id, kind, title_zh, stage, submitted_on, region_code) values
    ('req-1', 'ent-goertek', 'FINANCING', '机密', 'COLLECTED', '2026-01-05', ${inQingdao});
  insert into policies.star_lists (id, name_zh, year, half, stage, region_code) values
    ('star-1', '机密榜单', 2025, 'SECOND', 'DRAFT', ${inQingdao});
  insert into policies.star_list_entries (list_id, enterprise_id, criteria, rank) values
    ('star-1', 'ent-goertek', '{PERFORMANCE}', 1);
  insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code) values
    ('draft', '机密草案', 'Draft', 'PLAN', 'ARTS', 'DRAFTING', ${inQingdao});
  insert into policies.policy_issuers (policy_id, seq, target_type, target_id) values
    ('draft', 1, 'Agency', (select min(id) from policies.agencies));
  insert into policies.policy_bases (policy_id, seq, basis_id) values ('draft', 1, 'pol-ls-exempt-apply'),
    ('pol-ls-exempt-apply', 900, 'draft');
  insert into policies.policy_subjects (policy_id, seq, role, target_type, target_id) values
    ('draft', 1, 'SUPPORTS', 'Park', 'park-798'), ('draft', 2, 'SUPPORTS', 'Enterprise', 'ent-goertek'),
    ('draft', 3, 'SUPPORTS', 'Work', (select min(id) from events.works));
  insert into policies.measures (id, policy_id, seq, title_zh, title_en, kind, text_zh) values
    ('draft-m1', 'draft', 1, '机密措施', 'Measure', (select min(kind) from policies.measures), '机密');
  insert into policies.measure_responsible (measure_id, seq, target_type, target_id) values
    ('draft-m1', 1, 'Agency', (select min(id) from policies.agencies));
  insert into policies.policy_eligibility (id, policy_id, seq, field, op, value, text_zh) values
    ('draft-e1', 'draft', 1, 'enterprise.tier', 'IN', '["SPECIALIZED_SME"]', '机密条件');
  insert into parks.project_policies (project_id, seq, policy_id) values
    ((select min(id) from parks.projects), 900, 'draft');
  update events.works set support_policy_id = 'draft'
    where id = (select min(id) from events.works where support_policy_id is null);
  insert into events.events (id, name_zh, name_en, kind, status, region_code) values
    ('evt-planned', '机密检查', 'Inspection', 'INSPECTION_CAMPAIGN', 'SCHEDULED', ${inQingdao});
  insert into enterprises.changes (type, object_id, action, stage, version, region_code) values
    ('Finding', 'f1', 'FILE', 'FILED', 1, ${inQingdao}), ('BlacklistEntry', 'b1', 'PROPOSE', 'PROPOSED', 1, ${inQingdao}),
    ('DualEffectAssessment', 'd1', 'SCORE', 'SCORED', 1, ${inQingdao});
  insert into policies.changes (type, object_id, action, stage, version, region_code) values
    ('ServiceRequest', 'req-1', 'SUBMIT', 'COLLECTED', 1, ${inQingdao}), ('Payout', 'pay-1', 'PAY', 'PAID', 1, ${inQingdao}),
    ('StarList', 'star-1', 'DRAFT', 'DRAFT', 1, ${inQingdao});`;

/** Rows in Qingdao that are for everybody but who is confined to another region. */
const elsewhere = `
  insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code, registered_capital, founded_on) values
    ('ent-new', '新企业', 'New', 'ENTERPRISE', ${inQingdao}, 1000, '2025-01-01');
  insert into parks.parks (id, name_zh, name_en, kind, is_virtual, region_code, floor_area_sqm, operator_type, operator_id)
    values ('park-new', '新园区', 'New', 'CULTURE_PARK', false, ${inQingdao}, 5000, 'enterprise', 'ent-new');
  insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code, issued_on) values
    ('pol-new', '新政策', 'New', 'PLAN', 'ARTS', 'ISSUED', ${inQingdao}, '2025-01-01');
  insert into events.events (id, name_zh, name_en, kind, status, region_code, venue_id) values
    ('evt-new', '新活动', 'New', 'CONFERENCE', 'HELD', ${inQingdao}, 'park-new');`;

const asMuchAsTheyLike = { costPerMinute: 0, costPerDay: 0 };
const admission = {
  queryLimits: unlimited,
  rateLimits: { department: asMuchAsTheyLike, partner: asMuchAsTheyLike },
};
const start = (grants = {}) => startHub({ agreements: grants, ownRows: true, admission });

type Ask = (query: string, variables?: object) => Promise<Answer>;

/** As many as one operation is planned for at once. */
const atOnce = 40;

/** Rows with whose lists, counts and sums the secrets would show. */
const affected: Readonly<Record<string, object>> = {
  enterprises: { id: { in: ['ent-goertek'] } },
  regions: { code: { within: '370212' } },
  events: { id: { in: ['evt-qd-joint-enforcement-2021'] } },
  policies: { id: { in: ['pol-ls-exempt-apply'] } },
  parks: { id: { in: ['park-798'] } },
};

/** What is answered to each question, as text. */
async function answersTo(questions: readonly Question[], ask: Ask): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  const [whole, others] = [questions.slice(0, rows.length), questions.slice(rows.length)];
  for (const question of whole) {
    for (const filter of [{}, affected[question.name] ?? []].flat()) {
      await note([question], `query ($filter: ${question.filter})`, { filter });
    }
  }
  for (let i = 0; i < others.length; i += atOnce) await note(others.slice(i, i + atOnce), 'query', {});
  return answers;

  async function note(asked: readonly Question[], head: string, variables: object) {
    const { data, errors: all = [] } = await ask(
      `${head} { ${asked.map(({ field }, i) => `q${i}: ${field}`).join(' ')} }`,
      variables,
    );
    expect(Object.keys(data ?? {})).toHaveLength(asked.length);
    // There is no control plane here.
    const errors = all.filter(({ extensions }) => extensions.subgraph !== 'control');
    const codes = new Set(errors.map(({ extensions }) => extensions.code));
    expect([...codes].filter((code) => code !== 'NOT_SHARED')).toEqual([]);
    for (const [i, { name }] of asked.entries()) {
      const denied = errors.filter(({ path }) => path?.[0] === `q${i}`);
      answers.set(name + JSON.stringify(variables), JSON.stringify([data?.[`q${i}`], denied]));
    }
  }
}

/** Who may not know of the secrets, or may: each asks the same before and after they are there. */
const askers = {
  owner: (query, variables) => hub.as('PROPAGANDA').ask(query, variables),
  'without an agreement': (query, variables) => hub.as('TAXATION').ask(query, variables),
  'partner with every scope': (query, variables) =>
    hub.as({ scopes: everyScope, enterpriseId: 'ent-bona-film' }).ask(query, variables),
  'of one district': (query, variables) =>
    hub.as({ department: 'MARKET_REGULATION', region: '110105' }).ask(query, variables),
  'agreement for one region': (query, variables) => hub.as('INDUSTRY_INFORMATION').ask(query, variables),
} satisfies Record<string, Ask>;
type Asker = keyof typeof askers;

const questionsBy = (asker: Asker) => questionsFor(Object.keys(askers).indexOf(asker));

/** One hub for all: rows are only added, after everybody was answered without them. */
let hub: TestHub;
let outsiders: readonly Record<string, string>[];
let exportedBefore: readonly ReadonlyMap<string, string>[];
const before = new Map<Asker, ReadonlyMap<string, string>>();

beforeAll(async () => {
  hub = await start({ INDUSTRY_INFORMATION: [{ fields: conditional, region: '110000' }] });
  outsiders = [
    await hub.as('TAXATION').headers(),
    await hub.as({ department: 'MARKET_REGULATION', region: '110105' }).headers(),
    await hub.as({ scopes: everyScope, enterpriseId: 'ent-bona-film' }).headers(),
  ];
  exportedBefore = await Promise.all(outsiders.map((headers) => exportsTo(hub, headers)));
  for (const asker of Object.keys(askers) as Asker[])
    before.set(asker, await answersTo(questionsBy(asker), askers[asker]));
  await sql(hub.database.adminUrl, secrets);
}, 240_000);
afterAll(() => hub[Symbol.asyncDispose]());

const changed = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...before].flatMap(([name, answer]) => (after.get(name) === answer ? [] : [name]));

/** Returns the questions whose answers changed when the secret rows were added. */
const differencesFor = async (asker: Asker): Promise<string[]> =>
  changed(before.get(asker) ?? new Map(), await answersTo(questionsBy(asker), askers[asker]));

test('by what is asked here, those who may know of a row find it', async () => {
  expect((await differencesFor('owner')).length).toBeGreaterThan(20);
}, 120_000);

test('inference: no list reveals hidden rows to a department without an agreement, whatever its arguments', async () => {
  expect(await differencesFor('without an agreement')).toEqual([]);
}, 120_000);

test('inference: no list reveals hidden rows to a partner with every scope and the consent of another enterprise', async () => {
  expect(await differencesFor('partner with every scope')).toEqual([]);
}, 120_000);

test('regions: no list reveals rows of another district to a department of one district', async () => {
  expect(await differencesFor('of one district')).toEqual([]);
}, 120_000);

test('regions: no list reveals rows of another region through an agreement for one region', async () => {
  expect(await differencesFor('agreement for one region')).toEqual([]);
}, 120_000);

/** All rows of each list, as an export gives them; a list that is refused, as why. */
async function exportsTo({ url }: TestHub, headers: Record<string, string>): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const { name } of rows) {
    const query = `{ ${name} { nodes { __typename ${keyOfRows(name)} } } }`;
    const { status, text } = await exportFrom(url, { query, format: 'csv' }, headers);
    answers.set(name, `${status} ${text}`);
  }
  return answers;
}

const keyOfRows = (list: string) => (list === 'regions' ? 'code' : 'id');

test('inference: an export reveals no more than the list', async () => {
  expect(await Promise.all(outsiders.map((headers) => exportsTo(hub, headers)))).toEqual(exportedBefore);
  const owner = await exportsTo(hub, await hub.as('PROPAGANDA').headers());
  expect(owner.get('policies')).toContain('draft');
}, 60_000);

test('one plan for all: callers with other rights take turns with the same text, and each gets its own', async () => {
  const text =
    '{ policies(filter: {id: {eq: "draft"}}) { totalCount nodes { id } } enterprise(id: "ent-goertek") { inspections { totalCount } } }';
  const askers: [Ask, string[], number | null][] = [
    [(query) => hub.as('PROPAGANDA').ask(query), ['draft'], null],
    [(query) => hub.as('MARKET_REGULATION').ask(query), [], 4],
    [(query) => hub.as('TAXATION').ask(query), [], null],
    [(query) => hub.as({ scopes: everyScope }).ask(query), [], null],
    [(query) => hub.as({ scopes: ['Park'], enterpriseId: 'ent-goertek' }).ask(query), [], 4],
  ];
  const turns = Array.from({ length: 8 }, () => askers).flat();
  const answers = await Promise.all(
    turns.map(async ([ask]) => {
      const { data } = await ask(text);
      const { policies, enterprise } = data as {
        policies: { nodes: { id: string }[] } | null;
        enterprise: { inspections: { totalCount: number } | null } | null;
      };
      return [(policies?.nodes ?? []).map(({ id }) => id), enterprise?.inspections?.totalCount ?? null];
    }),
  );
  expect(answers).toEqual(turns.map(([, drafts, inspections]) => [drafts, inspections]));
});

test('forged cursors: one of another order, of other values or of nothing finds no row that is left out', async () => {
  const cursor = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');
  const page = (order: string, after: string) =>
    `{ policies(first: 500, orderBy: [{field: ${order}}], after: "${after}") { nodes { id } } }`;
  const forged = [
    cursor('NAME ASC', '机密草', 'dra'),
    cursor('ID ASC', 'dra'),
    cursor('ID', "dra' or true --"),
    cursor(null, null),
    cursor({ $ne: null }),
    cursor('ID ASC', { toString: 'x' }),
    'e30',
    '!!',
    '',
  ];
  const { data } = await hub.as('TAXATION').ask('{ policies(first: 1) { pageInfo { endCursor } } }');
  const mine = (data as { policies: { pageInfo: { endCursor: string } } }).policies.pageInfo.endCursor;
  const [, ...values] = JSON.parse(Buffer.from(mine, 'base64url').toString());
  const ofAnother = cursor(
    JSON.parse(Buffer.from(mine, 'base64url').toString())[0],
    ...values.map(() => 'dra'),
  );
  for (const after of [...forged, mine, ofAnother]) {
    for (const order of ['ID', 'NAME']) {
      const answer = await hub.as('TAXATION').ask(page(order, after));
      expect([after, JSON.stringify(answer).includes('"draft"')]).toEqual([after, false]);
      const codes = (answer.errors ?? []).map(({ extensions }) => extensions.code);
      expect([after, codes.filter((code) => code !== 'BAD_USER_INPUT')]).toEqual([after, []]);
    }
  }
});

test('regions: no list reveals rows of another region to a key for one region, even where all may see them', async () => {
  const ask: Ask = (query, variables) =>
    hub.as({ scopes: everyScope, regions: ['110000'] }).ask(query, variables);
  const questions = questionsFor(5);
  const without = await answersTo(questions, ask);
  await sql(hub.database.adminUrl, elsewhere);
  expect(changed(without, await answersTo(questions, ask))).toEqual([]);
}, 120_000);
