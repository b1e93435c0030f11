/** An equation: the coefficient of each unknown cell. The sum is known. */
type Row = Map<string, number>;

export interface Sum {
  total: string;
  parts: readonly string[];
}

/**
 * Returns the unknown cells whose values follow from the known cells by any linear combination of these sums, by Gauss-Jordan elimination
 * over the unknown cells. The coefficients of tables with two dimensions stay integers.
 */
export function determined(sums: readonly Sum[], isKnown: (cell: string) => boolean): ReadonlySet<string> {
  /** The reduced rows: no pivot occurs in another row. */
  const rows = new Map<string, Row>();
  /** For each cell, the pivots of the rows that contain it. */
  const places = new Map<string, Set<string>>();
  const note = (cell: string, pivot: string) => {
    const found = places.get(cell);
    if (found) found.add(pivot);
    else places.set(cell, new Set([pivot]));
  };

  for (const { total, parts } of sums) {
    // A total without parts is no sum.
    if (parts.length === 0) continue;
    const row: Row = new Map();
    if (!isKnown(total)) row.set(total, -1);
    for (const part of parts) if (!isKnown(part)) row.set(part, 1);
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

/** Subtracts `times` another row from a row. */
function subtract(row: Row, other: Row, times: number): void {
  for (const [cell, value] of other) {
    const left = (row.get(cell) ?? 0) - times * value;
    if (Math.abs(left) < 1e-9) row.delete(cell);
    else row.set(cell, left);
  }
}
