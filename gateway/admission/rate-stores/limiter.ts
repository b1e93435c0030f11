import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { UsageCounter, UsageWindow } from '../rate-store.ts';

/** Options of a limiter that only counts: what is too much depends on who asks. */
export const counting = ({ name, seconds }: UsageWindow) => ({
  points: Number.MAX_SAFE_INTEGER,
  duration: seconds,
  keyPrefix: `wenshu-${name}`,
});

/** One counter for each window. */
export function countersOf(
  create: (window: UsageWindow) => RateLimiterAbstract,
): (window: UsageWindow) => UsageCounter {
  const counters = new Map<string, UsageCounter>();
  return (window) => {
    let counter = counters.get(window.name);
    if (!counter) {
      counter = asCounter(create(window));
      counters.set(window.name, counter);
    }
    return counter;
  };
}

const asCounter = (limiter: RateLimiterAbstract): UsageCounter => ({
  async add(name, amount) {
    const { consumedPoints, msBeforeNext } = await (amount < 0
      ? limiter.reward(name, -amount)
      : limiter.consume(name, amount));
    return { used: consumedPoints, resetMs: msBeforeNext };
  },
});
