import { defaultPageSize } from '@wenshu/schema/page-sizes.ts';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import type { Json } from '../lib/json.ts';
import type { Fragments } from '../request/fragments.ts';
import { collectFields, responseKeyOf } from './collect-fields.ts';

/** The arguments in a document that choose a page of a list. */
export type PageArguments = readonly {
  readonly name: string;
  readonly value: ValueNode;
  readonly type: GraphQLInputType;
}[];

/**
 * A page of a list. It starts at the list's start or after a cursor; with `backward` it ends at the list's end or
 * before a cursor.
 */
export type AskedPage = {
  readonly size: number;
  readonly backward: boolean;
  readonly cursor: string | null;
  readonly orderBy: unknown;
};

/** The parts of a root list that an operation asks for. */
export type AskedOfList = {
  /** The page of its rows. */
  readonly rows: PageArguments | undefined;
  /** Whether it asks for figures about all rows, such as their count. */
  readonly hasTotals: boolean;
};

/** Returns what a field asks of a list; undefined if the field is no list. */
export function askedOfList(
  field: FieldNode,
  definition: GraphQLField<unknown, unknown> | null | undefined,
  schema: GraphQLSchema,
  fragments: Fragments,
): AskedOfList | undefined {
  const asked = fieldsAskedOf(field, definition, schema, fragments);
  if (!asked) return undefined;
  const page = (field.arguments ?? []).flatMap(({ name: { value: name }, value }) => {
    const argument = definition?.args.find((each) => each.name === name);
    return argument && ofPage.has(name) ? [{ name, value, type: argument.type }] : [];
  });
  return { rows: asked.some(isOfRows) ? page : undefined, hasTotals: asked.some((each) => !isOfRows(each)) };
}

/** Returns the list with nothing but its rows, and the response keys of the parts that were removed. */
export function onlyRows(
  field: FieldNode,
  definition: GraphQLField<unknown, unknown> | null | undefined,
  schema: GraphQLSchema,
  fragments: Fragments,
): { readonly field: FieldNode; readonly gone: readonly string[] } {
  const asked = fieldsAskedOf(field, definition, schema, fragments) ?? [];
  return {
    field: { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections: asked.filter(isOfRows) } },
    gone: asked.filter((each) => !isOfRows(each)).map(responseKeyOf),
  };
}

function fieldsAskedOf(
  { selectionSet }: FieldNode,
  definition: GraphQLField<unknown, unknown> | null | undefined,
  schema: GraphQLSchema,
  fragments: Fragments,
): readonly FieldNode[] | undefined {
  const type = definition && getNamedType(definition.type);
  if (!isObjectType(type) || !selectionSet) return undefined;
  return [...collectFields(schema, fragments, type, [selectionSet]).values()].flat();
}

const ofRows = new Set(['nodes', 'edges', 'pageInfo', '__typename']);
const isOfRows = ({ name }: FieldNode) => ofRows.has(name.value);
const ofPage = new Set(['first', 'after', 'last', 'before', 'orderBy']);

/** Reads a page with the values of variables; undefined if the arguments make no valid page, which subgraphs refuse. */
export function readPage(page: PageArguments, variables: Json): AskedPage | undefined {
  const given: Json = {};
  for (const { name, value, type } of page) given[name] = valueFromAST(value, type, variables) ?? undefined;
  const { first, after, last, before, orderBy } = given;
  const backward = last !== undefined;
  const size = Number(first ?? last ?? defaultPageSize);
  if (size < 0 || (backward ? first !== undefined || after !== undefined : before !== undefined)) {
    return undefined;
  }
  return { size, backward, cursor: ((backward ? before : after) ?? null) as string | null, orderBy };
}
