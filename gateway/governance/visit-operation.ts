import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Returns the fragments of a document by name. */
export const fragmentsOf = ({ definitions }: DocumentNode): Fragments =>
  new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );

/**
 * Visits an operation, and once each fragment that a visited part of it spreads. Fragments that only other operations
 * of the document use are not visited.
 */
export function visitOperation(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  types: TypeInfo,
  visitor: ASTVisitor,
): void {
  const definitions = new Set<OperationDefinitionNode | FragmentDefinitionNode>([operation]);
  const following = visitWithTypeInfo(types, {
    ...visitor,
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (fragment) definitions.add(fragment);
    },
  });
  // The loop also visits the fragments that it adds to the set.
  for (const definition of definitions) visit(definition, following);
}
