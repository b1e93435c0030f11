import { type InlineFragmentNode, Kind, parse, type SelectionNode } from 'graphql';

/** Wraps selections in an inline fragment; without a type condition if no type is given. */
export const inFragment = (selections: readonly SelectionNode[], type?: string): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  ...(type !== undefined && {
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
  }),
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});

/** Parses the fields of a selection text such as `region { code }`. */
export function fieldsOf(selection: string | undefined): readonly SelectionNode[] {
  if (selection === undefined) return [];
  const [definition] = parse(`{ ${selection} }`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
}
