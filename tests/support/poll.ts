import { setTimeout as wait } from 'node:timers/promises';

/** Asks again until there is an answer. */
export async function poll<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`No answer within ${timeoutMs} ms.`);
    await wait(50);
  }
}
