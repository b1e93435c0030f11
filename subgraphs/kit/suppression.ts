import { determined, type Sum } from './determined.ts';

/*
 * Complementary suppression: chooses the cells of a table of totals to suppress, so that no cell that discloses single units can be
 * computed by subtraction. The choice depends on the whole table, never on the question.
 */

/** A total and all its parts, those included that no caller can ask for. */
export type Line = Sum;

/** Rule that decides whether a total by itself discloses single units. */
export interface Rule<Mass, Reason extends string> {
  /** Returns the reason for suppression, or null. */
  riskOf(mass: Mass): Reason | null;
  /** Combines disjoint masses. */
  together(masses: readonly Mass[]): Mass;
  /** True if callers can ask for a cell; the rest of a line cannot be asked for. */
  canBeAsked(key: string): boolean;
  /** Size of a mass: of safe parts, the smallest is suppressed first. */
  sizeOf(mass: Mass): number;
}

type Reasons<Reason extends string> = Map<string, Reason | 'COMPLEMENTARY'>;

/**
 * Returns the cells to suppress, with the reason of each: those that disclose single units, and as many others as are needed so that none
 * of those follows from the shown cells by sums and differences.
 */
export function suppressedCells<Mass, Reason extends string>(
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  rule: Rule<Mass, Reason>,
): Reasons<Reason> {
  const reasons: Reasons<Reason> = new Map();
  for (const [key, mass] of cells) {
    const risk = rule.riskOf(mass);
    if (risk) reasons.set(key, risk);
  }
  suppressInLines(cells, lines, rule, reasons);
  // If each cell is part of one line at most, only the rest of a line can be computed, and that is safe by now.
  const parts = lines.flatMap((line) => line.parts);
  if (new Set(parts).size === parts.length) return reasons;

  for (;;) {
    const found = [...determined(lines, (key) => rule.canBeAsked(key) && !reasons.has(key))].filter(
      (key) => rule.riskOf(cells.get(key) as Mass) !== null,
    );
    const others = new Set(found.flatMap((key) => nearestShown(key, cells, lines, rule, reasons) ?? []));
    if (others.size === 0) return reasons;
    for (const other of others) reasons.set(other, 'COMPLEMENTARY');
    suppressInLines(cells, lines, rule, reasons);
  }
}

/**
 * Suppresses cells line by line. A caller can compute the sum of a line's suppressed parts, so together they must be safe. Below a
 * suppressed total nothing is shown.
 */
function suppressInLines<Mass, Reason extends string>(
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  { riskOf, together, canBeAsked, sizeOf }: Rule<Mass, Reason>,
  reasons: Reasons<Reason>,
): void {
  const isShown = (key: string) => !reasons.has(key);
  const massOf = (key: string) => cells.get(key) as Mass;
  // Cells that callers cannot ask for are suppressed first, at no cost.
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
        if (next === undefined) break; // All parts are suppressed; what remains is the total, which is safe.
        reasons.set(next, 'COMPLEMENTARY');
        hidden.push(massOf(next));
      }
    }
  } while (reasons.size > before);
}

/**
 * Returns the smallest shown cell near a suppressed one: in the same line, else in a line that shares an unknown cell with it, and so on.
 */
function nearestShown<Mass, Reason extends string>(
  key: string,
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  { canBeAsked, sizeOf }: Rule<Mass, Reason>,
  reasons: Reasons<Reason>,
): string | undefined {
  const isKnown = (cell: string) => canBeAsked(cell) && !reasons.has(cell);
  const reached = new Set([key]);
  let before: number;
  do {
    before = reached.size;
    for (const { total, parts } of lines) {
      const line = [...parts, total];
      if (line.some((cell) => reached.has(cell) && !isKnown(cell)))
        for (const cell of line) reached.add(cell);
    }
    const shown = [...reached].filter(isKnown);
    const sizes = (cell: string) => sizeOf(cells.get(cell) as Mass);
    const [nearest] = shown.sort((a, b) => sizes(a) - sizes(b) || (a < b ? -1 : 1));
    if (nearest !== undefined) return nearest;
  } while (reached.size > before);
  return undefined;
}
