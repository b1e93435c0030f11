import { type FieldNode, Kind, type SelectionSetNode } from 'graphql';

/** The name of a placeholder field for a selection without fields, which GraphQL does not allow. */
export const placeholder = '_nothing';

const nothing: FieldNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: placeholder },
  name: { kind: Kind.NAME, value: '__typename' },
};

export const neverEmpty = (node: SelectionSetNode): SelectionSetNode =>
  node.selections.length === 0 ? { ...node, selections: [nothing] } : node;
