import { defaultPageSize } from '@wenshu/schema/page-sizes.ts';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import { collectFields, type Fragments } from '../execution/collect-fields.ts';
import type { Json } from '../execution/json.ts';

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

/** Of a field that is a list; undefined where more is asked than rows: a count is one of all pages. */
export function pageArgumentsOf(
  { arguments: given = [], selectionSet }: FieldNode,
  definition: GraphQLField<unknown, unknown> | null | undefined,
  schema: GraphQLSchema,
  fragments: Fragments,
): PageArguments | undefined {
  const type = definition && getNamedType(definition.type);
  if (!isObjectType(type) || !selectionSet) return undefined;
  const asked = [...collectFields(schema, fragments, type, [selectionSet]).values()].flat();
  if (!asked.every(({ name }) => ofRows.has(name.value))) return undefined;
  return given.flatMap(({ name: { value: name }, value }) => {
    const argument = definition?.args.find((each) => each.name === name);
    return argument && ofPage.has(name) ? [{ name, value, type: argument.type }] : [];
  });
}

const ofRows = new Set(['nodes', 'edges', 'pageInfo', '__typename']);
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
