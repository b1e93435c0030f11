import { expect, test } from 'vitest';
import { reportOf, tell } from './report.ts';
import { fuzzAccess } from './run.ts';

/** Settings: a fixed sample. `npm run fuzz:access` asks more and sets them. */
const { FUZZ_QUESTIONS = '102', FUZZ_SEED = '1', FUZZ_EACH = '17', FUZZ_REPLAY, FUZZ_FULL } = process.env;
const isFull = FUZZ_FULL !== undefined;
const questions = Math.min(Number(FUZZ_QUESTIONS), Number(FUZZ_EACH));
const [replayedSeed, caller = 0, place] = FUZZ_REPLAY?.split('.').map(Number) ?? [];

test('access: whoever asks whatever is answered as if what he may not see were not there', async () => {
  const startedAt = performance.now();
  const outcome = await fuzzAccess({
    seed: replayedSeed ?? Number(FUZZ_SEED),
    callers: Math.ceil(Number(FUZZ_QUESTIONS) / questions),
    questions,
    onCaller: (done, differences) => {
      if (isFull) console.log(`${done} callers, ${differences} differences`);
    },
    onDifference: (found) => {
      if (isFull) console.log(tell(found));
    },
    only: replayedSeed === undefined ? undefined : { caller, place },
  });
  if (isFull) console.log(reportOf(outcome, performance.now() - startedAt));
  expect(outcome.differences.slice(0, 5).map(tell)).toEqual([]);
  // If all questions were refused, the test would prove nothing.
  if (replayedSeed === undefined) expect(outcome.empty).toBeLessThan(outcome.asked / 2);
}, 7_200_000);
