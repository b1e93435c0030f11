/** Parsed JSON as subgraphs answer it. The executor writes into these objects instead of copying them. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a value stands in the answer: `['parks', 0, 'name']`. */
export type ResponsePath = readonly (string | number)[];
