import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { type ComposedTypes, namedType } from './composed-types.ts';

/**
 * Returns the coordinates of all fields in a field set of a type, such as `region { code }`. The fields on the way to a fact count too,
 * because they disclose something. Returns undefined if the text is not a field set.
 */
export function factsOf(typeName: string, fieldSet: string, types: ComposedTypes): string[] | undefined {
  const [definition] = parseSelection(fieldSet)?.definitions ?? [];
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  return factsIn(typeName, definition.selectionSet, types);
}

/** Returns the coordinates of all fields in a selection of a type. */
export const factsIn = (typeName: string, selection: SelectionSetNode, types: ComposedTypes): string[] => [
  ...new Set(listFacts(typeName, selection, types)),
];

function parseSelection(fieldSet: string): DocumentNode | undefined {
  try {
    return parse(`{${fieldSet}}`, { noLocation: true });
  } catch {
    return undefined;
  }
}

function listFacts(typeName: string, { selections }: SelectionSetNode, types: ComposedTypes): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return listFacts(selection.typeCondition?.name.value ?? typeName, selection.selectionSet, types);
    }
    const name = selection.name.value;
    if (name === '__typename') return [];
    const field = types.fieldsOf(typeName).get(name);
    const below =
      field && selection.selectionSet ? listFacts(namedType(field.type), selection.selectionSet, types) : [];
    return [`${typeName}.${name}`, ...below];
  });
}
