/** Wakes those who follow the outbox of a subgraph. A wake-up is a hint: the outbox is the truth. */
export type Waker = {
  /** Number of wake-ups so far. */
  readonly count: number;
  /**
   * Resolves to true when there are more wake-ups than `count`; to false when `mostMs` have passed, two seconds at most, or when `signal`
   * aborts.
   */
  wait(count: number, signal: AbortSignal | undefined, mostMs?: number): Promise<boolean>;
  /** Tells that a change was found without a wake-up: the connection may be dead, and is replaced. */
  distrust(): void;
  /** Calls the listener at each wake-up. Resolves when it can be heard. */
  observe(listener: () => void): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
};

/** A connection that listens. */
export type Listening = { stop(): Promise<void> };

type OpenListening = (listener: () => void) => Promise<Listening>;

const standardMostMs = 2_000;

/** Creates a waker. All its users share one connection, which is opened for the first of them. */
export function createWaker(open: OpenListening, longestMs = standardMostMs): Waker {
  const listeners = new Set<() => void>();
  let count = 0;
  let listening: Promise<Listening> | undefined;
  let openedAt = 0;
  let isClosed = false;

  const wake = () => {
    count += 1;
    for (const listener of [...listeners]) listener();
  };

  function listen(): Promise<Listening> {
    if (!listening) {
      openedAt = performance.now();
      const opening = open(wake);
      listening = opening;
      // Who waits looks at the outbox without it, and it is opened at the next wait.
      opening.catch(() => {
        if (listening === opening) listening = undefined;
      });
    }
    return listening;
  }

  async function stop(): Promise<void> {
    const stopped = listening;
    listening = undefined;
    await stopped?.then((each) => each.stop()).catch(() => {});
  }

  return {
    get count() {
      return count;
    },
    wait(known, signal, mostMs = longestMs) {
      if (count > known) return Promise.resolve(true);
      if (signal?.aborted || isClosed) return Promise.resolve(false);
      void listen();
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const end = (isWoken: boolean) => {
        clearTimeout(timer);
        listeners.delete(onWake);
        signal?.removeEventListener('abort', onTimeUp);
        resolve(isWoken);
      };
      const onWake = () => end(true);
      const onTimeUp = () => end(false);
      const timer = setTimeout(onTimeUp, Math.min(mostMs, longestMs));
      listeners.add(onWake);
      signal?.addEventListener('abort', onTimeUp);
      return promise;
    },
    distrust() {
      if (listening && performance.now() - openedAt > longestMs) void stop();
    },
    async observe(listener) {
      listeners.add(listener);
      await listen();
      return { stop: async () => void listeners.delete(listener) };
    },
    async close() {
      isClosed = true;
      await stop();
    },
  };
}
