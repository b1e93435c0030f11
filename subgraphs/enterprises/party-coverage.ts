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

const isNoUnit = sql`${enterprises.kind} = any(${sql.param(notOneUnit)})`;

/** Condition for enterprises that do not count as one: no operating units, and wholes beside their parts. */
const isUncounted = sql`(${isNoUnit}
  or exists (select from ${enterpriseGroups} where ${enterpriseGroups.groupId} = ${enterprises.id}))`;

/** Condition of lists for the enterprises that count. */
export const countsAsOneCondition = groupable(
  (isAsked: boolean) => (isAsked ? sql`not ${isUncounted}` : isUncounted),
  { values: sql`not ${isUncounted}` },
);

/**
 * Counts the enterprises for the Party coverage of all regions, once for each state of the register. The party subgraph reads the numbers.
 */
export const countedEnterprises = (context: Context) =>
  context
    .batch('counted enterprises', async (keys: readonly 'all'[]) => {
      const counted = await context.kept.get(context, 'counted enterprises', () => countAll(context));
      return keys.map(() => counted);
    })
    .load('all');

type Place = { readonly code: string | null; readonly synthetic: boolean };

async function countAll({ db }: Context) {
  const [all, uncounted] = await Promise.all([
    rowsOf<Place & { count: number }>(db, inEachRegion),
    rowsOf<Place & { id: string }>(db, uncountedOnes),
  ]);
  const of = (kind: boolean): CountedEnterprises => {
    const left = uncounted.filter(({ synthetic }) => synthetic === kind);
    const inRegion = Map.groupBy(left, ({ code }) => code);
    const counts = all
      .filter(({ synthetic }) => synthetic === kind)
      .map(({ code, count }) => [code, count - (inRegion.get(code)?.length ?? 0)] as const);
    return {
      counts: Object.fromEntries(counts.filter(([, count]) => count > 0)),
      uncounted: left.map(({ id }) => id),
    };
  };
  return { real: of(false), synthetic: of(true) };
}

const place = sql`${enterprises.regionCode} as code, ${enterprises.synthetic} as synthetic`;

const inEachRegion = sql`select ${place}, count(*)::int as count from ${enterprises}
  where ${enterprises.regionCode} is not null group by 1, 2 order by 1`;

/** Few of all enterprises: each part is found by an index. They are those of `isUncounted`. */
const uncountedOnes = sql`
  select ${place}, ${enterprises.id} as id from ${enterprises} where ${isNoUnit}
  union select ${place}, ${enterprises.id} from ${enterprises}
    where ${enterprises.id} in (select ${enterpriseGroups.groupId} from ${enterpriseGroups})
  order by id`;

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
