import { setTimeout as wait } from 'node:timers/promises';
import type { Caller } from '@wenshu/schema/caller.ts';
import type { RateLimit } from '../admission/rate-limit.ts';
import { Refusal } from '../request/refusal.ts';
import type { Slot } from './export-slots.ts';
import { Interrupted } from './read-pages.ts';

/** Cost is taken bit by bit, so that a page may cost more than is left of a minute. */
const slice = 1_000;

/** The rate limit lets nothing more through for so long. */
export type Pause = { readonly seconds: number };

/**
 * Takes the cost of a page from what its caller may export. What is too much for this minute waits for the next one, and
 * each wait is told of when it begins. Who waits takes no slot from others.
 */
export async function* charge(
  rateLimit: RateLimit,
  caller: Caller,
  cost: number,
  slot: Pick<Slot, 'pause' | 'resume'>,
  signal: AbortSignal,
): AsyncGenerator<Pause> {
  for (let left = cost; left > 0; left -= slice) {
    const part = Math.min(left, slice);
    for (let refusal = await refusalOf(rateLimit, caller, part); refusal; ) {
      const { code, message, headers, extensions } = refusal;
      const isForNow = code === 'RATE_LIMITED' && Number(extensions.limit) >= part;
      if (!isForNow) throw new Interrupted(code, message);
      const seconds = Number(headers['retry-after']);
      // It has begun before it is told of: a reader that is slow to hear of it waits no longer for that.
      slot.pause();
      const over = wait(seconds * 1000, undefined, { signal }).catch(() => {});
      yield { seconds };
      await over;
      signal.throwIfAborted();
      refusal = await refusalOf(rateLimit, caller, part);
    }
    await slot.resume(signal);
  }
}

async function refusalOf(rateLimit: RateLimit, caller: Caller, cost: number): Promise<Refusal | undefined> {
  try {
    await rateLimit(caller, cost);
    return undefined;
  } catch (cause) {
    if (cause instanceof Refusal) return cause;
    throw cause;
  }
}
