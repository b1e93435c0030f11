import type { Log } from '../lib/log.ts';
import { createMemoryStore } from './rate-stores/memory.ts';
import type { RateStore, Usage, UsageWindow } from './rate-stores/store.ts';

/** Store in which gateways with the same callers count usage together. Without it, each gateway counts alone. */
export type SharedStore =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'redis'; readonly url: string };

/** Maximum wait for the shared store, in milliseconds. */
const storeTimeoutMs = 250;

/** Interval at which one request tries the shared store while it is down, in milliseconds. */
const trialEveryMs = 500;

/** Usage in each window, and whether it was counted in the shared store. */
export type CountedUsage = { readonly usages: readonly Usage[]; readonly isShared: boolean };

export type RateCounters = {
  /** Adds usage like `RateStore.add`; without a promise when usage is counted in this process. */
  add(windows: readonly UsageWindow[], name: string, amount: number): CountedUsage | Promise<CountedUsage>;
  /** Whether usage is counted in the configured store; undefined without one. */
  readonly isStoreUp: boolean | undefined;
  close(): Promise<void>;
};

/**
 * Opens counters in the shared store. While it is down, this gateway counts in its own memory: callers are answered as
 * usual, and limited by what this gateway has seen.
 */
export async function openRateCounters(shared: SharedStore | undefined, log: Log): Promise<RateCounters> {
  const memory = createMemoryStore();
  const store = shared && (await openShared(shared));
  let isUp = true;
  let nextTrialAt = 0;

  function noteUp() {
    if (!isUp) log.info({}, 'The store of rate limits answers again: limits are counted together.');
    isUp = true;
  }

  function noteDown(cause: unknown) {
    nextTrialAt = performance.now() + trialEveryMs;
    if (isUp) {
      log.warn(
        { cause },
        'The store of rate limits is down: this gateway counts alone, with its share of each limit.',
      );
    }
    isUp = false;
  }

  async function tryShared(store: RateStore, ...[windows, name, amount]: Parameters<RateStore['add']>) {
    if (!isUp && performance.now() < nextTrialAt) return undefined;
    if (!isUp) nextTrialAt = performance.now() + trialEveryMs;
    try {
      const usages = await inTime(store.add(windows, name, amount));
      noteUp();
      return usages;
    } catch (cause) {
      noteDown(cause);
      return undefined;
    }
  }

  async function addShared(store: RateStore, ...added: Parameters<RateStore['add']>): Promise<CountedUsage> {
    const usages = await tryShared(store, ...added);
    return usages ? { usages, isShared: true } : { usages: memory.add(...added), isShared: false };
  }

  return {
    add: (...added) =>
      store ? addShared(store, ...added) : { usages: memory.add(...added), isShared: true },
    get isStoreUp() {
      return store && isUp;
    },
    close: async () => store?.close(),
  };
}

async function openShared({ kind, url }: SharedStore): Promise<RateStore> {
  return kind === 'redis'
    ? (await import('./rate-stores/redis.ts')).openRedisStore(url)
    : (await import('./rate-stores/postgres.ts')).openPostgresStore(url);
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer within ${storeTimeoutMs} ms.`)), storeTimeoutMs);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
