/** Shares a fixed number of slots fairly between callers. */
export interface Turns<Slot> {
  /**
   * Returns a free slot, or a promise of one. The caller `''` is nobody in particular. Rejects with the reason of `signal` if it aborts
   * first.
   */
  take(caller: string, signal?: AbortSignal): Slot | Promise<Slot>;
  /** Returns a free slot if the caller may have one at once. */
  takeNow(caller: string): Slot | undefined;
  give(caller: string, slot: Slot): void;
  /** Number of slots in use. */
  readonly taken: number;
  /** Number of callers' requests that wait for a slot. */
  readonly waiting: number;
}

/** The queue is full, or the share of one caller in it is. */
export class TooManyWait extends Error {
  constructor() {
    super('Too many wait for their turn.');
    this.name = 'TooManyWait';
  }
}

type Waiter<Slot> = (slot: Slot) => void;

/** Waiting requests by caller. The callers stand in the order of their next turn. */
class Queues<Slot> {
  readonly #byCaller = new Map<string, Set<Waiter<Slot>>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(caller: string): number {
    return this.#byCaller.get(caller)?.size ?? 0;
  }

  add(caller: string, waiter: Waiter<Slot>): void {
    this.#byCaller.set(caller, (this.#byCaller.get(caller) ?? new Set()).add(waiter));
    this.#size++;
  }

  remove(caller: string, waiter: Waiter<Slot>): void {
    const queue = this.#byCaller.get(caller);
    if (queue?.delete(waiter)) this.#size--;
    if (queue?.size === 0) this.#byCaller.delete(caller);
  }

  /** Removes and returns the next waiter whose caller may take a slot; undefined if there is none. */
  next(mayTake: (caller: string) => boolean): { caller: string; waiter: Waiter<Slot> } | undefined {
    for (const [caller, queue] of this.#byCaller) {
      const [waiter] = queue;
      if (!waiter || !mayTake(caller)) continue;
      queue.delete(waiter);
      this.#size--;
      // The caller goes to the end of the round.
      this.#byCaller.delete(caller);
      if (queue.size > 0) this.#byCaller.set(caller, queue);
      return { caller, waiter };
    }
    return undefined;
  }
}

/**
 * Shares `count` slots by a dynamic threshold: a caller may take a slot only while the free slots are more than twice those that it holds. So one
 * caller alone gets four of ten, and the next caller finds some free. Waiting callers are served in turn, however many requests each of
 * them has. `take` throws `TooManyWait` if more than `maxWaiting` would wait; places in the queue are shared by the same rule.
 * https://doi.org/10.1109/90.664262 (dynamic thresholds for shared buffers)
 */
export function createTurns<Slot>(
  count: number,
  slotAt: (index: number) => Slot,
  maxWaiting = Number.POSITIVE_INFINITY,
): Turns<Slot> {
  /** The slot that was returned last is the warmest and is used first. Slots that are not needed are never made. */
  const returned: Slot[] = [];
  let made = 0;
  let inUse = 0;
  const held = new Map<string, number>();
  const queues = new Queues<Slot>();

  const holds = (caller: string) => held.get(caller) ?? 0;
  const mayHave = (caller: string, left: number, own: number) => left > (caller === '' ? 0 : 2 * own);
  const mayTake = (caller: string) => mayHave(caller, count - inUse, holds(caller));
  const mayWait = (caller: string) => mayHave(caller, maxWaiting - queues.size, queues.sizeOf(caller));

  function taken(caller: string): Slot {
    held.set(caller, holds(caller) + 1);
    inUse++;
    return returned.length > 0 ? (returned.pop() as Slot) : slotAt(made++);
  }

  function serve(): void {
    while (inUse < count) {
      const next = queues.next(mayTake);
      if (!next) return;
      next.waiter(taken(next.caller));
    }
  }

  function wait(caller: string, signal: AbortSignal | undefined): Promise<Slot> {
    if (!mayWait(caller)) throw new TooManyWait();
    const { promise, resolve, reject } = Promise.withResolvers<Slot>();
    const giveUp = () => {
      queues.remove(caller, waiter);
      reject(signal?.reason);
    };
    const waiter: Waiter<Slot> = (slot) => {
      signal?.removeEventListener('abort', giveUp);
      resolve(slot);
    };
    queues.add(caller, waiter);
    signal?.addEventListener('abort', giveUp);
    return promise;
  }

  const takeNow = (caller: string): Slot | undefined =>
    queues.sizeOf(caller) === 0 && mayTake(caller) ? taken(caller) : undefined;

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
      inUse--;
      returned.push(slot);
      serve();
    },
    get taken() {
      return inUse;
    },
    get waiting() {
      return queues.size;
    },
  };
}
