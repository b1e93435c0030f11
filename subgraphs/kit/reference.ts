/** A pointer to an entity that some subgraph keeps: its type and its key. */
export type Reference = { __typename: string; id: string } | { __typename: 'Region'; code: string };

/** The entity that target columns point to. */
export const reference = (type: string, key: string): Reference =>
  type === 'Region' ? { __typename: 'Region', code: key } : { __typename: type, id: key };

export const referenceOrNull = (type: string, key: string | null | undefined): Reference | null =>
  key ? reference(type, key) : null;

/** The keys of a JSON object as facts. */
export const factsOf = (
  facts: Readonly<Record<string, unknown>> | undefined,
): { key: string; value: unknown }[] => Object.entries(facts ?? {}).map(([key, value]) => ({ key, value }));
