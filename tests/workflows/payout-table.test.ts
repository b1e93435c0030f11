import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { planCity } from '@wenshu/migrations/generate/city.ts';
import { payoutTables } from '@wenshu/migrations/generate/payouts.ts';
import { trialCity } from '@wenshu/migrations/generate.ts';
import { type PayoutRow, payoutSteps, payouts } from '@wenshu/policies/tables.ts';
import { payoutTable } from '@wenshu/policies/workflows/payout-table.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PayoutHub, startHubWithPayouts } from '../support/payouts.ts';
import { expectedActions, type Person, peopleOf } from '../support/workflow-cases.ts';

// Every stage × action × role × relation × region: what the hub says is allowed is what the table says.

const stages = stagesOf(payoutTable);
const region = '110116';

/** The conditions that hold for the payouts below, by stage: each is confirmed and public, and a claw-back was notified. */
const conditionsIn = (stage: string): readonly string[] => [
  'isToConfirm',
  ...(stage === 'CONFIRMED' ? ['isToPublicise'] : []),
  'isPublic',
  'isObjected',
  'isClaimed',
  'mayReply',
  'mayClawBack',
];

const people = peopleOf({
  departments: ['PROPAGANDA', 'CULTURE_TOURISM', 'FINANCE'],
  agencies: { 'x-payer': ['paying'], 'x-reviewer': ['reviewer'], 'x-auditor': ['auditor'] },
  region,
  elsewhere: '370212',
});

const expectedFor = (person: Person, stage: string) =>
  expectedActions(payoutTable, person, stage, conditionsIn(stage));

let hub: PayoutHub;
beforeAll(async () => {
  hub = await startHubWithPayouts();
  await hub.sql(`insert into policies.payment_rules
      (id, measure_id, region_code, stage, paying_agency_id, opens_on, closes_on, frequency, needs_confirmation, is_publicised, amount, budget)
    values ('x-rule', 'x-listed', '${region}', 'IN_FORCE', 'x-payer', '2026-01-01', '2099-01-01', 'YEAR', true, true, 1, 9);
    insert into policies.payment_rule_reviewers (rule_id, seq, agency_id) values ('x-rule', 0, 'x-reviewer');`);
  await hub.sql(
    stages
      .map(
        (stage) => `insert into policies.payouts
          (id, policy_id, measure_id, enterprise_id, region_code, amount, stage, paying_agency_id, auditor_id, rule_id, paid_on,
            needs_confirmation, is_publicised, is_objected, public_until, claw_back_amount, due_on)
          values ('x-${stage}', 'x-pol', 'x-listed', 'ent-pico', '${region}', 1, '${stage}', 'x-payer', 'x-auditor', 'x-rule',
            ${['PAID', 'AUDITED', 'CLAWED_BACK'].includes(stage) ? "'2026-02-02'" : 'null'}, true, true, true, '2099-01-01', 1, '2026-03-01');`,
      )
      .join('\n'),
  );
});
afterAll(() => hub[Symbol.asyncDispose]());

it.each(people)(
  '$official.department $official.role, $official.agency, region $official.region',
  async (person) => {
    const shown = await hub.allowedOfAll(person.official);
    for (const [stage, allowed] of shown) {
      expect([stage, allowed]).toEqual([stage, expectedFor(person, stage)]);
    }
    // A caller who may see none of them is shown none. An agreement would show them to the finance department.
    if (shown.size > 0) expect([...shown.keys()].toSorted()).toEqual(stages.toSorted());
    else if (person.official.department !== 'FINANCE')
      expect(stages.flatMap((stage) => expectedFor(person, stage))).toEqual([]);
  },
);

it('what is not allowed is refused when it is tried all the same', async () => {
  const attempts = people
    .filter(
      ({ official: { region: limit, role } }) =>
        !limit && ['viewer', 'editor', 'leader'].includes(role ?? ''),
    )
    .flatMap((person) =>
      stages.flatMap((stage) =>
        (['APPROVE', 'AUDIT', 'CLAW_BACK', 'PUBLICISE'] as const)
          .filter((action) => !expectedFor(person, stage).includes(action))
          .map((action) => ({ person, stage, action })),
      ),
    )
    // Each is the same mutation again, so every ninth is enough here.
    .filter((_, at) => at % 9 === 0);
  expect(attempts.length).toBeGreaterThan(50);
  const codes = new Set<unknown>();
  for (const { person, stage, action } of attempts) {
    const input = { id: `x-${stage}`, version: 1, action, noteZh: '理由充分。' };
    codes.add((await hub.refusal(person.official, 'advancePayout', input)).code);
  }
  expect([...codes].toSorted()).toEqual(['FORBIDDEN', 'NOT_FOUND', 'WRONG_STAGE']);
});

describe('the payouts of a synthetic city', () => {
  const tables = payoutTables(planCity(trialCity));
  const rowsOf = (wanted: unknown) => {
    const found = tables.find(({ table }) => table === wanted);
    return Array.from({ length: found?.subjects ?? 0 }, (_, i) => found?.rowsOf(i) ?? []).flat();
  };
  const made = rowsOf(payouts) as PayoutRow[];
  const steps = rowsOf(payoutSteps) as (typeof payoutSteps.$inferSelect)[];

  it('went as the table allows, step by step', () => {
    expect(made.length).toBeGreaterThan(10);
    for (const { id, stage, version, dueOn } of made) {
      const history = steps.filter(({ objectId }) => objectId === id);
      let before: string | undefined;
      for (const step of history) {
        const transition = payoutTable.transitions.find(
          ({ action, from }) =>
            action === step.action &&
            (before === undefined ? from.length === 0 : from.some((each) => each === before)),
        );
        expect({ id, stage: step.stage }).toEqual({ id, stage: transition?.to ?? before });
        before = step.stage;
      }
      expect(history.at(-1)).toMatchObject({ stage, dueOn, seq: version - 1 });
    }
  });

  it('have an open task in each stage, some of them overdue', () => {
    const open = new Set(made.map(({ stage }) => stage));
    expect([...open]).toEqual(
      expect.arrayContaining(['MATCHED', 'CONFIRMED', 'OBJECTION', 'PAYABLE', 'PAID']),
    );
    expect(made.some(({ dueOn }) => dueOn !== null && dueOn < '2025-12-31')).toBe(true);
    expect(made.some(({ dueOn }) => dueOn !== null && dueOn >= '2025-12-31')).toBe(true);
  });
});
