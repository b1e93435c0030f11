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
import { collectFields, type Fragments, responseKeyOf } from './collect-fields.ts';

/** What a document gives as arguments that say which page of a list is wanted. */
export type PageArguments = readonly {
  readonly name: string;
  readonly value: ValueNode;
  readonly type: GraphQLInputType;
}[];

/** A page of a list, from its start or a cursor on; from its end or backward from a cursor, if `backward`. */
export type AskedPage = {
  readonly size: number;
  readonly backward: boolean;
  readonly cursor: string | null;
  readonly orderBy: unknown;
};

/** What is asked of a list at the root. */
export type AskedOfList = {
  /** Its rows, of this page. */
  readonly rows: PageArguments | undefined;
  /** Whether it is asked what all of its rows come to, as their count. */
  readonly whole: boolean;
};

/** Undefined of a field that is no list. */
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
  return { rows: asked.some(isOfRows) ? page : undefined, whole: asked.some((each) => !isOfRows(each)) };
}

/** A list of which nothing is asked but its rows, and what is not asked of it any more, by its names in the data. */
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

/** With these variables; undefined for arguments that go together to no page, which subgraphs refuse. */
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
