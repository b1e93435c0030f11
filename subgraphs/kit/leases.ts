import type { Turns } from '@wenshu/schema/turns.ts';

/** A slot that one call holds while any work of the call uses it. */
type Lease<Slot> = {
  slot: Slot | Promise<Slot>;
  users: number;
  /** When its first work began, as `performance.now()`; undefined while it waits for the slot. */
  since?: number;
};

/**
 * A work that has run for so many milliseconds may run much longer, so no other work joins it. Under load a quick work
 * takes 200 ms, and on slots of their own its statements cost more (bench case `360`: 0.36 instead of 0.42).
 */
const longMs = 500;

/** Runs the works of one call, each on a slot that the call holds. */
export type Leases<Slot> = <T>(work: (slot: Slot) => Promise<T>) => Promise<T>;

/**
 * A work takes a slot of its own if its caller may have one now. If not, it shares the slot of another work of the same call, so that
 * their statements go together on one connection, which costs less under load (bench case `360`). Works of two calls never share a
 * slot, so cancelling one call cancels nothing else.
 */
export function createLeases<Slot>(
  turns: Turns<Slot>,
  caller: string,
  signal: AbortSignal | undefined,
): Leases<Slot> {
  const leases = new Set<Lease<Slot>>();

  function lease(): Lease<Slot> {
    const free = turns.takeNow(caller);
    const shared = free === undefined ? leastUsed([...leases].filter(isQuick)) : undefined;
    if (shared) return shared;
    const made = { slot: free ?? turns.take(caller, signal), users: 0 };
    leases.add(made);
    return made;
  }

  return async (work) => {
    signal?.throwIfAborted();
    const held = lease();
    held.users++;
    let slot: Slot | undefined;
    try {
      slot = await held.slot;
      held.since ??= performance.now();
      return await work(slot);
    } finally {
      if (--held.users === 0) {
        leases.delete(held);
        if (slot !== undefined) turns.give(caller, slot);
      }
    }
  };
}

const isQuick = ({ since }: Lease<unknown>) => since === undefined || performance.now() - since < longMs;

/** Of leases that are used alike, the newest. */
const leastUsed = <Slot>(leases: Iterable<Lease<Slot>>): Lease<Slot> | undefined =>
  [...leases].reduce<Lease<Slot> | undefined>(
    (best, each) => (best && best.users < each.users ? best : each),
    undefined,
  );
