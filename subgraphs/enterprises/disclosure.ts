import { fewestUnits } from '@wenshu/kit/few-units.ts';

/**
 * When a total would tell what one unit reported. 统计法 (2009), article 25, forbids to give out what identifies a
 * single unit, or lets it be inferred, totals included. The numbers are conventions that statistical offices use.
 */

/** (n, k) dominance rule with n = 1 and k = 85: ESSNet, Handbook on Statistical Disclosure Control (2010). */
export const greatestSharePercent = 85n;

export type Reason = 'TOO_FEW_UNITS' | 'DOMINANT_UNIT' | 'COMPLEMENTARY';

/** What is summed: how many units, and of each figure the whole and its largest part, in hundredths. */
export interface Mass {
  units: number;
  figures: readonly { whole: bigint; largest: bigint }[];
}

/** A total and all the parts that add up to it, those included that nobody can ask for. */
export interface Line {
  total: string;
  parts: readonly string[];
}

/** Why a total is itself too telling; null where it is not. */
export function riskOf({ units, figures }: Mass): Reason | null {
  if (units < fewestUnits) return 'TOO_FEW_UNITS';
  const dominates = figures.some(({ whole, largest }) => largest * 100n > whole * greatestSharePercent);
  return dominates ? 'DOMINANT_UNIT' : null;
}

/**
 * The cells to withhold, with the reason of each: those that are too telling, and as many beside them as it takes
 * that none can be had by subtraction. In every line the withheld parts together are what a caller can work out
 * from the shown ones, so together they must be safe; and below a withheld total nothing is shown.
 */
export function withheld(cells: ReadonlyMap<string, Mass>, lines: readonly Line[]): Map<string, Reason> {
  const reasons = new Map<string, Reason>();
  for (const [key, mass] of cells) {
    const risk = riskOf(mass);
    if (risk) reasons.set(key, risk);
  }
  const isShown = (key: string) => !reasons.has(key);
  const massOf = (key: string) => cells.get(key) as Mass;
  const bySize = (a: string, b: string) => massOf(a).units - massOf(b).units || (a < b ? -1 : 1);

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

/** Disjoint masses as one. */
const together = (masses: readonly Mass[]): Mass =>
  masses.reduce((sum, mass) => ({
    units: sum.units + mass.units,
    figures: sum.figures.map(({ whole, largest }, i) => {
      const other = mass.figures[i] as Mass['figures'][number];
      return {
        whole: whole + other.whole,
        // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigint.
        largest: largest > other.largest ? largest : other.largest,
      };
    }),
  }));
