import {
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

/** The operation of a fetch; undefined where it is written in a way that planners have no need of. */
export function operationOf(text: string): OperationDefinitionNode | undefined {
  const { definitions } = parse(text, { noLocation: true });
  const [operation] = definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION && definitions.length === 1 ? operation : undefined;
}

export const rootsOf = ({ selectionSet }: OperationDefinitionNode): readonly FieldNode[] =>
  selectionSet.selections.filter((each) => each.kind === Kind.FIELD);

/** An operation with other selections, and the variables that it still uses: as text, and by name. */
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
