import type { Log } from '../log.ts';

/** What somebody has used of something since its window began, and when the next begins. */
export type Usage = { readonly used: number; readonly resetMs: number };

/** Counts for everybody by name, in windows that begin with the first use. */
export type UsageCounter = {
  /** Adds, or takes back what is below 0. */
  add(name: string, amount: number): Promise<Usage>;
};

export type UsageWindow = { readonly name: string; readonly seconds: number };

/** Where usage is counted. */
export type RateStore = {
  counterOf(window: UsageWindow): UsageCounter;
  close(): Promise<void>;
};

/** Where gateways that answer the same callers count together; without it each counts for itself. */
export type SharedStore =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'redis'; readonly url: string };

/** The longest that a request waits for the shared store. */
const storeTimeoutMs = 250;

/** While the shared store is down, one request in so long a time tries it. */
const trialEveryMs = 500;

/** Usage with whether all gateways share the count of it. */
export type CountedUsage = Usage & { readonly isShared: boolean };

export type RateCounters = {
  add(window: UsageWindow, name: string, amount: number): Promise<CountedUsage>;
  /** Whether usage is counted in the store that was named; undefined where none was. */
  readonly isStoreUp: boolean | undefined;
  close(): Promise<void>;
};

/**
 * Counts in the shared store, and in the memory of this gateway while that is down: callers are then served as
 * ever, and limited by what this gateway alone has seen.
 */
export async function openRateCounters(shared: SharedStore | undefined, log: Log): Promise<RateCounters> {
  const memory = (await import('./rate-stores/memory.ts')).openMemoryStore();
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
        'The store of rate limits is down: this gateway counts for itself, with its share.',
      );
    }
    isUp = false;
  }

  async function tryShared(store: RateStore, window: UsageWindow, name: string, amount: number) {
    if (!isUp && performance.now() < nextTrialAt) return undefined;
    if (!isUp) nextTrialAt = performance.now() + trialEveryMs;
    try {
      const usage = await inTime(store.counterOf(window).add(name, amount));
      noteUp();
      return usage;
    } catch (cause) {
      noteDown(cause);
      return undefined;
    }
  }

  return {
    async add(window, name, amount) {
      const usage = store && (await tryShared(store, window, name, amount));
      if (usage) return { ...usage, isShared: true };
      return { ...(await memory.counterOf(window).add(name, amount)), isShared: store === undefined };
    },
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
