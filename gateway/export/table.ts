import { hash } from 'node:crypto';
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { isObject, type Json } from '../lib/json.ts';
import { responseKeyOf } from '../planning/collect-fields.ts';
import { type Fragments, fragmentsOf } from '../request/fragments.ts';
import { Refusal } from '../request/refusal.ts';

/** The outermost connection of a query, which an export turns into a table. */
export type Table = {
  /** A query for one page of the table only. Its size and cursor are the variables of `pageVariables`. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** SHA-256 of the document. */
  readonly documentKey: string;
  /** Selection sets on a row. */
  readonly rowSelections: readonly SelectionSetNode[];
  readonly rowType: GraphQLCompositeType;
  /** Returns the page in an answer; undefined when a field on the way to it is null. */
  pageOf(data: unknown): TablePage | undefined;
};

export type TablePage = {
  readonly rows: readonly unknown[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  /** Undefined when the connection does not count its rows. */
  readonly total: number | undefined;
};

/** Variables of a page in addition to those of the query. */
export const pageVariables = (first: number, after: string | null, counts = false): Json => ({
  wenshuFirst: first,
  wenshuAfter: after,
  wenshuCounts: counts,
});

type Query = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Json;
};

/** A field with the fields and fragment types on the way to it. */
type Found = {
  readonly field: FieldNode;
  readonly parent: GraphQLCompositeType;
  readonly above: Found | undefined;
};

/** Finds the outermost connection of a valid query; undefined without one. Throws a Refusal when there are several. */
export function findTable(query: Query): Table | undefined {
  const { schema, document, operation } = query;
  const root = schema.getRootType(operation.operation);
  if (operation.operation !== 'query' || !root) return undefined;
  const fragments = fragmentsOf(document.definitions);
  let level = fieldsOf(query, fragments, undefined, root, [operation.selectionSet]);
  while (level.length > 0) {
    const connections = new Map<string, Found[]>();
    for (const found of level) {
      if (connectionOf(found) && rowsOf(query, fragments, found).length > 0)
        connections.set(pathOf(found), [...(connections.get(pathOf(found)) ?? []), found]);
    }
    const [same, another] = connections.values();
    if (another) {
      throw new Refusal(
        'EXPORT_REFUSED',
        `An export contains one table, but the query has several: ${[...connections.keys()].join(', ')}. Export them one by one.`,
        {
          messageZh: `一次导出只含一个表,而该查询有多个:${[...connections.keys()].join('、')}。请逐个导出。`,
        },
      );
    }
    if (same) return tableOf(query, fragments, same);
    level = level.flatMap((found) => {
      const type = typeOf(found);
      const isWalked = isCompositeType(type) && !isListType(getNullableType(fieldDefinitionOf(found)?.type));
      return isWalked && found.field.selectionSet
        ? fieldsOf(query, fragments, found, type, [found.field.selectionSet])
        : [];
    });
  }
  return undefined;
}

function tableOf(query: Query, fragments: Fragments, same: readonly Found[]): Table {
  const [first] = same as readonly [Found];
  const connection = connectionOf(first) as GraphQLObjectType;
  refuseBackward(first.field, query.variables);
  const rows = same.flatMap((found) => rowsOf(query, fragments, found));
  const [row] = rows as unknown as readonly [Found];
  const rowType = typeOf(row) as GraphQLCompositeType;
  const isInEdges = row.field.name.value === 'node';
  const rowSelections = rows.flatMap(({ field }) => field.selectionSet ?? []);
  const rowField = fieldNode(isInEdges ? 'node' : 'nodes', {
    kind: Kind.SELECTION_SET,
    selections: rowSelections.flatMap(({ selections }) => selections),
  });
  const counts = connection.getFields().totalCount ? [totalField] : [];
  const table: FieldNode = {
    ...first.field,
    directives: [],
    arguments: [
      ...(first.field.arguments ?? []).filter(({ name }) => !paging.has(name.value)),
      ...pageArguments,
    ],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [
        isInEdges ? fieldNode('edges', { kind: Kind.SELECTION_SET, selections: [rowField] }) : rowField,
        pageInfoField,
        ...counts,
      ],
    },
  };
  const document = documentOf(query, fragments, within(first, table));
  const [operation] = document.definitions as readonly [OperationDefinitionNode];
  const keys = pathOf(first).split('.');
  return {
    document,
    operation,
    documentKey: hash('sha256', print(document)),
    rowSelections,
    rowType,
    pageOf: (data) => pageOf(keys.reduce((value, key) => (isObject(value) ? value[key] : undefined), data)),
  };
}

/** Returns the fields of a connection that hold its rows: `nodes`, or `edges { node }` without it. */
function rowsOf(query: Query, fragments: Fragments, connection: Found): Found[] {
  const below = (found: Found) => {
    const type = typeOf(found);
    const { selectionSet } = found.field;
    return isCompositeType(type) && selectionSet
      ? fieldsOf(query, fragments, found, type, [selectionSet])
      : [];
  };
  const named = (fields: readonly Found[], name: string) =>
    fields.filter(({ field }) => field.name.value === name);
  const fields = below(connection);
  const nodes = named(fields, 'nodes');
  return nodes.length > 0 ? nodes : named(fields, 'edges').flatMap((edge) => named(below(edge), 'node'));
}

function pageOf(value: unknown): TablePage | undefined {
  if (!isObject(value)) return undefined;
  const { nodes, edges, wenshuPage, wenshuTotal } = value;
  const rows = Array.isArray(nodes)
    ? nodes
    : Array.isArray(edges)
      ? edges.map((edge) => edge?.node)
      : undefined;
  if (!rows || !isObject(wenshuPage)) return undefined;
  const { endCursor, hasNextPage } = wenshuPage;
  return {
    rows,
    endCursor: typeof endCursor === 'string' ? endCursor : null,
    hasNextPage: hasNextPage === true,
    total: typeof wenshuTotal === 'number' ? wenshuTotal : undefined,
  };
}

/** Yields the fields of selection sets with fragments expanded, except those that `@skip` and `@include` remove. */
function fieldsOf(
  { schema, variables }: Query,
  fragments: Fragments,
  above: Found | undefined,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
): Found[] {
  const collect = ({ selections }: SelectionSetNode, parent: GraphQLCompositeType): Found[] =>
    selections
      .filter((each) => isIncluded(each, variables))
      .flatMap((selection) => {
        if (selection.kind === Kind.FIELD) return [{ field: selection, parent, above }];
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (!fragment) return [];
        const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
        return collect(fragment.selectionSet, isCompositeType(condition) ? condition : parent);
      });
  return selectionSets.flatMap((set) => collect(set, type));
}

export function isIncluded(node: SelectionNode, variables: Json): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false
  );
}

const fieldDefinitionOf = ({ parent, field }: Found) =>
  isUnionType(parent) ? undefined : parent.getFields()[field.name.value];

const typeOf = (found: Found) => getNamedType(fieldDefinitionOf(found)?.type);

/** Returns the type of a field that is a connection: an object with pages, and arguments `first` and `after`. */
function connectionOf(found: Found): GraphQLObjectType | undefined {
  const type = typeOf(found);
  const names = new Set(fieldDefinitionOf(found)?.args.map(({ name }) => name));
  if (!isObjectType(type) || !names.has('first') || !names.has('after')) return undefined;
  const { pageInfo, nodes, edges } = type.getFields();
  return pageInfo && (nodes || edges) ? type : undefined;
}

const pathOf = ({ above, field }: Found): string =>
  above ? `${pathOf(above)}.${responseKeyOf(field)}` : responseKeyOf(field);

const paging = new Set(['first', 'last', 'before', 'after']);

/** Refuses backward paging. An export reads from the start and chooses its own page size. */
function refuseBackward({ arguments: given = [] }: FieldNode, variables: Json): void {
  for (const { name, value } of given) {
    if (name.value !== 'last' && name.value !== 'before') continue;
    if ((valueFromASTUntyped(value, variables) ?? null) === null) continue;
    throw new Refusal(
      'EXPORT_REFUSED',
      `An export contains all rows from the first. Leave "${name.value}" out.`,
      { messageZh: `导出包含自首行起的全部行。请去掉“${name.value}”。` },
    );
  }
}

/** Returns the table with only the fields that lead to it. */
function within({ above, parent }: Found, field: FieldNode): FieldNode {
  if (!above) return field;
  const selection: SelectionNode = {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: parent.name } },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
  };
  const set: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [selection] };
  return within(above, { ...above.field, directives: [], selectionSet: set });
}

/** Creates a document: the operation first, then the fragments that it uses. */
function documentOf({ operation }: Query, fragments: Fragments, field: FieldNode): DocumentNode {
  const set: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [field] };
  const definition: OperationDefinitionNode = {
    ...operation,
    selectionSet: set,
    variableDefinitions: [...(operation.variableDefinitions ?? []), ...pageVariableDefinitions],
  };
  const used = new Map<string, FragmentDefinitionNode>();
  const use = (node: OperationDefinitionNode | FragmentDefinitionNode) => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(name.value)) return;
        used.set(name.value, fragment);
        use(fragment);
      },
    });
  };
  use(definition);
  return { kind: Kind.DOCUMENT, definitions: [definition, ...used.values()] };
}

const fieldNode = (name: string, selectionSet: SelectionSetNode): FieldNode => ({
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: name },
  selectionSet,
});

const page = parse(
  `query ($wenshuFirst: Int!, $wenshuAfter: String, $wenshuCounts: Boolean!) {
    table(first: $wenshuFirst, after: $wenshuAfter) {
      wenshuPage: pageInfo { endCursor hasNextPage }
      wenshuTotal: totalCount @include(if: $wenshuCounts)
    }
  }`,
  { noLocation: true },
).definitions[0] as OperationDefinitionNode;
const pageVariableDefinitions = page.variableDefinitions ?? [];
const tableField = page.selectionSet.selections[0] as FieldNode;
const pageArguments: readonly ArgumentNode[] = tableField.arguments ?? [];
const [pageInfoField, totalField] = (tableField.selectionSet?.selections ?? []) as unknown as readonly [
  FieldNode,
  FieldNode,
];
