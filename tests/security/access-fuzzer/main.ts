import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const help = `Asks random questions for random callers: with what they may not see, without it, and without access control.

  npm run fuzz:access -- --questions 10000   how many (default 1000)
  npm run fuzz:access -- --seed 7            the same callers and questions each time (default 1)
  npm run fuzz:access -- --each 250          questions of each caller (default 100)
  npm run fuzz:access -- --replay 7.12.31    one question alone, by what a difference prints
  npm run fuzz:access -- --replay 7.12       all questions of one caller (with the same --each)`;

const { values } = parseArgs({
  options: {
    questions: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    each: { type: 'string', default: '100' },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(help);
else {
  const { questions, seed, each, replay } = values;
  Object.assign(process.env, {
    FUZZ_FULL: '1',
    FUZZ_QUESTIONS: questions,
    FUZZ_SEED: seed,
    FUZZ_EACH: each,
    ...(replay && { FUZZ_REPLAY: replay }),
  });
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const run = await startVitest('test', ['security/access-fuzzer'], { root, watch: false });
  await run.close();
}
