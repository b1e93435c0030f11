import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isListType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isObject, type Json } from '../lib/json.ts';
import { responseKeyOf } from '../planning/collect-fields.ts';
import { fragmentsOf } from '../request/fragments.ts';
import { isIncluded, type Table } from './table.ts';

/** Kinds of column values; `json` is any value with parts. */
export const columnKinds = [
  'text',
  'integer',
  'float',
  'boolean',
  'decimal',
  'date',
  'moment',
  'json',
] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** A column of a table: a value of a row, or a value that the row reaches without a list. */
export type Column = {
  /** Path of field names: `park.nameZh`. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Whether each row has a list of such values. */
  readonly isList: boolean;
};

type Walked = { readonly field: FieldNode; readonly parent: GraphQLCompositeType };

/**
 * Lists the fields requested of a row, in the order of the query. An object becomes one column for each of its fields;
 * a list of objects is one column of JSON. An interface or union has the fields of all its types.
 */
export function columnsOf(
  { rowType, rowSelections, document }: Table,
  schema: GraphQLSchema,
  variables: Json,
): readonly Column[] {
  const fragments = fragmentsOf(document.definitions);

  function collect(
    into: Map<string, Walked[]>,
    { selections }: SelectionSetNode,
    parent: GraphQLCompositeType,
  ) {
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = responseKeyOf(selection);
        into.set(key, [...(into.get(key) ?? []), { field: selection, parent }]);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
      if (fragment) collect(into, fragment.selectionSet, isCompositeType(condition) ? condition : parent);
    }
  }

  function columns(
    prefix: string,
    sets: readonly (readonly [SelectionSetNode, GraphQLCompositeType])[],
  ): Column[] {
    const byKey = new Map<string, Walked[]>();
    for (const [set, type] of sets) collect(byKey, set, type);
    return [...byKey].flatMap(([key, walked]) => {
      const name = prefix + key;
      const [type] = walked.map(typeOf);
      if (!type) return { name, kind: 'text', isList: false };
      if (isCompositeType(getNamedType(type)) && !isListType(getNullableType(type))) {
        const inner = walked.flatMap((each) => {
          const parent = getNamedType(typeOf(each));
          return each.field.selectionSet && isCompositeType(parent)
            ? [[each.field.selectionSet, parent] as const]
            : [];
        });
        return columns(`${name}.`, inner);
      }
      return { name, ...kindOf(type) };
    });
  }

  return columns(
    '',
    rowSelections.map((set) => [set, rowType]),
  );
}

/** Returns the type of a field; undefined for `__typename`. */
const typeOf = ({ parent, field }: Walked): GraphQLOutputType | undefined =>
  isUnionType(parent) ? undefined : parent.getFields()[field.name.value]?.type;

const kindOfScalar: Readonly<Record<string, ColumnKind>> = {
  Int: 'integer',
  Float: 'float',
  Boolean: 'boolean',
  Decimal: 'decimal',
  Yuan: 'decimal',
  Date: 'date',
  DateTime: 'moment',
  JSON: 'json',
};

function kindOf(type: GraphQLOutputType): Pick<Column, 'kind' | 'isList'> {
  const nullable = getNullableType(type);
  const named = getNamedType(type);
  if (isListType(nullable)) {
    const item = getNullableType(nullable.ofType);
    const isPlain = !isListType(item) && !isCompositeType(named) && kindOfScalar[named.name] !== 'json';
    return isPlain ? { kind: scalarKind(named.name), isList: true } : { kind: 'json', isList: false };
  }
  return { kind: isEnumType(named) ? 'text' : scalarKind(named.name), isList: false };
}

const scalarKind = (name: string): ColumnKind => kindOfScalar[name] ?? 'text';

/** Returns a function that writes rows as NDJSON: one JSON object a line, with a member for each column. */
export function createLineWriter(columns: readonly Column[]): (rows: readonly unknown[]) => string {
  const members = columns.map(({ name }, i) => ({
    start: `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    path: name.split('.'),
  }));
  return (rows) => {
    let lines = '';
    for (const row of rows) {
      for (const { start, path } of members) lines += start + (JSON.stringify(valueAt(row, path)) ?? 'null');
      lines += '}\n';
    }
    return lines;
  };
}

function valueAt(row: unknown, path: readonly string[]): unknown {
  let value = row;
  for (const key of path) {
    if (!isObject(value)) return null;
    value = value[key];
  }
  return value;
}
