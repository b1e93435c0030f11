import { namedType } from '@wenshu/schema/composed-types.ts';
import { type DocumentNode, type GraphQLResolveInfo, Kind } from 'graphql';
import type { Context } from './context.ts';
import type { Resolvers } from './subgraph.ts';

/**
 * Resolvers of the fields of groups that are regions: their rows hold the code, of which `shared` knows the region. All
 * other fields are what rows hold.
 */
export function groupResolvers({ definitions }: DocumentNode, shared: Resolvers): Resolvers {
  const groups = definitions
    .filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter(({ name }) => name.value.endsWith('Group'));
  return Object.fromEntries(
    groups.map(({ name, fields = [] }) => {
      const regions = fields.filter(({ type }) => namedType(type) === 'Region');
      return [
        name.value,
        Object.fromEntries(regions.map((field) => [field.name.value, regionIn(field.name.value, shared)])),
      ];
    }),
  );
}

const regionIn =
  (field: string, shared: Resolvers) =>
  (group: Readonly<Record<string, unknown>>, _args: unknown, context: Context, info: GraphQLResolveInfo) => {
    const code = group[field];
    return code === null || code === undefined
      ? null
      : shared.Region.__resolveReference({ code }, context, info);
  };
