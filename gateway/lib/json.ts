/** Parsed JSON as subgraphs answer it. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether two objects have the same fields with the very same values in them. */
export function holdTheSame(a: Json, b: Json): boolean {
  let size = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    size++;
  }
  for (const _ in b) size--;
  return size === 0;
}

/** Where a value stands in the answer: `['parks', 0, 'name']`. */
export type ResponsePath = readonly (string | number)[];
