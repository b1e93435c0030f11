/** Reference to an entity of any subgraph: its type and its key. */
export type Reference = ReferenceTo<string> | { readonly __typename: 'Region'; readonly code: string };

export interface ReferenceTo<Type extends string> {
  readonly __typename: Type;
  readonly id: string;
}

/** Reference to an entity whose type may be known. */
export type ReferenceOf<Type extends string> = string extends Type ? Reference : ReferenceTo<Type>;

/** Returns a reference to an entity by its id. */
export const referenceTo = <Type extends string>(type: Type, id: string): ReferenceTo<Type> => ({
  __typename: type,
  id,
});

export const referenceOrNull = <Type extends string>(
  type: Type,
  id: string | null | undefined,
): ReferenceTo<Type> | null => (id ? referenceTo(type, id) : null);

/** Returns a reference to the entity in target columns. */
export const reference = (type: string, key: string): Reference =>
  type === 'Region' ? { __typename: 'Region', code: key } : referenceTo(type, key);

/** Converts the entries of a JSON object to facts. */
export const factsOf = (
  facts: Readonly<Record<string, unknown>> | undefined,
): { key: string; value: unknown }[] => Object.entries(facts ?? {}).map(([key, value]) => ({ key, value }));
