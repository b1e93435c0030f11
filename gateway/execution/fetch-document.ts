import { type FragmentDefinitionNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { responseKeyOf } from '../planning/collect-fields.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';

/** A field that a fetch brings, and its type condition; undefined for the requested type. */
export type FetchedField = { readonly key: string; readonly on: string | undefined };

/** The fields of a selection set, on any type. */
export type SelectionTree = ReadonlyMap<string, Branch>;

export type Branch = {
  /** Declared type; undefined when fields with this name have several types. */
  readonly type: string | undefined;
  /** Fields below; undefined for a leaf. */
  readonly below: SelectionTree | undefined;
};

/** Fields that the operation of a fetch brings. */
export type FetchDocument = {
  readonly roots: readonly FetchedField[];
  /** Returns the fields directly below a root field. */
  fieldsOf(rootKey: string): readonly FetchedField[];
  readonly tree: SelectionTree;
};

type Tree = Map<string, { type: string | undefined; below: Tree | undefined }>;

export function parseFetch(operation: string, { typeOfField, rootTypeOf }: Supergraph): FetchDocument {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: SelectionSetNode | undefined;
  let rootType: string | undefined;
  for (const definition of parse(operation, { noLocation: true }).definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      root = definition.selectionSet;
      rootType = rootTypeOf(definition.operation);
    }
  }

  const list = ({ selections }: SelectionSetNode, on: string | undefined): FetchedField[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [{ key: responseKeyOf(selection), on }];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return list(selection.selectionSet, selection.typeCondition?.name.value ?? on);
      }
      const fragment = fragments.get(selection.name.value);
      return fragment ? list(fragment.selectionSet, fragment.typeCondition.name.value) : [];
    });

  const grow = (tree: Tree, { selections }: SelectionSetNode, on: string | undefined): Tree => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) grow(tree, fragment.selectionSet, fragment.typeCondition.name.value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        grow(tree, selection.selectionSet, selection.typeCondition?.name.value ?? on);
      } else {
        const { name, selectionSet } = selection;
        const type = on === undefined ? undefined : typeOfField(on, name.value);
        const known = tree.get(responseKeyOf(selection));
        tree.set(responseKeyOf(selection), {
          type: known && known.type !== type ? undefined : type,
          below: selectionSet && grow(known?.below ?? new Map(), selectionSet, type),
        });
      }
    }
    return tree;
  };

  const below = (rootKey: string) =>
    root?.selections
      .filter((selection) => selection.kind === Kind.FIELD)
      .find((field) => responseKeyOf(field) === rootKey)?.selectionSet;

  return {
    tree: root ? grow(new Map(), root, rootType) : new Map(),
    roots: root ? list(root, undefined) : [],
    fieldsOf(rootKey) {
      const selectionSet = below(rootKey);
      return selectionSet ? list(selectionSet, undefined) : [];
    },
  };
}

/** Returns the fields that a fetch brings to an entity of this type. */
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
