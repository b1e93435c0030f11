import {
  type FieldNode,
  type GraphQLResolveInfo,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type Fragments = GraphQLResolveInfo['fragments'];

const kept = new WeakMap<readonly FieldNode[], string>();

/**
 * Returns what a field selects on the rows of its connection, as text for a question to the agencies. Each field has its own name there,
 * because the answers become the rows. The fields of rows take no arguments, so two of one name are the same.
 */
export function rowSelection({ fieldNodes, fragments }: GraphQLResolveInfo): string {
  const found = kept.get(fieldNodes);
  if (found !== undefined) return found;
  const rows = [
    ...below(fieldNodes, 'nodes', fragments),
    ...below(below(fieldNodes, 'edges', fragments), 'node', fragments),
  ];
  const selections = rows.flatMap(({ selectionSet }) => plain(selectionSet, fragments));
  // A page of which only the size or the end is asked has rows all the same.
  const text = selections.length === 0 ? '{ __typename }' : print({ kind: Kind.SELECTION_SET, selections });
  kept.set(fieldNodes, text);
  return text;
}

/** Returns the fields of a name below fields of an object type. */
const below = (fields: readonly FieldNode[], name: string, fragments: Fragments): FieldNode[] =>
  fields
    .flatMap(({ selectionSet }) => fieldsIn(selectionSet, fragments))
    .filter((field) => field.name.value === name);

const fieldsIn = (set: SelectionSetNode | undefined, fragments: Fragments): FieldNode[] =>
  (set?.selections ?? []).flatMap((each) => {
    if (each.kind === Kind.FIELD) return each;
    return fieldsIn(
      each.kind === Kind.INLINE_FRAGMENT ? each.selectionSet : fragments[each.name.value]?.selectionSet,
      fragments,
    );
  });

/** Returns a selection without aliases, directives and named fragments. */
const plain = (set: SelectionSetNode | undefined, fragments: Fragments): SelectionNode[] =>
  (set?.selections ?? []).flatMap((each): SelectionNode | [] => {
    if (each.kind === Kind.FIELD)
      return { kind: each.kind, name: each.name, ...plainSet(each.selectionSet, fragments) };
    const fragment = each.kind === Kind.FRAGMENT_SPREAD ? fragments[each.name.value] : each;
    if (!fragment) return [];
    const { typeCondition, selectionSet } = fragment;
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition && { typeCondition }),
      selectionSet: { kind: Kind.SELECTION_SET, selections: plain(selectionSet, fragments) },
    };
  });

const plainSet = (set: SelectionSetNode | undefined, fragments: Fragments) =>
  set && { selectionSet: { kind: Kind.SELECTION_SET, selections: plain(set, fragments) } as const };
