import { blacklistTable } from '@wenshu/enterprises/workflows/blacklist-table.ts';
import { findingTable } from '@wenshu/enterprises/workflows/finding-table.ts';
import type { WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { planCity } from '@wenshu/migrations/generate/city.ts';
import { dateOf, today } from '@wenshu/migrations/generate/days.ts';
import { entryAt, findingsOf } from '@wenshu/migrations/generate/enforcement.ts';
import { inspectionCount } from '@wenshu/migrations/generate/inspections.ts';
import { liveEntries } from '@wenshu/migrations/generate/live-cases.ts';
import { trialCity } from '@wenshu/migrations/generate.ts';
import { expect, it } from 'vitest';

type Made = {
  readonly row: { readonly stage: string; readonly version: number; readonly dueOn: string | null };
  readonly steps: readonly { readonly stage: string; readonly action: string; readonly on: string }[];
};

const cityOf = (options: typeof trialCity) => {
  const city = planCity(options);
  const count = (n: number) => Array.from({ length: n }, (_, i) => i);
  return {
    findings: count(inspectionCount(city)).flatMap((i): Made[] => findingsOf(city, i)),
    entries: count(city.counts.blacklistEntries + liveEntries.length).map((i): Made => entryAt(city, i)),
  };
};

/** Walks the steps of an object by the table, said once more. */
function walk({ transitions }: WorkflowTable, { row, steps }: Made): void {
  let stage: string | undefined;
  for (const step of steps) {
    const taken = transitions.find(
      ({ action, from }) =>
        action === step.action && (stage === undefined ? from.length === 0 : from.includes(stage)),
    );
    expect(taken, `${step.action} in ${stage}`).toBeDefined();
    stage = taken?.to ?? stage;
    expect(step.stage).toBe(stage);
    expect(step.on <= dateOf(today)).toBe(true);
  }
  expect([row.stage, row.version]).toEqual([stage, steps.length]);
}

it('the history of each synthetic finding and blacklist entry is a walk of its table', () => {
  const { findings, entries } = cityOf({ enterprises: 10_000, seed: 3 });
  expect(findings.length).toBeGreaterThan(40);
  for (const made of findings) walk(findingTable, made);
  for (const made of entries) walk(blacklistTable, made);
});

it('the trial city has tasks in each open stage, some of them overdue', () => {
  const { findings, entries } = cityOf(trialCity);
  const open = [...findings, ...entries].filter(({ row }) => row.dueOn !== null);
  expect([...new Set(open.map(({ row }) => row.stage))].toSorted()).toEqual([
    'BLACKLISTED',
    'FILED',
    'NOTIFIED',
    'PENALISED',
    'PROPOSED',
    'SET_ASIDE',
    'SUSPECTED',
    'WARNED',
  ]);
  const isOverdue = ({ row: { dueOn } }: Made) => dueOn !== null && dueOn < dateOf(today);
  expect(open.some(isOverdue)).toBe(true);
  expect(open.every(isOverdue)).toBe(false);
});
