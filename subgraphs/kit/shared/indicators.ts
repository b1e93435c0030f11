import { metrics, namesOf, topics } from '@wenshu/schema/metrics.ts';
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import { anyOfArray, columnCondition, groupable, regionCondition } from '../filter.ts';
import { knownCode } from '../known-code.ts';
import { defineList } from '../list.ts';
import { page } from '../page.ts';
import type { PageArgs } from '../page-args.ts';
import { pageBy } from '../page-by.ts';
import { factsOf } from '../reference.ts';
import type { Resolvers } from '../schema-types.ts';
import type { SharedTables } from '../tables.ts';
import { unitNameZh } from '../unit-names.ts';
import { additivityOfFigures, type PartsOfSubjects } from './additivity-of-figures.ts';
import type { Refer } from './references.ts';
import type { regionGraph } from './regions.ts';

export type IndicatorArgs = PageArgs & { readonly includeSidebar: boolean };
type ArgsInRegion = IndicatorArgs & { readonly includeSubregions: boolean };
type Info = GraphQLResolveInfo;

/** Resolvers for the published figures of the subgraph's own subjects. */
export function indicatorGraph(
  tables: SharedTables,
  regions: ReturnType<typeof regionGraph>,
  refer: Refer,
  partsOfSubjects: PartsOfSubjects,
) {
  const { indicators } = tables;
  const list = listOf(tables, partsOfSubjects);
  const resolvers: Resolvers['Indicator'] = {
    region: regions.ofRow,
    subjectType: (row) => constantCase(row.subjectType),
    subject: (row, _args, context, info) => refer(context, info, row.subjectType, row.subjectId),
    dims: (row) => factsOf(row.dims),
    facts: (row) => factsOf(row.facts),
    alsoAbout: ({ alsoAboutType, alsoAboutId }, _args, context, info) =>
      alsoAboutType && alsoAboutId ? refer(context, info, alsoAboutType, alsoAboutId) : null,
    unitZh: ({ unit }) => unitNameZh(unit),
    growth: ({ growth }) => growth && { ...growth, unitZh: unitNameZh(growth.unit) },
  };
  /** Figures of sidebars stand beside unrelated articles, so they are shown only on request. */
  const shown = ({ includeSidebar }: IndicatorArgs): SQL | undefined =>
    includeSidebar ? undefined : sql`not ${indicators.isSidebar}`;

  return {
    resolvers,
    /** Returns indicators of this subgraph's subjects. */
    indicatorPage: (context: Context, args: IndicatorArgs, info: Info) =>
      page(context, list, args, info, shown(args)),
    /** Returns indicators of one subject. */
    indicatorsOf: (
      row: { id: string } | { code: string },
      args: IndicatorArgs,
      context: Context,
      info: Info,
    ) => {
      const relation = {
        name: 'indicators of subject',
        ...('code' in row && { isSynthetic: () => undefined }),
        belongsTo: (subjectId: SQL) => sql`${indicators.subjectId} = ${subjectId}`,
        condition: shown(args),
      };
      return pageBy(context, list, relation, 'id' in row ? row.id : row.code, args, info);
    },
    /** Returns indicators of this subgraph's subjects in a region. */
    indicatorsIn: (row: { code: string }, args: ArgsInRegion, context: Context, info: Info) => {
      const within = regions.inRegion('indicators', indicators.regionCode, args.includeSubregions);
      return pageBy(context, list, { ...within, condition: shown(args) }, row.code, args, info);
    },
  };
}

const listOf = (tables: SharedTables, partsOfSubjects: PartsOfSubjects) => {
  const { indicators } = tables;
  return defineList({
    type: 'Indicator',
    table: indicators,
    id: indicators.id,
    columns: {
      region: [indicators.regionCode],
      subject: [indicators.subjectType, indicators.subjectId],
      alsoAbout: [indicators.alsoAboutType, indicators.alsoAboutId],
      unitZh: [indicators.unit],
    },
    filter: {
      id: indicators.id,
      topic: knownCode(indicators.topic, { en: 'topic', zh: '主题' }, namesOf(topics)),
      metric: knownCode(indicators.metric, { en: 'metric', zh: '指标' }, namesOf(metrics)),
      metricZh: indicators.metricZh,
      value: indicators.value,
      unit: indicators.unit,
      kind: indicators.kind,
      periodStart: indicators.periodStart,
      periodEnd: indicators.periodEnd,
      subjectType: subjectTypeCondition(indicators.subjectType),
      subjectId: indicators.subjectId,
      alsoAboutId: indicators.alsoAboutId,
      partOfId: indicators.partOfId,
      stockOrFlow: indicators.stockOrFlow,
      scope: indicators.scope,
      tier: anyOfArray(indicators.tiers),
      level: anyOfArray(indicators.levels),
      domainCode: anyOfArray(indicators.domainCodes),
      region: regionCondition(indicators.regionCode, tables),
      synthetic: indicators.synthetic,
    },
    orderBy: { ID: indicators.id, VALUE: indicators.value, PERIOD_END: indicators.periodEnd },
    additivity: { value: additivityOfFigures(tables, partsOfSubjects) },
  });
};

/** Condition on the type of a subject. A row holds the name of the type (`PartyUnit`), the graph has a value of its enum (`PARTY_UNIT`). */
const subjectTypeCondition = (column: AnyPgColumn) =>
  groupable(
    ({ eq, in: some }: { eq?: string | null; in?: readonly string[] | null }, path: string) =>
      columnCondition(column, { eq: eq && typeNameOf(eq), in: some?.map(typeNameOf) }, path),
    { values: sql`upper(regexp_replace(${column}, '([a-z])([A-Z])', '\\1_\\2', 'g'))` },
  );

const constantCase = (typeName: string) => typeName.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

const typeNameOf = (value: string) =>
  value.toLowerCase().replace(/(^|_)([a-z])/g, (_match, _before, letter: string) => letter.toUpperCase());
