import { blacklistTable } from '@wenshu/enterprises/workflows/blacklist-table.ts';
import { findingTable } from '@wenshu/enterprises/workflows/finding-table.ts';
import { campaignTable } from '@wenshu/events/workflows/campaign-table.ts';
import { stagesOf, type WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedActions, type Person, peopleOf } from '../support/workflow-cases.ts';
import { startWorkflowHub, type WorkflowHub } from '../support/workflow-hub.ts';

// Every stage × action × role × relation × region, of three workflows in one hub: what the hub says is allowed is what
// the table says, and what it does not say is refused. One object stands in each stage.

const region = '370212';

type Case = {
  readonly table: WorkflowTable;
  readonly list: string;
  readonly agencies: Readonly<Record<string, readonly string[]>>;
  readonly conditions: readonly string[];
  /** The mutation of its further actions. */
  readonly advance: string;
  /** The stages that a caller without a part in an object does not see, even as its owner. */
  readonly hidden?: readonly string[];
};

const cases: readonly Case[] = [
  {
    table: findingTable,
    list: 'findings',
    agencies: { 'x-joint': ['inspecting'], 'x-case': ['inspecting', 'caseAgency'] },
    conditions: ['hasBeenHeard'],
    advance: 'advanceFinding',
  },
  {
    table: blacklistTable,
    list: 'blacklist',
    agencies: { 'x-case': ['listing'] },
    conditions: ['hasBeenHeard'],
    advance: 'advanceBlacklistEntry',
  },
  {
    table: campaignTable,
    list: 'inspectionCampaigns',
    agencies: { 'x-case': ['lead', 'joined'], 'x-joint': ['joined'], 'x-invited': ['invited'] },
    conditions: [],
    advance: 'advanceInspectionCampaign',
    hidden: ['PLANNED', 'CANCELLED'],
  },
];

const rowsOf = {
  findings: (
    stage: string,
  ) => `insert into enterprises.inspections (id, enterprise_id, method, inspected_on, region_code)
      values ('x-${stage}', 'ent-pico', 'JOINT', '2026-01-05', '${region}');
    insert into enterprises.inspection_agencies values ('x-${stage}', 'x-joint'), ('x-${stage}', 'x-case');
    insert into enterprises.findings (id, inspection_id, enterprise_id, region_code, title_zh, stage, case_agency_id)
      values ('x-${stage}', 'x-${stage}', 'ent-pico', '${region}', '问题', '${stage}', 'x-case');`,
  blacklist: (stage: string) => `insert into enterprises.blacklist_entries
      (id, enterprise_id, listed_by_id, region_code, reason_zh, stage, listed_on, until)
      values ('x-${stage}', 'ent-pico', 'x-case', '${region}', '事由', '${stage}', '2026-01-05', '2099-01-01');`,
  inspectionCampaigns: (stage: string) => `insert into events.inspection_campaigns
      (id, name_zh, name_en, purpose_zh, region_code, lead_id, starts_on, ends_on, stage)
      values ('x-${stage}', '行动', 'Campaign', '目的', '${region}', 'x-case', '2026-01-05', '2026-01-06', '${stage}');
    insert into events.campaign_agencies values ('x-${stage}', 'x-case', '2026-01-01'),
      ('x-${stage}', 'x-joint', '2026-01-01'), ('x-${stage}', 'x-invited', null);`,
};

let hub: WorkflowHub;
beforeAll(async () => {
  hub = await startWorkflowHub({ object: 'finding', list: 'findings', selection: 'id' });
  // The region of the enterprise tells who sees what is of it.
  await hub.sql(`update enterprises.enterprises set region_code = '${region}' where id = 'ent-pico'`);
  for (const { table, list } of cases)
    await hub.sql(
      stagesOf(table)
        .map(rowsOf[list as keyof typeof rowsOf])
        .join('\n'),
    );
});
afterAll(() => hub[Symbol.asyncDispose]());

async function shownTo({ official }: Person, list: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const question = `{ ${list}(first: 100, filter: { id: { in: [${idsOf(list)}] } }) { nodes { stage allowedActions } } }`;
  const { data } = await hub.hub.as(official).ask(question);
  const { nodes = [] } = (data?.[list] ?? {}) as { nodes?: { stage: string; allowedActions: string[] }[] };
  return new Map(nodes.map(({ stage, allowedActions }) => [stage, allowedActions]));
}

async function refusalOf({ official }: Person, mutation: string, input: object): Promise<unknown> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { step } }`;
  const { errors } = await hub.hub.as(official).ask(document, { input: { key: 'tried', ...input } });
  return errors?.[0]?.extensions?.code;
}

/** Every nth attempt is made: there are thousands. */
const every = 7;

const idsOf = (list: string) =>
  cases
    .filter((each) => each.list === list)
    .flatMap(({ table }) => stagesOf(table).map((stage) => `"x-${stage}"`))
    .join(', ');

describe.each(cases)('$table.type', ({ table, list, agencies, conditions, advance, hidden = [] }) => {
  const people = peopleOf({
    departments: ['MARKET_REGULATION', 'CULTURE_TOURISM'],
    agencies,
    region,
    elsewhere: '110105',
  });
  const expected = (person: Person, stage: string) => expectedActions(table, person, stage, conditions);

  it('allows everybody what the table says, and shows who must not know of it nothing', async () => {
    for (const person of people) {
      const shown = await shownTo(person, list);
      for (const [stage, allowed] of shown)
        expect([person.official, stage, allowed]).toEqual([person.official, stage, expected(person, stage)]);
      const unseen = stagesOf(table).filter((stage) => !shown.has(stage));
      expect(unseen.flatMap((stage) => expected(person, stage))).toEqual([]);
      if (person.relations.length === 0)
        expect([...shown.keys()].filter((stage) => hidden.includes(stage))).toEqual([]);
    }
  });

  it('refuses everybody what the table does not say', async () => {
    const tried = people.filter(
      ({ official }) => !official.region && ['viewer', 'editor', 'leader'].includes(official.role ?? ''),
    );
    const own = table.transitions.filter(
      ({ action, by }) =>
        !['ADD', 'PROPOSE', 'PLAN', 'EXEMPT', 'PENALISE'].includes(action) &&
        !by.some(({ system }) => system),
    );
    const attempts = tried.flatMap((person) =>
      stagesOf(table).flatMap((stage) =>
        [...new Set(own.map(({ action }) => action))]
          .filter((action) => !expected(person, stage).includes(action))
          .map((action) => ({ person, stage, action })),
      ),
    );
    const codes = new Set<unknown>();
    for (const { person, stage, action } of attempts.filter((_, i) => i % every === 0)) {
      const input = { id: `x-${stage}`, version: 1, action, noteZh: '理由。' };
      const code = await refusalOf(person, advance, input);
      codes.add(code);
    }
    expect([...codes].toSorted()).toEqual(['FORBIDDEN', 'NOT_FOUND', 'WRONG_STAGE']);
  });
});
