import { dualEffectTable } from '@wenshu/enterprises/workflows/dual-effect-table.ts';
import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHubWithAssessments } from '../support/dual-effects.ts';
import { expectedActions, peopleOf } from '../support/workflow-cases.ts';

// Every stage × department × role × agency × region: what the hub says is allowed is what the table says.

const region = '370212';
const stages = stagesOf(dualEffectTable);
/** The conditions that hold for the assessments below. */
const conditions = ['reportIsOverdue', 'appealHasLapsed'];

const people = peopleOf({
  departments: ['PROPAGANDA', 'FINANCE'],
  agencies: { 'x-supervisor': ['supervisor'], 'x-publicity': [] },
  region,
  elsewhere: '110105',
});

let hub: Awaited<ReturnType<typeof startHubWithAssessments>>;
beforeAll(async () => {
  hub = await startHubWithAssessments();
  await hub.sql(
    stages
      .map(
        (stage, at) => `insert into enterprises.dual_effect_assessments
          (id, enterprise_id, region_code, year, social_weight, has_content_fault, stage, due_on, supervised_by_id,
            notified_on, appeal_until, appeal_zh, appealed_on)
          values ('x-${stage}', 'x-soe', '${region}', ${1980 + at}, 50, false, '${stage}', '2026-01-05', 'x-supervisor',
            '2026-01-02', '2026-01-05', '有异议', '2026-01-03')`,
      )
      .join(';\n'),
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

it.each(people)(
  '$official.department $official.role, $official.agency, region $official.region',
  async (person) => {
    const shown = await hub.allowedOfAll(person.official);
    for (const [stage, allowed] of shown) {
      expect([stage, allowed]).toEqual([stage, expectedActions(dualEffectTable, person, stage, conditions)]);
    }
    // A caller who may see none of them may do nothing.
    if (shown.size > 0) expect([...shown.keys()].toSorted()).toEqual(stages.toSorted());
    else
      expect(stages.flatMap((stage) => expectedActions(dualEffectTable, person, stage, conditions))).toEqual(
        [],
      );
  },
);
