import { sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { manyByKey, oneByKey, referenceByKey } from '../by-key.ts';
import type { Context } from '../context.ts';
import { regionCondition } from '../filter.ts';
import { defineList } from '../list.ts';
import { nullIfNone } from '../null-if-none.ts';
import { page } from '../page.ts';
import type { PageArgs } from '../page-args.ts';
import type { Relation } from '../page-by.ts';
import type { Resolvers } from '../schema-types.ts';
import type { SharedTables } from '../tables.ts';

type RegionRow = SharedTables['regions']['$inferSelect'];
type RowInRegion = { readonly id?: string; readonly regionCode?: string | null };
type Info = GraphQLResolveInfo;

/** Resolvers for regions, over the subgraph's copy of them. */
export function regionGraph(tables: SharedTables) {
  const { regions } = tables;
  const regionList = defineList({
    type: 'Region',
    table: regions,
    id: regions.code,
    columns: { id: [regions.code], parent: [regions.parentCode] },
    filter: {
      code: regionCondition(regions.code, tables),
      nameZh: regions.nameZh,
      level: regions.level,
    },
    orderBy: { CODE: regions.code },
  });

  const resolvers: Resolvers['Region'] = {
    id: ({ code }) => code,
    __resolveReference: async (representation, context, info) => {
      const region = await referenceByKey(context, regionList, info, representation.code);
      // Facts that a field requires from other subgraphs come with the representation.
      return region && { ...representation, ...region };
    },
  };

  return {
    regionList,
    resolvers,
    /** Returns the region of a row. */
    ofRow: (row: RowInRegion, _args: unknown, context: Context, info: Info) =>
      row.regionCode ? referenceByKey(context, regionList, info, row.regionCode) : null,
    region: (context: Context, info: Info, code: string) => oneByKey(context, regionList, info, code),
    regionPage: (context: Context, args: PageArgs, info: Info) => page(context, regionList, args, info),
    /** Fields of the hierarchy, for the one subgraph that resolves them. */
    hierarchy: {
      parent: (row: RegionRow, _args: unknown, context: Context, info: Info) =>
        row.parentCode ? referenceByKey(context, regionList, info, row.parentCode) : null,
      children: async (row: RegionRow, _args: unknown, context: Context) =>
        nullIfNone(await manyByKey(context, regions, regions.parentCode, row.code, regions.code)),
    },
    inRegion: (name: string, regionCode: PgColumn, includeSubregions: boolean) =>
      inRegion(tables, name, regionCode, includeSubregions),
  };
}

/** Relation of a list's rows to a region, with or without the regions below it. */
const inRegion = (
  { regionClosure }: SharedTables,
  name: string,
  regionCode: PgColumn,
  includeSubregions: boolean,
): Relation => ({
  isSynthetic: () => undefined,
  name: `${name} ${includeSubregions ? 'within' : 'of'} region`,
  asFilter: (code) => ({ region: includeSubregions ? { within: code } : { eq: code } }),
  belongsTo: (code) =>
    includeSubregions
      ? sql`${regionCode} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${code})`
      : sql`${regionCode} = ${code}`,
});
