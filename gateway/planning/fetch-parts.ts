import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { fragmentsOf } from '../request/fragments.ts';

/** Parses the operation of a fetch and inlines its fragments; undefined if there is no operation. */
export function operationOf(text: string): OperationDefinitionNode | undefined {
  const document = parse(text, { noLocation: true });
  const fragments = fragmentsOf(document.definitions);
  const written = <Node extends ASTNode>(node: Node): Node =>
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment) return undefined;
        const { typeCondition, selectionSet } = fragment;
        return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet: written(selectionSet) };
      },
    });
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  return operation && written(operation);
}

/** Inlines the fragments that are on this very type. */
export const flat = (
  selections: readonly SelectionNode[],
  type: string | undefined,
): readonly SelectionNode[] =>
  selections.flatMap((each) => {
    if (each.kind !== Kind.INLINE_FRAGMENT) return [each];
    const condition = each.typeCondition?.name.value;
    return condition === undefined || condition === type ? flat(each.selectionSet.selections, type) : [each];
  });

export const rootsOf = ({ selectionSet }: OperationDefinitionNode): readonly FieldNode[] =>
  selectionSet.selections.filter((each) => each.kind === Kind.FIELD);

/** Returns an operation with other selections as text, and the names of the variables that it still uses. */
export function withSelections(
  operation: OperationDefinitionNode,
  selections: readonly SelectionNode[],
): { readonly operation: string; readonly used: ReadonlySet<string> } {
  const selectionSet = setOf(selections);
  const used = variablesIn({ ...operation, variableDefinitions: [], selectionSet });
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const text = print({ ...operation, selectionSet, ...(variableDefinitions && { variableDefinitions }) });
  return { operation: text, used };
}

export const setOf = (selections: readonly SelectionNode[]): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections,
});

function variablesIn(operation: OperationDefinitionNode): ReadonlySet<string> {
  const names = new Set<string>();
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation] };
  visit(document, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}
