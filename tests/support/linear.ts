/** A sum of unknowns, by their names, with what it comes to. */
export interface Equation {
  readonly of: readonly string[];
  readonly sum: number;
}

/** Returns whether the sum of some unknowns follows from these sums by any linear combination. */
export function determinedBy(equations: readonly Equation[]): (target: readonly string[]) => boolean {
  const names = [...new Set(equations.flatMap(({ of }) => of))];
  const rowOf = (of: readonly string[]) => {
    const named = new Set(of);
    return names.map((name) => (named.has(name) ? 1 : 0));
  };
  const basis: { pivot: number; row: number[] }[] = [];
  const reduced = (row: number[]) =>
    basis.reduce((rest, { pivot, row: by }) => {
      const factor = (rest[pivot] as number) / (by[pivot] as number);
      return factor === 0 ? rest : rest.map((value, i) => value - factor * (by[i] as number));
    }, row);
  const firstOf = (row: readonly number[]) => row.findIndex((value) => Math.abs(value) > 1e-9);
  for (const { of } of equations) {
    const row = reduced(rowOf(of));
    const pivot = firstOf(row);
    if (pivot >= 0) basis.push({ pivot, row });
  }
  return (target) =>
    target.length > 0 && target.every((name) => names.includes(name)) && firstOf(reduced(rowOf(target))) < 0;
}
