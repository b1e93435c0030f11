import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Size of an operation with its fragments expanded: a fragment counts at each place where it is spread. */
export type Shape = {
  /** Depth in levels of fields. Levels below `__schema` and `__type` do not count: validation limits them itself. */
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly fields: number;
  /** Whether the operation queries `__schema` or `__type`. */
  readonly introspects: boolean;
};

const nothing: Shape = { depth: 0, aliases: 0, rootFields: 0, fields: 0, introspects: false };

/**
 * Measures a document before validation, in time proportional to its length and not to its expanded fragments. Each
 * operation is measured alone; the result has the maximum of each number.
 */
export function shapeOf({ definitions }: DocumentNode): Shape {
  const fragments = new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
  const counted = new Map<string, Shape>();

  function ofSet({ selections }: SelectionSetNode): Shape {
    return selections.map(ofSelection).reduce(beside, nothing);
  }

  function ofSelection(selection: SelectionNode): Shape {
    switch (selection.kind) {
      case Kind.INLINE_FRAGMENT:
        return ofSet(selection.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return ofFragment(fragments.get(selection.name.value));
      case Kind.FIELD: {
        const below = selection.selectionSet ? ofSet(selection.selectionSet) : nothing;
        const isIntrospection = introspectionFields.has(selection.name.value);
        return {
          depth: 1 + (isIntrospection ? 0 : below.depth),
          aliases: below.aliases + (selection.alias ? 1 : 0),
          rootFields: 1,
          fields: below.fields + 1,
          introspects: below.introspects || isIntrospection,
        };
      }
    }
  }

  /** Measures a fragment. An unknown or recursive one counts as empty, because validation refuses it. */
  function ofFragment(fragment: FragmentDefinitionNode | undefined): Shape {
    if (!fragment) return nothing;
    const name = fragment.name.value;
    const known = counted.get(name);
    if (known) return known;
    counted.set(name, nothing);
    const shape = ofSet(fragment.selectionSet);
    counted.set(name, shape);
    return shape;
  }

  return definitions
    .flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [ofSet(each.selectionSet)] : []))
    .reduce(larger, nothing);
}

const introspectionFields = new Set(['__schema', '__type']);

const beside = (a: Shape, b: Shape): Shape => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  rootFields: a.rootFields + b.rootFields,
  fields: a.fields + b.fields,
  introspects: a.introspects || b.introspects,
});

const larger = (a: Shape, b: Shape): Shape => ({
  depth: Math.max(a.depth, b.depth),
  aliases: Math.max(a.aliases, b.aliases),
  rootFields: Math.max(a.rootFields, b.rootFields),
  fields: Math.max(a.fields, b.fields),
  introspects: a.introspects || b.introspects,
});
