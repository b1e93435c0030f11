/**
 * A column that holds a value wherever the row holds what it belongs to, which the graph promises and the table cannot
 * say. Where it holds none all the same, the field that shows it is null with an error, and what stands beside it is shown.
 */
export const given = <Value>(column: Value | null): Value => column as Value;
