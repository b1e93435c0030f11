import { setTimeout as wait } from 'node:timers/promises';
import type { WorkflowType } from '../schema-types.ts';

/** The types of which there may be new events. */
export type Woken = 'ALL' | readonly WorkflowType[];

/** What woke a deliverer since it looked. */
export type Wakes = {
  /** Notes that there may be new events of a type or, without one, of any. */
  add(type?: WorkflowType): void;
  /** Ends the waiting without a new event. */
  look(): void;
  /** Returns what there may be, and forgets it. */
  take(): Woken;
  readonly any: boolean;
  /** The number of wakes so far. What was read before it grew may lack events. */
  readonly count: number;
  /** Resolves with the next wake, when the time has passed, or when the signal aborts. */
  heard(mostMs: number, signal: AbortSignal): Promise<void>;
};

export function createWakes(): Wakes {
  let isAll = true;
  let count = 0;
  const types = new Set<WorkflowType>();
  let heard = Promise.withResolvers<void>();
  const look = () => heard.resolve();
  return {
    add(type) {
      if (type === undefined) isAll = true;
      else types.add(type);
      count += 1;
      look();
    },
    look,
    take() {
      const woken: Woken = isAll ? 'ALL' : [...types];
      isAll = false;
      types.clear();
      return woken;
    },
    get any() {
      return isAll || types.size > 0;
    },
    get count() {
      return count;
    },
    async heard(mostMs, signal) {
      const over = new AbortController();
      const isOver = wait(mostMs, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(
        () => {},
      );
      await Promise.race([heard.promise, isOver]);
      over.abort();
      heard = Promise.withResolvers();
    },
  };
}
