/** A JSON object of a subgraph's answer, parsed. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns whether two objects have the same fields with identical (`===`) values. */
export function holdTheSame(a: Json, b: Json): boolean {
  let size = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    size++;
  }
  for (const _ in b) size--;
  return size === 0;
}

/** Path of a value in the answer, such as `['parks', 0, 'name']`. */
export type ResponsePath = readonly (string | number)[];
