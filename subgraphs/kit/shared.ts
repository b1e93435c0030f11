import { scalars } from '@wenshu/schema/scalars.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { manyByKey, oneByKey, referenceByKey } from './by-key.ts';
import type { Context } from './context.ts';
import { regionCondition } from './filter.ts';
import { defineList, type List } from './list.ts';
import { page } from './page.ts';
import type { PageArgs } from './page-args.ts';
import { pageBy, type Relation } from './page-by.ts';
import { factsOf, type Reference, reference } from './reference.ts';
import type { CitationRow, SharedTables } from './tables.ts';

type RegionRow = SharedTables['regions']['$inferSelect'];
type SourceRow = SharedTables['sources']['$inferSelect'];
type IndicatorRow = SharedTables['indicators']['$inferSelect'];
type LinkRow = SharedTables['links']['$inferSelect'];
type RecordRow = { id: string; regionCode?: string | null; facts: Record<string, unknown> };

export type IndicatorArgs = PageArgs & { includeSidebar: boolean };
export type RegionListArgs = PageArgs & { includeSubregions: boolean };

/**
 * What every subgraph's graph has in common, over the lists that are its own and its copy of the
 * shared tables: regions, sources, citations, indicators and stated relations.
 */
export function sharedGraph(tables: SharedTables, ownLists: readonly List[] = []) {
  const { regions, regionClosure, sources, indicators, links } = tables;

  const regionList = defineList({
    type: 'Region',
    table: regions,
    id: regions.code,
    columns: { parent: [regions.parentCode] },
    filter: {
      code: regionCondition(regions.code, tables),
      nameZh: regions.nameZh,
      level: regions.level,
    },
    orderBy: { CODE: regions.code },
  });
  const sourceList = defineList({
    type: 'Source',
    table: sources,
    id: sources.id,
    columns: { region: [sources.regionCode], issuers: [sources.issuerIds], synthetic: [sources.id] },
    filter: {},
    orderBy: {},
  });
  const indicatorList = defineList({
    type: 'Indicator',
    table: indicators,
    id: indicators.id,
    columns: { region: [indicators.regionCode], subject: [indicators.subjectType, indicators.subjectId] },
    filter: {
      id: indicators.id,
      topic: indicators.topic,
      metric: indicators.metric,
      metricZh: indicators.metricZh,
      value: indicators.value,
      unit: indicators.unit,
      kind: indicators.kind,
      periodStart: indicators.periodStart,
      periodEnd: indicators.periodEnd,
      subjectId: indicators.subjectId,
      region: regionCondition(indicators.regionCode, tables),
      synthetic: indicators.synthetic,
    },
    orderBy: { ID: indicators.id, VALUE: indicators.value, PERIOD_END: indicators.periodEnd },
    units: { value: indicators.unit },
  });

  const region = (
    row: { regionCode?: string | null },
    _args: unknown,
    context: Context,
    info: GraphQLResolveInfo,
  ) => (row.regionCode ? referenceByKey<RegionRow>(context, regionList, info, row.regionCode) : null);

  const lists = new Map([regionList, sourceList, ...ownLists].map((list) => [list.type, list]));

  /**
   * The entity that a row points to. What this subgraph keeps itself it must answer
   * itself, because the gateway takes its fields from here; of anything else it gives
   * the key. `null` where nothing of its own has this key.
   */
  async function refer(
    context: Context,
    info: GraphQLResolveInfo,
    type: string,
    key: string,
  ): Promise<Reference | null> {
    const list = lists.get(type);
    if (!list) return reference(type, key);
    const row = await referenceByKey<object>(context, list, info, key);
    // Where it is hidden there is something in its place, which is no object.
    return row && typeof row === 'object' ? ({ ...row, __typename: type } as Reference) : row;
  }

  const typeOfTarget = { __resolveType: (target: { __typename: string }) => target.__typename };

  const resolvers = {
    ...scalars,
    Subject: typeOfTarget,
    Actor: typeOfTarget,
    Region: {
      __resolveReference: async (
        representation: { code: string },
        context: Context,
        info: GraphQLResolveInfo,
      ) => {
        const region = await referenceByKey<RegionRow>(context, regionList, info, representation.code);
        // What a field here requires of other subgraphs comes with the representation.
        return region && { ...representation, ...region };
      },
    },
    Source: {
      __resolveReference: ({ id }: { id: string }, context: Context, info: GraphQLResolveInfo) =>
        referenceByKey(context, sourceList, info, id),
      region,
      issuers: ({ issuerIds }: SourceRow, _args: unknown, context: Context, info: GraphQLResolveInfo) =>
        issuerIds.length > 0 ? issuerIds.map((id) => refer(context, info, 'Agency', id)) : null,
      synthetic: ({ id }: SourceRow) => isSyntheticId(id),
    },
    Citation: {
      source: ({ sourceId }: CitationRow, _args: unknown, context: Context, info: GraphQLResolveInfo) =>
        referenceByKey(context, sourceList, info, sourceId),
    },
    Link: {
      target: (link: LinkRow, _args: unknown, context: Context, info: GraphQLResolveInfo) =>
        refer(context, info, link.targetType, link.targetId),
    },
    Indicator: {
      region,
      subject: (row: IndicatorRow, _args: unknown, context: Context, info: GraphQLResolveInfo) =>
        refer(context, info, row.subjectType, row.subjectId),
      dims: (row: IndicatorRow) => factsOf(row.dims),
    },
  };

  /** The resolvers that every record type has; spread them into the type's own. */
  const record = {
    region,
    facts: (row: RecordRow) => factsOf(row.facts),
    links: (row: RecordRow, _args: unknown, context: Context) =>
      manyByKey(context, links, links.subjectId, row.id, links.seq),
  };

  /** Sidebar figures stand beside unrelated articles; they are seen only by who asks for them. */
  const shownIndicators = ({ includeSidebar }: IndicatorArgs): SQL | undefined =>
    includeSidebar ? undefined : sql`not ${indicators.isSidebar}`;

  /** The rows of a list that lie in a region, with or without what is below it. */
  const inRegion = (name: string, regionCode: PgColumn, includeSubregions: boolean): Relation => ({
    isSynthetic: () => undefined,
    name: `${name} ${includeSubregions ? 'within' : 'of'} region`,
    belongsTo: (code) =>
      includeSubregions
        ? sql`${regionCode} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${code})`
        : sql`${regionCode} = ${code}`,
  });

  return {
    resolvers,
    record,
    inRegion,
    refer,
    /** The hierarchy, for the one subgraph that shows it. */
    hierarchy: {
      parent: (row: RegionRow, _args: unknown, context: Context, info: GraphQLResolveInfo) =>
        row.parentCode ? referenceByKey(context, regionList, info, row.parentCode) : null,
      children: (row: RegionRow, _args: unknown, context: Context) =>
        manyByKey(context, regions, regions.parentCode, row.code, regions.code),
    },
    region: (context: Context, info: GraphQLResolveInfo, code: string) =>
      oneByKey(context, regionList, info, code),
    regionPage: (context: Context, args: PageArgs, info: GraphQLResolveInfo) =>
      page(context, regionList, args, info),
    source: (context: Context, info: GraphQLResolveInfo, id: string) =>
      oneByKey(context, sourceList, info, id),
    sources: (context: Context) => context.db.select().from(sources).orderBy(sources.id),
    /** Indicators of this subgraph's subjects. */
    indicatorPage: (context: Context, args: IndicatorArgs, info: GraphQLResolveInfo) =>
      page(context, indicatorList, args, info, shownIndicators(args)),
    /** Indicators of one subject. */
    indicatorsOf: (
      row: { id: string } | { code: string },
      args: IndicatorArgs,
      context: Context,
      info: GraphQLResolveInfo,
    ) =>
      pageBy(
        context,
        indicatorList,
        {
          name: 'indicators of subject',
          ...('code' in row && { isSynthetic: () => undefined }),
          belongsTo: (subjectId) => sql`${indicators.subjectId} = ${subjectId}`,
          condition: shownIndicators(args),
        },
        'id' in row ? row.id : row.code,
        args,
        info,
      ),
    /** Indicators of this subgraph's subjects in a region. */
    indicatorsIn: (
      row: { code: string },
      args: IndicatorArgs & RegionListArgs,
      context: Context,
      info: GraphQLResolveInfo,
    ) =>
      pageBy(
        context,
        indicatorList,
        {
          ...inRegion('indicators', indicators.regionCode, args.includeSubregions),
          condition: shownIndicators(args),
        },
        row.code,
        args,
        info,
      ),
  };
}
