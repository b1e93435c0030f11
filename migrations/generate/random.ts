/**
 * Pseudo-random numbers that are the same on every machine (sfc32 by Chris Doty-Humphrey, of PractRand). Each row has its own stream, so
 * that a row can be computed again without earlier rows.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream: string, index: number) {
    this.#a = seed | 0;
    this.#b = hashOf(stream);
    this.#c = index | 0;
    for (let i = 0; i < 12; i++) this.#next();
  }

  #next(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Returns a number from 0 to below 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** Returns an integer from 0 to below the limit. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** Returns an integer from the first to the last, both included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** Returns true with this probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<const Values extends readonly [unknown, ...unknown[]]>(values: Values): Values[number] {
    return values[this.below(values.length)];
  }

  /** Returns several distinct integers from 0 to below the limit. */
  several(count: number, limit: number): number[] {
    const found = new Set<number>();
    while (found.size < Math.min(count, limit)) found.add(this.below(limit));
    return [...found];
  }

  /** Returns a lognormal number with mean 1; a large sigma gives few large and many small numbers. */
  lognormal(sigma: number): number {
    let normal = -6;
    for (let i = 0; i < 12; i++) normal += this.fraction();
    return exponential(sigma * normal - (sigma * sigma) / 2);
  }
}

/** Returns a random choice among values by weight. */
export function weighted<T>(...choices: readonly [readonly [T, number], ...(readonly [T, number])[]]) {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  return (random: Random): T => {
    let rest = random.fraction() * total;
    for (const [value, weight] of choices) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return choices[0][0];
  };
}

/** Computes e^x with additions and multiplications only: the last digit of `Math.exp` may differ between engines. */
function exponential(x: number): number {
  let power = 1 + x / 1024;
  for (let i = 0; i < 10; i++) power *= power;
  return power;
}

/** Hashes text with FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
