import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { type Line, withheld as withheldBy } from '@wenshu/kit/suppression.ts';

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

/** Why a total is itself too telling; null where it is not. */
export function riskOf({ units, figures }: Mass): Reason | null {
  if (units < fewestUnits) return 'TOO_FEW_UNITS';
  const dominates = figures.some(({ whole, largest }) => largest * 100n > whole * greatestSharePercent);
  return dominates ? 'DOMINANT_UNIT' : null;
}

/** The totals to withhold, with the reason of each. */
export const withheld = (
  cells: ReadonlyMap<string, Mass>,
  lines: readonly Line[],
  canBeAsked: (key: string) => boolean = () => true,
): Map<string, Reason> =>
  withheldBy(cells, lines, { riskOf, together, canBeAsked, sizeOf: ({ units }) => units });

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
