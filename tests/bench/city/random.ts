/** Returns pseudo-random numbers that are the same each time (mulberry32). */
export function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  /** Returns an integer from 0 to below the limit. */
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    /** Returns true with this probability. */
    chance: (probability: number) => next() < probability,
    pick: <T>(values: readonly [T, ...T[]]): T => values[below(values.length)] ?? values[0],
    /** Returns several distinct integers from 0 to below the limit. */
    several: (count: number, limit: number): number[] => {
      const found = new Set<number>();
      while (found.size < Math.min(count, limit)) found.add(below(limit));
      return [...found];
    },
  };
}
