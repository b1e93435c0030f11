import { entitiesOfGroups } from '@wenshu/schema/aggregates.ts';
import { namedType } from '@wenshu/schema/composed-types.ts';
import { type DocumentNode, type GraphQLResolveInfo, Kind } from 'graphql';
import { referenceByKey } from './by-key.ts';
import type { Context } from './context.ts';
import type { References, ResolverMap } from './entities.ts';
import type { List } from './list.ts';
import { reference } from './reference.ts';
import type { RootListsByName } from './related-fields.ts';

type Group = Readonly<Record<string, unknown>>;

/**
 * Returns resolvers for the group fields that are regions, of which rows hold the code, and entities, of which rows hold the id. Rows hold
 * all other fields.
 */
export function groupResolvers(
  document: DocumentNode,
  references: References,
  lists: RootListsByName,
): ResolverMap {
  const listOf = new Map(Object.values(lists).map((list) => [list.type, list]));
  const entities = entitiesOfGroups(document);
  const groups = document.definitions
    .filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter(({ name }) => name.value.endsWith('Group'));
  const ofGroups = groups.map(({ name, fields = [] }) => {
    const regions = fields
      .filter(({ type }) => namedType(type) === 'Region')
      .map((field) => [field.name.value, regionIn(field.name.value, references)]);
    const others = Object.entries(entities.get(name.value) ?? {}).map(([field, { dimension, type }]) => [
      field,
      entityIn(dimension, type, listOf.get(type)),
    ]);
    return [name.value, Object.fromEntries([...regions, ...others])];
  });
  const ofRelated = groups.length > 0 ? { RelatedKey: { region: regionIn('region', references) } } : {};
  return { ...Object.fromEntries(ofGroups), ...ofRelated };
}

const regionIn =
  (field: string, references: References) =>
  (group: Group, _args: unknown, context: Context, info: GraphQLResolveInfo) => {
    const code = group[field];
    return code === null || code === undefined ? null : references.get('Region')?.({ code }, context, info);
  };

const entityIn =
  (dimension: string, type: string, list: List | undefined) =>
  (group: Group, _args: unknown, context: Context, info: GraphQLResolveInfo) => {
    const id = group[dimension];
    if (typeof id !== 'string') return null;
    return list ? referenceByKey(context, list, info, id) : reference(type, id);
  };
