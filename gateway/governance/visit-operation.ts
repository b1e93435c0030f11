import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Fragments } from '../request/fragments.ts';

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
