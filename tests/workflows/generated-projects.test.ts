import { stagesOf, type WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { planCity } from '@wenshu/migrations/generate/city.ts';
import { ledgerTables } from '@wenshu/migrations/generate/ledgers.ts';
import { openCallTables } from '@wenshu/migrations/generate/open-calls.ts';
import type { GeneratedTable } from '@wenshu/migrations/generate/table.ts';
import { trialCity } from '@wenshu/migrations/generate.ts';
import { ledgerTable } from '@wenshu/parks/workflows/ledger-table.ts';
import { claimTable, openCallTable } from '@wenshu/policies/workflows/open-call-table.ts';
import { getTableName } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';

type Step = { objectId: string; stage: string; action: string; on: string; dueOn: string | null };
type Row = { id: string; stage: string; version: number; dueOn: string | null };

/** Returns the rows of a generated table by its name. */
function rowsOf<Of>(tables: readonly GeneratedTable[], name: string): Of[] {
  const table = tables.find((each) => getTableName(each.table) === name);
  if (!table) throw new Error(`No table ${name} is generated.`);
  return Array.from({ length: table.subjects }, (_, i) => table.rowsOf(i) as unknown as Of[]).flat();
}

const large = planCity({ enterprises: 20_000, seed: 3 });
const of = (city: typeof large) => ({ ledgers: ledgerTables(city), calls: openCallTables(city) });

describe.each<[string, string, string, WorkflowTable, 'ledgers' | 'calls']>([
  ['a ledger', 'project_ledgers', 'project_ledger_steps', ledgerTable, 'ledgers'],
  ['an open call', 'open_calls', 'open_call_steps', openCallTable, 'calls'],
  ['a claim', 'open_call_claims', 'open_call_claim_steps', claimTable, 'calls'],
])('%s of a synthetic city', (_name, objects, steps, { transitions }, tables) => {
  it('has a history that its table allows, and ends where the history does', () => {
    const history = Map.groupBy(rowsOf<Step>(of(large)[tables], steps), ({ objectId }) => objectId);
    const rows = rowsOf<Row>(of(large)[tables], objects);
    expect(rows.length).toBeGreaterThan(30);
    for (const { id, stage, version, dueOn } of rows) {
      const taken = history.get(id) ?? [];
      for (const [at, step] of taken.entries()) {
        const before = taken[at - 1];
        const possible = transitions.some(
          ({ action, from, to }) =>
            action === step.action &&
            (before ? from.includes(before.stage) : from.length === 0) &&
            (to ?? before?.stage) === step.stage,
        );
        expect([id, step.action, step.on, possible && step.on >= (before?.on ?? '')]).toEqual([
          id,
          step.action,
          step.on,
          true,
        ]);
      }
      expect({ id, stage, version, dueOn }).toEqual({
        id,
        stage: taken.at(-1)?.stage,
        version: taken.length,
        dueOn: taken.at(-1)?.dueOn,
      });
    }
  });
});

it('the trial city has open calls in every stage, and ledgers that are due soon and overdue', () => {
  const trial = of(planCity(trialCity));
  const calls = rowsOf<Row>(trial.calls, 'open_calls');
  expect(new Set(calls.map(({ stage }) => stage))).toEqual(new Set(stagesOf(openCallTable)));
  const due = rowsOf<Row>(trial.ledgers, 'project_ledgers').map(({ dueOn }) => dueOn);
  expect(due).toContain('2026-01-05');
  expect(due).toContain('2025-12-05');
});
