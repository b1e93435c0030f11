import {
  type FieldNode,
  type GraphQLResolveInfo,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

type Asked = ReadonlyMap<string, readonly FieldNode[]>;

/** Kept for each place in a document, because plans are kept between requests. */
const known = new WeakMap<readonly FieldNode[], Map<string, ReadonlySet<string>>>();

/**
 * Returns the names of the fields selected on `typeName` below the current field, or below a path of fields from it (`'edges.node'` for
 * the rows of a connection). A field with `@skip` or `@include` counts as selected.
 */
export function fieldsAsked(
  info: GraphQLResolveInfo,
  typeName: string,
  ...paths: string[]
): ReadonlySet<string> {
  const name = paths.length > 0 ? `${typeName} ${paths.join(' ')}` : typeName;
  const found = known.get(info.fieldNodes) ?? new Map<string, ReadonlySet<string>>();
  known.set(info.fieldNodes, found);
  const kept = found.get(name);
  if (kept) return kept;
  const asked = new Set<string>();
  for (const path of paths.length > 0 ? paths : ['']) {
    for (const field of below(info, typeName, path).keys()) asked.add(field);
  }
  found.set(name, asked);
  return asked;
}

function below(info: GraphQLResolveInfo, typeName: string, path: string): Asked {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  let type = getNamedType(info.returnType);
  for (const step of path === '' ? [] : path.split('.')) {
    if (!isObjectType(type)) return new Map();
    nodes = selected(info, type.name, nodes).get(step) ?? [];
    const field = type.getFields()[step];
    if (!field) return new Map();
    type = getNamedType(field.type);
  }
  return selected(info, typeName, nodes);
}

function selected(info: GraphQLResolveInfo, typeName: string, nodes: readonly FieldNode[]): Asked {
  const fields = new Map<string, FieldNode[]>();
  const visit = (set: SelectionSetNode) => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const same = fields.get(selection.name.value);
        if (same) same.push(selection);
        else fields.set(selection.name.value, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(info, selection.typeCondition?.name.value, typeName)) visit(selection.selectionSet);
      } else {
        const fragment = info.fragments[selection.name.value];
        if (fragment && applies(info, fragment.typeCondition.name.value, typeName))
          visit(fragment.selectionSet);
      }
    }
  };
  for (const node of nodes) if (node.selectionSet) visit(node.selectionSet);
  return fields;
}

function applies(info: GraphQLResolveInfo, condition: string | undefined, typeName: string): boolean {
  if (!condition || condition === typeName) return true;
  const abstract = info.schema.getType(condition);
  const type = info.schema.getType(typeName);
  return (
    isCompositeType(abstract) &&
    isAbstractType(abstract) &&
    isObjectType(type) &&
    info.schema.isSubType(abstract, type)
  );
}
