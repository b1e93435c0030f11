import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { RateStore, Usage, UsageWindow } from './store.ts';

/** Options of a limiter that only counts. The limit depends on the caller and is checked elsewhere. */
export const counting = ({ name, seconds }: UsageWindow) => ({
  points: Number.MAX_SAFE_INTEGER,
  duration: seconds,
  keyPrefix: `wenshu-${name}`,
});

/** Returns a function that counts usage with one limiter for each window. */
export function countBy(create: (window: UsageWindow) => RateLimiterAbstract): RateStore['add'] {
  const limiters = new Map<string, RateLimiterAbstract>();
  const limiterOf = (window: UsageWindow) => {
    const limiter = limiters.get(window.name) ?? create(window);
    limiters.set(window.name, limiter);
    return limiter;
  };
  return (windows, name, amount) =>
    Promise.all(windows.map((window) => count(limiterOf(window), name, amount)));
}

async function count(limiter: RateLimiterAbstract, name: string, amount: number): Promise<Usage> {
  const { consumedPoints, msBeforeNext } = await (amount < 0
    ? limiter.reward(name, -amount)
    : limiter.consume(name, amount));
  return { used: consumedPoints, resetMs: msBeforeNext };
}
