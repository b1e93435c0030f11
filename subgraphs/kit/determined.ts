/** An equation of unknowns, by the coefficient of each: their sum is known. */
type Row = Map<string, number>;

export interface Sum {
  total: string;
  parts: readonly string[];
}

/**
 * The cells among those that are not told which follow from all others by any linear combination of these sums:
 * Gauss and Jordan over what is not told. The coefficients of tables with two dimensions stay whole numbers.
 */
export function determined(sums: readonly Sum[], isTold: (cell: string) => boolean): ReadonlySet<string> {
  /** Reduced: no pivot stands in another row. */
  const rows = new Map<string, Row>();
  /** The pivots of the rows in which a cell stands. */
  const places = new Map<string, Set<string>>();
  const note = (cell: string, pivot: string) => {
    const found = places.get(cell);
    if (found) found.add(pivot);
    else places.set(cell, new Set([pivot]));
  };

  for (const { total, parts } of sums) {
    // What has no parts is no sum.
    if (parts.length === 0) continue;
    const row: Row = new Map();
    if (!isTold(total)) row.set(total, -1);
    for (const part of parts) if (!isTold(part)) row.set(part, 1);
    for (const cell of [...row.keys()]) {
      const known = rows.get(cell);
      if (known) subtract(row, known, row.get(cell) ?? 0);
    }
    const [first] = row;
    if (!first) continue;
    const [pivot, coefficient] = first;
    for (const [cell, value] of row) row.set(cell, value / coefficient);
    for (const other of places.get(pivot) ?? []) {
      const above = rows.get(other);
      if (!above?.has(pivot)) continue;
      subtract(above, row, above.get(pivot) ?? 0);
      for (const cell of above.keys()) note(cell, other);
    }
    rows.set(pivot, row);
    for (const cell of row.keys()) note(cell, pivot);
  }
  return new Set([...rows].flatMap(([pivot, row]) => (row.size === 1 ? [pivot] : [])));
}

/** Takes `times` another row off a row. */
function subtract(row: Row, other: Row, times: number): void {
  for (const [cell, value] of other) {
    const left = (row.get(cell) ?? 0) - times * value;
    if (Math.abs(left) < 1e-9) row.delete(cell);
    else row.set(cell, left);
  }
}
