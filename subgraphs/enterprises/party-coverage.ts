import type { Context } from '@wenshu/kit/context.ts';
import { groupable } from '@wenshu/kit/filter.ts';
import { rowsOf } from '@wenshu/kit/statement.ts';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { enterpriseGroups, enterprises, indicators } from './tables.ts';

/** Enterprises of all regions: how many lie in each region itself, and the ids of those that do not count. */
interface CountedEnterprises {
  readonly counts: Readonly<Record<string, number>>;
  readonly uncounted: readonly string[];
}

/** Kinds that are no operating unit. */
const notOneUnit = ['FUND', 'TEAM'];

/** Condition for enterprises that do not count as one: no operating units, and wholes beside their parts. */
const isUncounted = sql`(${enterprises.kind} = any(${sql.param(notOneUnit)})
  or exists (select from ${enterpriseGroups} where ${enterpriseGroups.groupId} = ${enterprises.id}))`;

/** Condition of lists for the enterprises that count. */
export const countsAsOneCondition = groupable(
  (isAsked: boolean) => (isAsked ? sql`not ${isUncounted}` : isUncounted),
  { values: sql`not ${isUncounted}` },
);

/** Counts the enterprises for the Party coverage of all regions, once in a request. The party subgraph reads the numbers. */
export const countedEnterprises = (context: Context) =>
  context
    .batch('counted enterprises', async (keys: readonly 'all'[]) => {
      const [counts, uncounted] = await Promise.all([
        rowsOf<{ code: string; synthetic: boolean; count: number }>(
          context.db,
          sql`select ${enterprises.regionCode} as code, ${enterprises.synthetic} as synthetic, count(*)::int as count
            from ${enterprises} where ${enterprises.regionCode} is not null and not ${isUncounted} group by 1, 2 order by 1`,
        ),
        rowsOf<{ id: string; synthetic: boolean }>(
          context.db,
          sql`select ${enterprises.id} as id, ${enterprises.synthetic} as synthetic from ${enterprises} where ${isUncounted} order by 1`,
        ),
      ]);
      const of = (kind: boolean): CountedEnterprises => ({
        counts: Object.fromEntries(
          counts.flatMap(({ code, synthetic, count }) => (synthetic === kind ? [[code, count]] : [])),
        ),
        uncounted: uncounted.flatMap(({ id, synthetic }) => (synthetic === kind ? [id] : [])),
      });
      const enterprisesOfBothKinds = { real: of(false), synthetic: of(true) };
      return keys.map(() => enterprisesOfBothKinds);
    })
    .load('all');

const coverageMetrics = ['PARTY_ORG_COVERAGE', 'PARTY_WORK_COVERAGE'];

/** Returns the published figures on the Party coverage of a region; null if none is on record. */
export const publishedCoverage = (context: Context, code: string, synthetic: boolean) =>
  context
    .batch(`published coverage ${synthetic}`, async (codes: readonly string[]) => {
      const rows = await context.db
        .select()
        .from(indicators)
        .where(
          and(
            eq(indicators.subjectType, 'Region'),
            inArray(indicators.subjectId, [...codes]),
            inArray(indicators.metric, coverageMetrics),
            eq(indicators.synthetic, synthetic),
            eq(indicators.isSidebar, false),
          ),
        )
        .orderBy(indicators.id);
      const byCode = Map.groupBy(rows, ({ subjectId }) => subjectId);
      return codes.map((each) => byCode.get(each) ?? null);
    })
    .load(code);
