import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What an operation looks like with its fragments spelled out: a fragment counts wherever it is spread. */
export type Shape = {
  /** Levels of fields; what is below `__schema` and `__type` is not counted: GraphQL itself limits that. */
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly fields: number;
  /** Whether it asks for `__schema` or `__type`. */
  readonly introspects: boolean;
};

const nothing: Shape = { depth: 0, aliases: 0, rootFields: 0, fields: 0, introspects: false };

/**
 * Counts before anything is validated, in time that grows with the document and not with what its fragments
 * make of it. Of several operations each counts for itself, and the largest number of each kind is told.
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

  /** One that is unknown, or spreads itself, counts as nothing: validation refuses it. */
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
