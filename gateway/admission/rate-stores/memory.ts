import type { Usage, UsageWindow } from './store.ts';

type Counted = { used: number; readonly endsAt: number };

/**
 * Counts in this process, without promises: the library, with its promises, takes more than three times as long (bench case
 * `small`). Memory is bounded by the number of departments and keys.
 */
export function createMemoryStore() {
  /** Usage by window name, then by caller name. */
  const counted = new Map<string, Map<string, Counted>>();
  return {
    add(windows: readonly UsageWindow[], name: string, amount: number): readonly Usage[] {
      const now = performance.now();
      return windows.map((window) => {
        let counts = counted.get(window.name);
        if (!counts) {
          counts = new Map();
          counted.set(window.name, counts);
        }
        let count = counts.get(name);
        if (!count || count.endsAt <= now) {
          count = { used: 0, endsAt: now + window.seconds * 1_000 };
          counts.set(name, count);
        }
        count.used += amount;
        return { used: count.used, resetMs: count.endsAt - now };
      });
    },
  };
}
