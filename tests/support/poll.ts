import { setTimeout as wait } from 'node:timers/promises';

const firstWaitMs = 2;
const longestWaitMs = 50;

/** Asks again until there is an answer: soon at first, because most answers are there within milliseconds. */
export async function poll<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`No answer within ${timeoutMs} ms.`);
    await wait(waitMs);
  }
}
