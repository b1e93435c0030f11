import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest. Begun last, one of them would keep a single worker busy at the end of a run. */
const slowest = [
  'cli/start',
  'security/log-values',
  'migrations/generate',
  'cli/generate',
  'security/access-fuzzer/access-fuzzer',
  'security/planning-share',
  'faults/faults',
  'security/audit-tail',
  'federation/related/random',
  'security/sql',
  'contract/gates',
  'cli/keys',
  'cli/apart',
  'contract/readme',
  'contract/data-teams',
];

/** Runs the slowest files first. Vitest knows them only from an earlier run, which a fresh checkout has not had. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = slowest.findIndex((name) => moduleId.endsWith(`/tests/${name}.test.ts`));
  return place < 0 ? slowest.length : place;
}
