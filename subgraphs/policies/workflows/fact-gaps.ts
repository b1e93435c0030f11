import type { FactGap } from '../tables.ts';

/** Adds up gaps by their fact, the largest first. */
export function gapsTogether(one: readonly FactGap[], other: readonly FactGap[]): readonly FactGap[] {
  const byField = new Map(one.map((gap) => [gap.field, gap]));
  for (const gap of other) {
    const known = byField.get(gap.field);
    const { unknown, likely } = known ?? { unknown: 0, likely: 0 };
    byField.set(gap.field, { ...gap, unknown: gap.unknown + unknown, likely: gap.likely + likely });
  }
  const size = ({ unknown, likely }: FactGap) => unknown + likely;
  return [...byField.values()].sort((a, b) => size(b) - size(a) || (a.field < b.field ? -1 : 1));
}
