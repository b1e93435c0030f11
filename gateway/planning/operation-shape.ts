import { Kind, parse, type SelectionSetNode } from 'graphql';
import { type Fragments, fragmentsOf } from '../request/fragments.ts';

/**
 * Returns the fields that an operation asks for, without aliases, values, fragment names and order. Operations with
 * the same shape are equally hard to plan.
 */
export function shapeOf(source: string): string {
  const { definitions } = parse(source, { noLocation: true });
  const fragments = fragmentsOf(definitions);
  return definitions
    .flatMap((each) =>
      each.kind === Kind.OPERATION_DEFINITION
        ? [`${each.operation}${shapeOfSelections(each.selectionSet, fragments)}`]
        : [],
    )
    .join('\n');
}

function shapeOfSelections({ selections }: SelectionSetNode, fragments: Fragments): string {
  const shapes = selections.map((selection) => {
    if (selection.kind === Kind.FIELD) {
      const { name, selectionSet } = selection;
      return `${name.value}${selectionSet ? shapeOfSelections(selectionSet, fragments) : ''}`;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    if (!fragment) return '';
    return `... ${fragment.typeCondition?.name.value ?? ''}${shapeOfSelections(fragment.selectionSet, fragments)}`;
  });
  // More aliases of the same field make no other shape.
  return `{${[...new Set(shapes)].sort().join(' ')}}`;
}
