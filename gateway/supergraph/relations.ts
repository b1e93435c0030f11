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
  parseConstValue,
  valueFromASTUntyped,
} from 'graphql';
import type { Supergraph } from './supergraph.ts';

/** A root list of the graph, with the subgraph that keeps it. */
export type KeptList = RootList & { readonly subgraph: string };

/** The target of a condition, an order or a group on related data, as `@related` declares it. */
export type Related = {
  /** Its name in the related list's input. */
  readonly name: string;
  /** `own` is the list whose rows are chosen or ordered; `other` is the related list. */
  readonly own: KeptList;
  readonly other: KeptList;
  /** The filter field through which rows of one list refer to rows of the other. */
  readonly link: string;
  /** Whether the rows of `other` refer to the rows of `own`. */
  readonly inverse: boolean;
  /** Values of the related row where there is none, by filter field; undefined if a missing row has no values. */
  readonly without: Readonly<Record<string, unknown>> | undefined;
  /** Condition on the own rows that the relation is about, as text; undefined for all rows. */
  readonly among: string | undefined;
  /** Whether the condition is on a list: some, none, every, exists. */
  readonly isList: boolean;
};

/** A condition to which the gateway brings a value of a row of another list, as `@brought` declares it. */
export type Brought = {
  readonly own: KeptList;
  readonly other: KeptList;
  /** The field of the condition with the id of the row. */
  readonly id: string;
  /** The name of the value: in the other list, and of the field of the condition that takes it. */
  readonly value: string;
};

/** The relations that a supergraph declares; empty if it declares none. */
export type RelationsOfGraph = {
  readonly isEmpty: boolean;
  listOfFilter(input: string): KeptList | undefined;
  listOfOrder(input: string): KeptList | undefined;
  listOfGroupBy(input: string): KeptList | undefined;
  /** Returns the relation behind a field of a filter, order or group input. */
  of(input: string, field: string): Related | undefined;
  /** Returns the value that the gateway brings to a condition of a filter. */
  broughtTo(input: string, field: string): Brought | undefined;
  /**
   * Returns the relations whose ids a filter field, or a dimension of its list, holds and on which conditions are
   * possible.
   */
  namedBy(input: string, field: string): readonly Related[];
  /** Whether a value of this type can hold a condition or an order on related data. */
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
  const brought = new Map<string, Brought>();
  for (const [input, { fields = [] }] of types.inputs) {
    const own = byFilter.get(input) ?? byOrder.get(input) ?? byGroupBy.get(input);
    for (const { name, type, directives } of fields) {
      const bringing = argumentsOf(directives, 'brought');
      const from = byName.get(String(bringing?.list));
      if (bringing && own && from) {
        const { id, value } = bringing;
        brought.set(`${input}.${name.value}`, { own, other: from, id: String(id), value: String(value) });
      }
      const said = argumentsOf(directives, 'related');
      const other = byName.get(String(said?.list));
      if (!said || !own || !other) continue;
      const found: Related = {
        name: name.value,
        own,
        other,
        link: String(said.link),
        inverse: said.inverse === true,
        without: typeof said.without === 'string' ? objectIn(said.without) : undefined,
        among: typeof said.among === 'string' ? said.among : undefined,
        isList: ![other.filter, other.order, other.groupBy].includes(namedType(type)),
      };
      related.set(`${input}.${name.value}`, found);
      if (found.inverse || input !== own.filter) continue;
      for (const place of [`${own.filter}.${found.link}`, `${own.groupBy}.${constantCase(found.link)}`]) {
        named.set(place, [...(named.get(place) ?? []), found]);
      }
    }
  }
  const leading = new Set(
    [...related.keys(), ...brought.keys()].map((coordinate) => coordinate.split('.', 1)[0]),
  );
  return {
    isEmpty: related.size === 0 && brought.size === 0,
    listOfFilter: (input) => byFilter.get(input),
    listOfOrder: (input) => byOrder.get(input),
    listOfGroupBy: (input) => byGroupBy.get(input),
    of: (input, field) => related.get(`${input}.${field}`),
    broughtTo: (input, field) => brought.get(`${input}.${field}`),
    namedBy: (input, field) => named.get(`${input}.${field}`) ?? none,
    isReachable: (type) => reaches(type, leading),
  };
}

const none: readonly Related[] = [];

/** Returns the object that a text of the supergraph holds. */
export const objectIn = (text: string) =>
  valueFromASTUntyped(parseConstValue(text)) as Readonly<Record<string, unknown>>;

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
