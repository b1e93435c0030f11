import { determined, type Sum } from './determined.ts';
import { fewestUnits } from './few-units.ts';

/*
 * Complementary suppression: which cells of a table of totals are withheld, so that none that tells of single units can
 * be had by subtraction. What is withheld follows from the whole table, never from what a question asks for.
 */

/** A total and all the parts that add up to it, those included that nobody can ask for. */
export type Line = Sum;

/** What makes a total too telling by itself. */
export interface Rule<Mass, Reason extends string> {
  /** Null where it is not. */
  riskOf(mass: Mass): Reason | null;
  /** Disjoint masses as one. */
  together(masses: readonly Mass[]): Mass;
  /** Whether anybody can ask for a cell: what remains of a line, nobody can. */
  canBeAsked(key: string): boolean;
  /** Of safe parts, the smallest is withheld first. */
  sizeOf(mass: Mass): number;
}

type Reasons<Reason extends string> = Map<string, Reason | 'COMPLEMENTARY'>;

/**
 * The cells to withhold, with the reason of each: those that are too telling, and as many beside them as it takes
 * that none of those can be had from what is shown, by any sums and differences.
 */
export function withheld<Mass, Reason extends string>(
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  rule: Rule<Mass, Reason>,
): Reasons<Reason> {
  const reasons: Reasons<Reason> = new Map();
  for (const [key, mass] of cells) {
    const risk = rule.riskOf(mass);
    if (risk) reasons.set(key, risk);
  }
  withholdInLines(cells, lines, rule, reasons);
  // Where each cell is part of one line at most, what can be had is what remains of a line: that is safe by now.
  const parts = lines.flatMap((line) => line.parts);
  if (new Set(parts).size === parts.length) return reasons;

  for (;;) {
    const found = [...determined(lines, (key) => rule.canBeAsked(key) && !reasons.has(key))].filter(
      (key) => rule.riskOf(cells.get(key) as Mass) !== null,
    );
    const others = new Set(found.flatMap((key) => nearestShown(key, cells, lines, rule, reasons) ?? []));
    if (others.size === 0) return reasons;
    for (const other of others) reasons.set(other, 'COMPLEMENTARY');
    withholdInLines(cells, lines, rule, reasons);
  }
}

/**
 * In every line the withheld parts together are what a caller can work out from the shown ones, so together they must
 * be safe; and below a withheld total nothing is shown.
 */
function withholdInLines<Mass, Reason extends string>(
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  { riskOf, together, canBeAsked, sizeOf }: Rule<Mass, Reason>,
  reasons: Reasons<Reason>,
): void {
  const isShown = (key: string) => !reasons.has(key);
  const massOf = (key: string) => cells.get(key) as Mass;
  // What nobody can ask for is withheld at no cost.
  const bySize = (a: string, b: string) =>
    Number(canBeAsked(a)) - Number(canBeAsked(b)) ||
    sizeOf(massOf(a)) - sizeOf(massOf(b)) ||
    (a < b ? -1 : 1);

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
}

/** The smallest shown cell beside a withheld one: in a line with it, else in a line with one that is, and so on. */
function nearestShown<Mass, Reason extends string>(
  key: string,
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  { canBeAsked, sizeOf }: Rule<Mass, Reason>,
  reasons: Reasons<Reason>,
): string | undefined {
  const isTold = (cell: string) => canBeAsked(cell) && !reasons.has(cell);
  const reached = new Set([key]);
  let before: number;
  do {
    before = reached.size;
    for (const { total, parts } of lines) {
      const line = [...parts, total];
      if (line.some((cell) => reached.has(cell) && !isTold(cell))) for (const cell of line) reached.add(cell);
    }
    const shown = [...reached].filter(isTold);
    const sizes = (cell: string) => sizeOf(cells.get(cell) as Mass);
    const [nearest] = shown.sort((a, b) => sizes(a) - sizes(b) || (a < b ? -1 : 1));
    if (nearest !== undefined) return nearest;
  } while (reached.size > before);
  return undefined;
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
export const shareRule: Omit<Rule<Share, 'FEW'>, 'canBeAsked'> = {
  riskOf: ({ units, counted }) => (counted < fewestUnits || units - counted < fewestUnits ? 'FEW' : null),
  together: (shares) => ({
    units: sum(shares.map(({ units }) => units)),
    counted: sum(shares.map(({ counted }) => counted)),
  }),
  sizeOf: ({ units }) => units,
};

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
