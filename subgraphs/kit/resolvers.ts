/** Resolvers by type and field. A resolver knows the shape of its own row and arguments; the map need not. */
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type Resolvers = Record<string, any>;
