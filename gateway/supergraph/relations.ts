import { constantCase } from '@wenshu/schema/aggregates.ts';
import { composedTypesOf, namedType } from '@wenshu/schema/composed-types.ts';
import { type RootList, rootListsOf } from '@wenshu/schema/root-lists.ts';
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  Kind,
  valueFromASTUntyped,
} from 'graphql';
import type { Supergraph } from './supergraph.ts';

/** A list at the root of the graph, and the subgraph that keeps it. */
export type KeptList = RootList & { readonly subgraph: string };

/** What a condition, an order or a group leads to, as `@related` says. */
export type Related = {
  /** What it is called there. */
  readonly name: string;
  /** The list whose rows are chosen or ordered, and the one that they are related to. */
  readonly own: KeptList;
  readonly other: KeptList;
  /** The filter field by which rows of the one name those of the other. */
  readonly link: string;
  /** Whether it is the other list's rows that name those of the own one. */
  readonly inverse: boolean;
  /** Whether the condition is one on a list: some, none, every, exists. */
  readonly isList: boolean;
};

/** What is related in a supergraph; nothing in one that declares no relations. */
export type RelationsOfGraph = {
  readonly isEmpty: boolean;
  listOfFilter(input: string): KeptList | undefined;
  listOfOrder(input: string): KeptList | undefined;
  listOfGroupBy(input: string): KeptList | undefined;
  /** What a field of a filter, order or group input leads to. */
  of(input: string, field: string): Related | undefined;
  /** What the ids are of that a field of a filter, or a dimension of its list, is about, where conditions may be on it. */
  namedBy(input: string, field: string): readonly Related[];
  /** Whether a value of this type can hold a condition or an order on something related. */
  isReachable(type: GraphQLInputType): boolean;
};

export function readRelations({ document, subgraphOfRoot }: Supergraph): RelationsOfGraph {
  const types = composedTypesOf(document);
  const lists = rootListsOf(types).flatMap((list) => {
    const subgraph = subgraphOfRoot(list.name);
    return subgraph === undefined ? [] : [{ ...list, subgraph }];
  });
  const byName = new Map(lists.map((list) => [list.name, list]));
  const byFilter = new Map(lists.map((list) => [list.filter, list]));
  const byOrder = new Map(lists.map((list) => [list.order, list]));
  const byGroupBy = new Map(lists.map((list) => [list.groupBy, list]));
  const related = new Map<string, Related>();
  const named = new Map<string, Related[]>();
  for (const [input, { fields = [] }] of types.inputs) {
    const own = byFilter.get(input) ?? byOrder.get(input) ?? byGroupBy.get(input);
    for (const { name, type, directives } of fields) {
      const said = argumentsOf(directives, 'related');
      const other = byName.get(String(said?.list));
      if (!said || !own || !other) continue;
      const found: Related = {
        name: name.value,
        own,
        other,
        link: String(said.link),
        inverse: said.inverse === true,
        isList: ![other.filter, other.order, other.groupBy].includes(namedType(type)),
      };
      related.set(`${input}.${name.value}`, found);
      if (found.inverse || input !== own.filter) continue;
      for (const place of [`${own.filter}.${found.link}`, `${own.groupBy}.${constantCase(found.link)}`]) {
        named.set(place, [...(named.get(place) ?? []), found]);
      }
    }
  }
  const leading = new Set([...related.keys()].map((coordinate) => coordinate.split('.', 1)[0]));
  return {
    isEmpty: related.size === 0,
    listOfFilter: (input) => byFilter.get(input),
    listOfOrder: (input) => byOrder.get(input),
    listOfGroupBy: (input) => byGroupBy.get(input),
    of: (input, field) => related.get(`${input}.${field}`),
    namedBy: (input, field) => named.get(`${input}.${field}`) ?? none,
    isReachable: (type) => reaches(type, leading),
  };
}

const none: readonly Related[] = [];

function reaches(
  inputType: GraphQLInputType,
  leading: ReadonlySet<string | undefined>,
  seen = new Set<string>(),
): boolean {
  const type = getNamedType(inputType);
  if (!isInputObjectType(type) || seen.has(type.name)) return false;
  seen.add(type.name);
  return (
    leading.has(type.name) ||
    Object.values(type.getFields()).some((field) => reaches(field.type, leading, seen))
  );
}

function argumentsOf(
  directives: readonly ConstDirectiveNode[] = [],
  name: string,
): Record<string, unknown> | undefined {
  const directive = directives.find((each) => each.name.value === name);
  return (
    directive &&
    Object.fromEntries(
      (directive.arguments ?? []).map(({ name, value }) => [
        name.value,
        value.kind === Kind.ENUM ? value.value : valueFromASTUntyped(value as ConstValueNode),
      ]),
    )
  );
}
