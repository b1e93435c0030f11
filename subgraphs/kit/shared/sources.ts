import { isSyntheticId, syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { and, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { oneByKey, referenceByKey } from '../by-key.ts';
import type { Context } from '../context.ts';
import { regionCondition } from '../filter.ts';
import { defineList } from '../list.ts';
import { nullIfNone } from '../null-if-none.ts';
import { shownOnly } from '../row-filters.ts';
import type { Resolvers } from '../schema-types.ts';
import { readsSynthetic } from '../synthetic.ts';
import type { SharedTables } from '../tables.ts';
import type { Refer } from './references.ts';
import type { regionGraph } from './regions.ts';

/** Resolvers for the documents that its records were taken from. */
export function sourceGraph(list: SourceList, regions: ReturnType<typeof regionGraph>, refer: Refer) {
  const resolvers: Pick<Resolvers, 'Source' | 'Citation'> = {
    Source: {
      __resolveReference: ({ id }, context, info) => referenceByKey(context, list, info, id),
      region: regions.ofRow,
      issuers: ({ issuerIds }, _args, context, info) =>
        nullIfNone(issuerIds.map((id) => refer(context, info, 'Agency', id))),
      synthetic: ({ id }) => isSyntheticId(id),
    },
    Citation: {
      source: ({ sourceId }, _args, context, info) => referenceByKey(context, list, info, sourceId),
    },
  };
  return {
    resolvers,
    source: (context: Context, info: GraphQLResolveInfo, id: string) => oneByKey(context, list, info, id),
    sources: async (context: Context, synthetic: boolean | null | undefined) =>
      nullIfNone(
        await context.db
          .select()
          .from(list.table)
          .where(and(shownOnly(context, list), isOfKind(list.id, readsSynthetic(context, synthetic))))
          .orderBy(list.id),
      ),
  };
}

const isOfKind = (id: PgColumn, synthetic: boolean) =>
  sql`starts_with(${id}, ${syntheticPrefix}) = ${synthetic}`;

type SourceList = ReturnType<typeof sourceListOf>;

export const sourceListOf = (tables: SharedTables) => {
  const { sources } = tables;
  return defineList({
    type: 'Source',
    table: sources,
    id: sources.id,
    columns: { region: [sources.regionCode], issuers: [sources.issuerIds], synthetic: [sources.id] },
    // Filter for look-ups only.
    filter: {
      region: regionCondition(sources.regionCode, tables),
      synthetic: ({ eq }: { eq: boolean }) => isOfKind(sources.id, eq),
    },
    orderBy: {},
  });
};
