import { type FragmentDefinitionNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { keyOf } from './collect-fields.ts';
import type { Supergraph } from './supergraph.ts';

/** A field that a fetch brings, and the type it is on (undefined: the type that was asked for). */
export type FetchedField = { readonly key: string; readonly on: string | undefined };

/** What the operation of a fetch brings. */
export type FetchDocument = {
  readonly roots: readonly FetchedField[];
  /** The top fields below a root field. */
  fieldsOf(rootKey: string): readonly FetchedField[];
  /** Every field below a root field, or below none, as a path of names: `/enterprises/nodes`. */
  pathsBelow(rootKey?: string): readonly string[];
};

export function parseFetch(operation: string): FetchDocument {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: SelectionSetNode | undefined;
  for (const definition of parse(operation, { noLocation: true }).definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) root = definition.selectionSet;
  }

  const list = ({ selections }: SelectionSetNode, on: string | undefined): FetchedField[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [{ key: keyOf(selection), on }];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return list(selection.selectionSet, selection.typeCondition?.name.value ?? on);
      }
      const fragment = fragments.get(selection.name.value);
      return fragment ? list(fragment.selectionSet, fragment.typeCondition.name.value) : [];
    });

  const listPaths = ({ selections }: SelectionSetNode, place: string): string[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return listPaths(selection.selectionSet, place);
      if (selection.kind === Kind.FIELD) {
        const path = `${place}/${keyOf(selection)}`;
        return selection.selectionSet ? [path, ...listPaths(selection.selectionSet, path)] : [path];
      }
      const fragment = fragments.get(selection.name.value);
      return fragment ? listPaths(fragment.selectionSet, place) : [];
    });

  const below = (rootKey: string) =>
    root?.selections
      .filter((selection) => selection.kind === Kind.FIELD)
      .find((field) => keyOf(field) === rootKey)?.selectionSet;

  return {
    roots: root ? list(root, undefined) : [],
    fieldsOf(rootKey) {
      const selectionSet = below(rootKey);
      return selectionSet ? list(selectionSet, undefined) : [];
    },
    pathsBelow(rootKey) {
      const selectionSet = rootKey === undefined ? root : below(rootKey);
      return selectionSet ? listPaths(selectionSet, '') : [];
    },
  };
}

/** The fields that a fetch brings to an entity of this type. */
export function fieldsOn(
  typeName: string | undefined,
  fields: readonly FetchedField[],
  supergraph: Supergraph,
): string[] {
  const isAsked = ({ key, on = typeName }: FetchedField) =>
    key !== '__typename' &&
    typeName !== undefined &&
    on !== undefined &&
    (supergraph.satisfies(typeName, on) || supergraph.satisfies(on, typeName));
  return [...new Set(fields.filter(isAsked).map((field) => field.key))];
}
