/** Draws the same numbers for the same seed (mulberry32). */
export type Random = {
  /** Returns a number from 0 to below 1. */
  next(): number;
  /** Returns an integer from 0 to below `count`. */
  below(count: number): number;
  happens(chance: number): boolean;
  one<Item>(items: readonly Item[]): Item;
  /** Returns this many distinct items, or all if there are fewer. */
  some<Item>(items: readonly Item[], count: number): Item[];
};

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    happens: (chance) => next() < chance,
    one<Item>(items: readonly Item[]) {
      if (items.length === 0) throw new Error('There is nothing to choose from.');
      return items[below(items.length)] as Item;
    },
    some(items, count) {
      const left = [...items];
      return Array.from({ length: Math.min(count, left.length) }, () =>
        left.splice(below(left.length), 1),
      ).flat();
    },
  };
}
