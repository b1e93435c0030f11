import { expect, test } from 'vitest';
import { fuzzRights, tell } from './run.ts';

const asked = Number(process.env.RIGHTS_QUESTIONS ?? 200);
const seed = Number(process.env.RIGHTS_SEED ?? 1);
const each = Math.min(asked, Number(process.env.RIGHTS_EACH ?? 25));

test('rights: whoever asks whatever is answered as if what he may not see were not there', async () => {
  const started = performance.now();
  const outcome = await fuzzRights({
    seed,
    callers: Math.ceil(asked / each),
    questions: each,
    onCaller: () => {},
  });
  const byKind = Map.groupBy(outcome.differences, ({ kind }) => kind);
  console.log({
    ...outcome,
    differences: outcome.differences.length,
    ms: Math.round(performance.now() - started),
  });
  for (const [kind, all] of byKind) console.log(kind, all.length);
  for (const [, all] of byKind)
    for (const found of all.slice(0, Number(process.env.SHOW ?? 2))) console.log(`\n${tell(found)}`);
  expect(outcome.differences).toEqual([]);
}, 3_600_000);
