import { dualEffectTable } from '@wenshu/enterprises/workflows/dual-effect-table.ts';
import { stagesOf, type WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { assessmentTables } from '@wenshu/migrations/generate/assessments.ts';
import { planCity } from '@wenshu/migrations/generate/city.ts';
import { dateOf, today } from '@wenshu/migrations/generate/days.ts';
import { starListTables } from '@wenshu/migrations/generate/star-lists.ts';
import type { GeneratedTable } from '@wenshu/migrations/generate/table.ts';
import { trialCity } from '@wenshu/migrations/generate.ts';
import { starListTable } from '@wenshu/policies/workflows/star-list-table.ts';
import { describe, expect, it } from 'vitest';

type Step = {
  readonly objectId: string;
  readonly seq: number;
  readonly stage: string;
  readonly action: string;
};
type Row = {
  readonly id: string;
  readonly stage: string;
  readonly version: number;
  readonly dueOn: string | null;
};

const rowsOf = <T>({ subjects, rowsOf: of }: GeneratedTable): readonly T[] =>
  Array.from({ length: subjects }, (_, i) => of(i) as readonly T[]).flat();

const [trial, larger] = [planCity(trialCity), planCity({ enterprises: 5_000, seed: 1 })];
const kinds: readonly (readonly [string, WorkflowTable, readonly GeneratedTable[]])[] = [
  ['star lists of the trial city', starListTable, starListTables(trial)],
  ['assessments of the trial city', dualEffectTable, assessmentTables(trial)],
  ['assessments of a larger city', dualEffectTable, assessmentTables(larger)],
];

describe.each(kinds)('the generated %s', (name, table, tables) => {
  const [objects, steps] = [tables.at(0), tables.at(-1)];
  const rows = objects ? rowsOf<Row>(objects) : [];
  const stepsOf = Map.groupBy(steps ? rowsOf<Step>(steps) : [], ({ objectId }) => objectId);

  it('have a history that walks the table, and end in the stage and version that it leads to', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const { id, stage, version } of rows) {
      const history = stepsOf.get(id) ?? [];
      let before: string | undefined;
      for (const [at, step] of history.entries()) {
        const found = table.transitions.find(
          ({ action, from, to = before }) =>
            action === step.action &&
            (before === undefined ? from.length === 0 : from.includes(before)) &&
            to === step.stage,
        );
        expect([id, step.seq, step.action, found !== undefined]).toEqual([id, at, step.action, true]);
        before = step.stage;
      }
      expect([id, before, history.length]).toEqual([id, stage, version]);
    }
  });

  it('leave work in several open stages, some of it overdue', () => {
    const open = rows.filter(({ stage }) => !table.closed.includes(stage));
    const stages = new Set(open.map(({ stage }) => stage));
    // The trial city has three state enterprises.
    const openStages =
      name === 'assessments of the trial city' ? 2 : stagesOf(table).length - table.closed.length;
    expect(stages.size).toBe(openStages);
    const isOverdue = ({ dueOn }: Row) => dueOn !== null && dueOn < dateOf(today);
    expect(open.some(isOverdue)).toBe(true);
    expect(open.some((row) => row.dueOn !== null && !isOverdue(row))).toBe(true);
  });
});
