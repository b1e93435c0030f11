import { namedType } from '@wenshu/schema/composed-types.ts';
import { type DocumentNode, type GraphQLResolveInfo, Kind } from 'graphql';
import type { Context } from './context.ts';

type ResolveRegion = (key: { code: string }, context: Context, info: GraphQLResolveInfo) => unknown;

/** Resolvers of the fields of groups that are regions: their rows hold the code. All other fields are what rows hold. */
export function groupResolvers({ definitions }: DocumentNode, resolveRegion: ResolveRegion) {
  const groups = definitions
    .filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter(({ name }) => name.value.endsWith('Group'));
  return Object.fromEntries(
    groups.map(({ name, fields = [] }) => {
      const regions = fields
        .filter(({ type }) => namedType(type) === 'Region')
        .map((field) => field.name.value);
      return [
        name.value,
        Object.fromEntries(regions.map((field) => [field, regionIn(field, resolveRegion)])),
      ];
    }),
  );
}

const regionIn =
  (field: string, resolveRegion: ResolveRegion) =>
  (group: Readonly<Record<string, unknown>>, _args: unknown, context: Context, info: GraphQLResolveInfo) => {
    const code = group[field];
    return typeof code === 'string' ? resolveRegion({ code }, context, info) : null;
  };
