/** A sum of unknowns, by their names, with what it comes to. */
export interface Equation {
  readonly of: readonly string[];
  readonly sum: number;
}

/** True if the sum of the unknowns in `target` follows from these sums by any linear combination. */
export function isDetermined(equations: readonly Equation[], target: readonly string[]): boolean {
  const names = [...new Set([...equations.flatMap(({ of }) => of), ...target])];
  const rowOf = (of: readonly string[]) => names.map((name) => (of.includes(name) ? 1 : 0));
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
  return target.length > 0 && firstOf(reduced(rowOf(target))) < 0;
}
