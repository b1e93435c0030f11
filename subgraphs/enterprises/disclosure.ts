import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { type Line, suppressedCells } from '@wenshu/kit/suppression.ts';

/**
 * Rules that suppress totals which would disclose what one unit reported. 统计法 (2009), article 25, forbids publishing data that identify a
 * single unit or allow conclusions about it, totals included. The thresholds are conventions of statistical offices.
 */

/** (n, k) dominance rule with n = 1 and k = 85: ESSNet, Handbook on Statistical Disclosure Control (2010). */
export const greatestSharePercent = 85n;

export type Reason = 'TOO_FEW_UNITS' | 'DOMINANT_UNIT' | 'COMPLEMENTARY';

/** Number of units of a total, and for each figure its sum and its largest part, in hundredths. */
export interface Mass {
  units: number;
  figures: readonly { whole: bigint; largest: bigint }[];
}

/** Returns the reason why a total by itself discloses a unit, or null. */
export function riskOf({ units, figures }: Mass): Reason | null {
  if (units < fewestUnits) return 'TOO_FEW_UNITS';
  const dominates = figures.some(({ whole, largest }) => largest * 100n > whole * greatestSharePercent);
  return dominates ? 'DOMINANT_UNIT' : null;
}

/** Returns the totals to suppress, with the reason of each. */
export const suppressedTotals = (
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  canBeAsked: (key: string) => boolean = () => true,
): Map<string, Reason> =>
  suppressedCells(cells, lines, { riskOf, together, canBeAsked, sizeOf: ({ units }) => units });

/** Combines disjoint masses. */
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
