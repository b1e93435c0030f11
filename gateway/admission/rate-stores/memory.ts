import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RateStore } from '../rate-store.ts';
import { countersOf, counting } from './limiter.ts';

/** Counts in this process. */
export const openMemoryStore = (): RateStore => ({
  counterOf: countersOf((window) => new RateLimiterMemory(counting(window))),
  close: async () => {},
});
