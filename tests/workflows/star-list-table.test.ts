import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { starListTable } from '@wenshu/policies/workflows/star-list-table.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHubWithStarLists } from '../support/star-lists.ts';
import { expectedActions, peopleOf } from '../support/workflow-cases.ts';

// Every stage × department × role × agency × region: what the hub says is allowed is what the table says.

const region = '370212';
const stages = stagesOf(starListTable);
/** The conditions that hold for the lists below: one entry, without verdicts, and an objection without an answer. */
const conditions = ['hasEntries', 'isOpenForObjections', 'hasOpenObjection'];

const people = peopleOf({
  departments: ['PROPAGANDA', 'MARKET_REGULATION', 'FINANCE'],
  agencies: { 'x-market': ['vetter', 'silentVetter'], 'x-finance': [] },
  region,
  elsewhere: '110105',
});

let hub: Awaited<ReturnType<typeof startHubWithStarLists>>;
beforeAll(async () => {
  hub = await startHubWithStarLists();
  await hub.sql(
    stages
      .map(
        (stage) => `insert into policies.star_lists
          (id, name_zh, year, half, stage, region_code, objection_until, published_on)
          values ('x-${stage}', '榜单', 2026, 'FIRST', '${stage}', '${region}', '2999-01-01',
            ${stage === 'PUBLISHED' ? "'2026-02-02'" : 'null'});
        insert into policies.star_list_entries (list_id, enterprise_id, criteria, rank) values ('x-${stage}', 'ent-pico', '{MODEL}', 1);
        insert into policies.star_list_vetters (list_id, seq, agency_id) values ('x-${stage}', 0, 'x-market');
        insert into policies.star_list_objections (list_id, seq, text_zh, raised_on) values ('x-${stage}', 0, '异议', '2026-01-05');`,
      )
      .join('\n'),
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

it.each(people)(
  '$official.department $official.role, $official.agency, region $official.region',
  async (person) => {
    const shown = await hub.allowedOfAll(person.official);
    expect(shown.size).toBeGreaterThan(0);
    for (const [stage, allowed] of shown) {
      const isReader =
        person.official.agency !== undefined && ['OBJECTION_PERIOD', 'PUBLISHED'].includes(stage);
      const relations = [...person.relations, ...(isReader ? ['reader'] : [])];
      const expected = expectedActions(starListTable, { ...person, relations }, stage, conditions);
      expect([stage, allowed]).toEqual([stage, expected]);
    }
  },
);
