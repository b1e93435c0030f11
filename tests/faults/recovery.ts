import { setTimeout as wait } from 'node:timers/promises';
import { outcomeOf } from './load.ts';
import { post } from './post.ts';
import type { Question } from './questions.ts';

const restMs = 5;
/** One that hangs must not hide that the next is answered. */
const patienceMs = 50;
const probeTimeoutMs = 1_000;
const limitMs = 20_000;

const nobody: ReadonlySet<never> = new Set();

/**
 * Milliseconds from now to the end of the first whole answer. It asks again a few milliseconds after an answer,
 * apart from the load, and does not wait long for one.
 */
export async function timeToWholeAnswer(origin: string, question: Question): Promise<number> {
  const startedAt = performance.now();
  const since = () => performance.now() - startedAt;
  let tookMs: number | undefined;
  const probe = async () => {
    const reply = await post(origin, question.body, { timeoutMs: probeTimeoutMs });
    if (outcomeOf(question, reply, nobody).kind === 'whole') tookMs ??= since();
  };
  while (tookMs === undefined) {
    if (since() > limitMs) return Number.POSITIVE_INFINITY;
    await Promise.race([probe(), wait(patienceMs)]);
    await wait(restMs);
  }
  return tookMs;
}
