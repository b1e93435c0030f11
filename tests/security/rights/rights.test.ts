import { expect, test } from 'vitest';
import { reportOf, tell } from './report.ts';
import { fuzzRights } from './run.ts';

/** Settings: a fixed sample. `npm run fuzz:rights` asks more and sets them. */
const {
  RIGHTS_QUESTIONS = '150',
  RIGHTS_SEED = '1',
  RIGHTS_EACH = '25',
  RIGHTS_REPLAY,
  RIGHTS_FULL,
} = process.env;
const isFull = RIGHTS_FULL !== undefined;
const questions = Math.min(Number(RIGHTS_QUESTIONS), Number(RIGHTS_EACH));
const [replayedSeed, caller = 0, place] = RIGHTS_REPLAY?.split('.').map(Number) ?? [];

test('rights: whoever asks whatever is answered as if what he may not see were not there', async () => {
  const startedAt = performance.now();
  const outcome = await fuzzRights({
    seed: replayedSeed ?? Number(RIGHTS_SEED),
    callers: Math.ceil(Number(RIGHTS_QUESTIONS) / questions),
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
