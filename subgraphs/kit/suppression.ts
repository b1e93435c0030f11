import { fewestUnits } from './few-units.ts';

/*
 * Complementary suppression: which cells of a table of totals are withheld, so that none that tells of single units can
 * be had by subtraction. What is withheld follows from the whole table, never from what a question asks for.
 */

/** A total and all the parts that add up to it, those included that nobody can ask for. */
export interface Line {
  total: string;
  parts: readonly string[];
}

/** What makes a total too telling by itself. */
export interface Rule<Mass, Reason extends string> {
  /** Null where it is not. */
  riskOf(mass: Mass): Reason | null;
  /** Disjoint masses as one. */
  together(masses: readonly Mass[]): Mass;
  /** Of safe parts, the smallest is withheld first. */
  sizeOf(mass: Mass): number;
}

/**
 * The cells to withhold, with the reason of each: those that are too telling, and as many beside them as it takes
 * that none can be had by subtraction. In every line the withheld parts together are what a caller can work out
 * from the shown ones, so together they must be safe; and below a withheld total nothing is shown.
 */
export function withheld<Mass, Reason extends string>(
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  { riskOf, together, sizeOf }: Rule<Mass, Reason>,
): Map<string, Reason | 'COMPLEMENTARY'> {
  const reasons = new Map<string, Reason | 'COMPLEMENTARY'>();
  for (const [key, mass] of cells) {
    const risk = riskOf(mass);
    if (risk) reasons.set(key, risk);
  }
  const isShown = (key: string) => !reasons.has(key);
  const massOf = (key: string) => cells.get(key) as Mass;
  const bySize = (a: string, b: string) => sizeOf(massOf(a)) - sizeOf(massOf(b)) || (a < b ? -1 : 1);

  let before: number;
  do {
    before = reasons.size;
    for (const { total, parts } of lines) {
      const shown = parts.filter(isShown).sort(bySize);
      if (!isShown(total)) {
        for (const part of shown) reasons.set(part, 'COMPLEMENTARY');
        continue;
      }
      const hidden = parts.filter((part) => !isShown(part)).map(massOf);
      while (hidden.length > 0 && riskOf(together(hidden))) {
        const next = shown.shift();
        if (next === undefined) break; // All is hidden: what remains is the total, which is safe.
        reasons.set(next, 'COMPLEMENTARY');
        hidden.push(massOf(next));
      }
    }
  } while (reasons.size > before);
  return reasons;
}

/** Units, and how many of them something holds for. */
export interface Share {
  units: number;
  counted: number;
}

/**
 * Of how many units something holds is told where it holds for enough of them, and fails for enough: of 0 of 27, or of
 * all 27, it would tell of each; and of one or two, those two would learn of each other.
 */
export const shareRule: Rule<Share, 'FEW'> = {
  riskOf: ({ units, counted }) => (counted < fewestUnits || units - counted < fewestUnits ? 'FEW' : null),
  together: (shares) => ({
    units: sum(shares.map(({ units }) => units)),
    counted: sum(shares.map(({ counted }) => counted)),
  }),
  sizeOf: ({ units }) => units,
};

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
