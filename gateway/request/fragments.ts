import { type DefinitionNode, type FragmentDefinitionNode, Kind } from 'graphql';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Returns the fragments among the definitions of a document by name. */
export const fragmentsOf = (definitions: readonly DefinitionNode[]): Fragments =>
  new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
