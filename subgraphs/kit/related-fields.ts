import { composedTypesOf } from '@wenshu/schema/composed-types.ts';
import { type RootList, rootListsOf, withOptionalField } from '@wenshu/schema/root-lists.ts';
import { type DocumentNode, Kind, parse } from 'graphql';
import type { Context } from './context.ts';
import type { LinkName } from './link.ts';
import type { List } from './list.ts';
import {
  type GroupsArgs,
  groupValuesOf,
  type KeysArgs,
  keysOf,
  type ValuesArgs,
  valuesOf,
} from './related-keys.ts';
import { foundIds } from './row-filters.ts';
import { type WindowArgs, windowOf } from './window.ts';

/** Lists by the name of their root field. */
export type RootListsByName = Readonly<Record<string, List>>;

/**
 * Adds fields and inputs that only the gateway uses, like `_entities`: for each list, the ids that meet a filter (`_parksKeys`), the next
 * ids of an order (`_parksWindow`), the values of an order (`_parksValues`) and of groups (`_parksGroups`); and `_related` in filters,
 * orders and groups, for the results. They are not composed.
 */
export function withRelatedFields(document: DocumentNode, lists: RootListsByName): DocumentNode {
  const offered = rootListsOf(composedTypesOf(document)).filter(({ name }) => name in lists);
  if (offered.length === 0) return document;
  const filters = new Set(offered.map(({ filter }) => filter));
  const orders = new Set(offered.map(({ order }) => order));
  const groups = new Set(offered.map(({ groupBy }) => groupBy));
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION &&
    (orders.has(definition.name.value) || groups.has(definition.name.value))
      ? withOptionalField(definition)
      : definition,
  );
  const added = [
    inputs,
    ...[...filters].map((name) => `extend input ${name} { _related: [_Related!] }`),
    ...[...orders].map((name) => `extend input ${name} { _related: _RelatedOrder }`),
    ...[...groups].map((name) => `extend input ${name} { _related: _RelatedValues }`),
    `extend type Query { ${offered.map(fieldsOf).join('\n')} }`,
  ].join('\n');
  return { ...document, definitions: [...definitions, ...parse(added).definitions] };
}

const inputs = `
  input _Related { link: String to: String keys: [ID!] }
  input _RelatedOrder { name: String! link: String to: String type: String! keys: [ID!]! values: [String!]! }
  input _RelatedValues { name: String! link: String to: String type: String! keys: [ID!]! values: [String!]! without: String among: String }
  type _Window { keys: [ID!]! endCursor: String }
  type _Values { type: String! keys: [ID!]! values: [String!]! }`;

const fieldsOf = ({ name, filter, order, groupBy }: RootList) => `
  _${name}Keys(filter: ${filter}, negated: Boolean! = false, repeated: Boolean! = false, besides: ${filter}, ${wanted}): [ID!]!
  _${name}Window(filter: ${filter}, orderBy: [${order}!], cursor: String, backward: Boolean!, first: Int!): _Window!
  _${name}Values(order: ${order}!, besides: ${filter}, ${wanted}): _Values!
  _${name}Groups(by: ${groupBy}!, besides: ${filter}, ${wanted}): _Values!`;

const wanted = 'link: String, to: String, among: [ID!], first: Int!';

export const relatedResolvers = (lists: RootListsByName) => {
  const byType = new Map(Object.values(lists).map((list) => [list.type, list]));
  /** Excludes the ids of rows that are hidden from the caller. */
  const withNamed = <Args extends Partial<LinkName>>(args: Args, context: Context) => ({
    ...args,
    named: args.to ? foundIds(context, byType.get(args.to)) : undefined,
  });
  return {
    Query: Object.fromEntries(
      Object.entries(lists).flatMap(([name, list]) => [
        [
          `_${name}Keys`,
          (_root: unknown, args: KeysArgs, context: Context) =>
            keysOf(context.db, list, withNamed(args, context)),
        ],
        [
          `_${name}Window`,
          (_root: unknown, args: WindowArgs, context: Context) => windowOf(context, list, args),
        ],
        [
          `_${name}Values`,
          (_root: unknown, args: ValuesArgs, context: Context) =>
            valuesOf(context.db, list, withNamed(args, context)),
        ],
        [
          `_${name}Groups`,
          (_root: unknown, args: GroupsArgs, context: Context) =>
            groupValuesOf(context.db, list, withNamed(args, context)),
        ],
      ]),
    ),
  };
};
