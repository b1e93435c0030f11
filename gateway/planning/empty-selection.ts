import { type FieldNode, Kind, type SelectionSetNode } from 'graphql';

/** Stands where nothing is left to ask for; GraphQL knows no empty selection. */
export const placeholder = '_nothing';

const nothing: FieldNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: placeholder },
  name: { kind: Kind.NAME, value: '__typename' },
};

export const neverEmpty = (node: SelectionSetNode): SelectionSetNode =>
  node.selections.length === 0 ? { ...node, selections: [nothing] } : node;
