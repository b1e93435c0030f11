/** Hands out a fixed number of things so that no caller takes them from the others. */
export interface Turns<Slot> {
  /** A free one, or a promise of one; the caller `''` is nobody in particular. Rejects with the reason of `signal` where that aborts first. */
  take(caller: string, signal?: AbortSignal): Slot | Promise<Slot>;
  /** A free one, where the caller may have it at once. */
  takeNow(caller: string): Slot | undefined;
  give(caller: string, slot: Slot): void;
  /** How many are taken. */
  readonly taken: number;
  /** How many wait for one. */
  readonly waiting: number;
}

/** As many wait as may, or as many of one caller as may be its. */
export class TooManyWait extends Error {
  constructor() {
    super('Too many wait for their turn.');
    this.name = 'TooManyWait';
  }
}

type Waiter<Slot> = (slot: Slot) => void;

/**
 * Who holds many gets no more: a caller may take a slot only while more than twice as many are free as it holds. So one
 * caller alone has four of ten, and whoever comes next finds some free. Callers who wait are served in turn, however much each
 * of them asks for.
 * `take` throws `TooManyWait` where more than `maxWaiting` would wait; places to wait are shared by the same rule.
 * https://doi.org/10.1109/90.664262 (dynamic thresholds for shared buffers)
 */
export function createTurns<Slot>(
  slots: readonly Slot[],
  maxWaiting = Number.POSITIVE_INFINITY,
): Turns<Slot> {
  // The one that was given back last is the warmest; those that are not needed rest.
  const free = slots.toReversed();
  const held = new Map<string, number>();
  /** In the order in which callers get their next turn. */
  const waiting = new Map<string, Set<Waiter<Slot>>>();
  let waitingCount = 0;

  const holds = (caller: string) => held.get(caller) ?? 0;
  const mayHave = (caller: string, left: number, own: number) => left > (caller === '' ? 0 : 2 * own);
  const mayTake = (caller: string) => mayHave(caller, free.length, holds(caller));
  const mayWait = (caller: string) =>
    mayHave(caller, maxWaiting - waitingCount, waiting.get(caller)?.size ?? 0);

  function taken(caller: string): Slot {
    held.set(caller, holds(caller) + 1);
    return free.pop() as Slot;
  }

  function leave(caller: string, waiter: Waiter<Slot>): void {
    const queue = waiting.get(caller);
    if (queue?.delete(waiter)) waitingCount--;
    if (queue?.size === 0) waiting.delete(caller);
  }

  function serve(): void {
    for (let served = true; served && free.length > 0; ) {
      served = false;
      for (const [caller, queue] of waiting) {
        const [next] = queue;
        if (!next || !mayTake(caller)) continue;
        queue.delete(next);
        waitingCount--;
        // To the end of the round.
        waiting.delete(caller);
        if (queue.size > 0) waiting.set(caller, queue);
        next(taken(caller));
        served = true;
        break;
      }
    }
  }

  function wait(caller: string, signal: AbortSignal | undefined): Promise<Slot> {
    if (!mayWait(caller)) throw new TooManyWait();
    waitingCount++;
    const { promise, resolve, reject } = Promise.withResolvers<Slot>();
    const giveUp = () => {
      leave(caller, waiter);
      reject(signal?.reason);
    };
    const waiter: Waiter<Slot> = (slot) => {
      signal?.removeEventListener('abort', giveUp);
      resolve(slot);
    };
    const queue = waiting.get(caller) ?? new Set();
    waiting.set(caller, queue.add(waiter));
    signal?.addEventListener('abort', giveUp);
    return promise;
  }

  const takeNow = (caller: string): Slot | undefined =>
    !waiting.has(caller) && mayTake(caller) ? taken(caller) : undefined;

  return {
    take(caller, signal) {
      signal?.throwIfAborted();
      return takeNow(caller) ?? wait(caller, signal);
    },
    takeNow,
    give(caller, slot) {
      const left = holds(caller) - 1;
      if (left > 0) held.set(caller, left);
      else held.delete(caller);
      free.push(slot);
      serve();
    },
    get taken() {
      return slots.length - free.length;
    },
    get waiting() {
      return waitingCount;
    },
  };
}
