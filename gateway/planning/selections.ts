import { type InlineFragmentNode, Kind, parse, type SelectionNode } from 'graphql';

/** Selections of a type, or of whatever they stand in. */
export const inFragment = (selections: readonly SelectionNode[], type?: string): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  ...(type !== undefined && {
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
  }),
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});

/** The fields of a selection as text: `region { code }`. */
export function fieldsOf(selection: string | undefined): readonly SelectionNode[] {
  if (selection === undefined) return [];
  const [definition] = parse(`{ ${selection} }`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
}
