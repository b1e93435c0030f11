/** A pointer to an entity that some subgraph keeps: its type and its key. */
export type Reference = ReferenceTo<string> | { readonly __typename: 'Region'; readonly code: string };

export interface ReferenceTo<Type extends string> {
  readonly __typename: Type;
  readonly id: string;
}

/** A pointer to an entity of a type that is known beforehand, or not. */
export type ReferenceOf<Type extends string> = string extends Type ? Reference : ReferenceTo<Type>;

/** The entity of a type whose key is its id. */
export const referenceTo = <Type extends string>(type: Type, id: string): ReferenceTo<Type> => ({
  __typename: type,
  id,
});

export const referenceOrNull = <Type extends string>(
  type: Type,
  id: string | null | undefined,
): ReferenceTo<Type> | null => (id ? referenceTo(type, id) : null);

/** The entity that target columns point to. */
export const reference = (type: string, key: string): Reference =>
  type === 'Region' ? { __typename: 'Region', code: key } : referenceTo(type, key);

/** The keys of a JSON object as facts. */
export const factsOf = (
  facts: Readonly<Record<string, unknown>> | undefined,
): { key: string; value: unknown }[] => Object.entries(facts ?? {}).map(([key, value]) => ({ key, value }));
