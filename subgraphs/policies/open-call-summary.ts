import type { Context } from '@wenshu/kit/context.ts';
import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { regionCondition } from '@wenshu/kit/filter.ts';
import { percent } from '@wenshu/kit/percent.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, eq, gte, lte, type SQL, sql } from 'drizzle-orm';
import { openCallClaims, openCallSteps, openCalls, regionClosure, shared } from './tables.ts';

const { publishedOn, publisherId, regionCode, stage } = openCalls;

type By = 'REGION' | 'PUBLISHER' | 'MONTH' | 'QUARTER' | 'YEAR';

export interface OpenCallSummaryArgs {
  region?: string | null;
  from?: string | null;
  to?: string | null;
  groupBy?: readonly By[] | null;
  synthetic?: boolean | null;
}

/** Figures of a group of open calls. */
export type OpenCallFigures = {
  readonly count: number;
  readonly published: number;
  readonly selected: number;
  readonly inProgress: number;
  readonly accepted: number;
  readonly failed: number;
  readonly lapsed: number;
  readonly claims: number;
  readonly medianDays: string | null;
  readonly rewarded: number;
};

/** The values by which a group is told from others; null for what it is not grouped by. */
type Group = {
  readonly regionCode: string | null;
  readonly publisherId: string | null;
  readonly period: string | null;
};

export type OpenCallSummaryRow = Group & { readonly figures: OpenCallFigures };
export type OpenCallSummary = {
  readonly regionCode: string | null;
  readonly total: OpenCallFigures;
  readonly groups: readonly OpenCallSummaryRow[];
  readonly synthetic: boolean;
};

const expressions: Readonly<Record<By, { readonly name: keyof Group; readonly value: SQL }>> = {
  REGION: { name: 'regionCode', value: sql`${regionCode}` },
  PUBLISHER: { name: 'publisherId', value: sql`${publisherId}` },
  MONTH: { name: 'period', value: sql`to_char(${publishedOn}, 'YYYY-MM')` },
  QUARTER: { name: 'period', value: sql`to_char(${publishedOn}, 'YYYY-"Q"Q')` },
  YEAR: { name: 'period', value: sql`to_char(${publishedOn}, 'YYYY')` },
};

/** Filter for look-ups only: a summary is in the region that it was asked for. */
const summaries = {
  type: 'OpenCallSummary',
  id: openCalls.id,
  filter: { region: regionCondition(regionCode, shared), synthetic: openCalls.synthetic },
};

type Row = Group & OpenCallFigures & { readonly isTotal: boolean };

/** Counts the calls published in a period, in groups and in all. */
export async function summariseOpenCalls(
  context: Context,
  args: OpenCallSummaryArgs,
): Promise<OpenCallSummary> {
  const { region, from, to } = args;
  const by = [...new Set(args.groupBy ?? [])].map((each) => expressions[each]);
  if (by.filter(({ name }) => name === 'period').length > 1) {
    throw badInput(
      'groupBy',
      '"groupBy" takes one of MONTH, QUARTER and YEAR.',
      '“groupBy”至多含 MONTH、QUARTER、YEAR 之一。',
    );
  }
  const synthetic = readsSynthetic(context, args.synthetic);
  const inRegion = sql`${regionCode} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${region})`;
  const where = and(
    eq(openCalls.synthetic, synthetic),
    region ? inRegion : undefined,
    from ? gte(publishedOn, from) : undefined,
    to ? lte(publishedOn, to) : undefined,
    shownOnly(context, summaries),
  );
  const rows = [...(await context.db.execute(statementFor(by, where)))] as Row[];
  const total = rows.find(({ isTotal }) => isTotal);
  if (!total) throw new Error('The summary of open calls has no total.');
  return {
    regionCode: region ?? null,
    total,
    groups: rows
      .filter(({ isTotal }) => !isTotal)
      .map((row) => ({
        regionCode: row.regionCode ?? region ?? null,
        publisherId: row.publisherId ?? null,
        period: row.period ?? null,
        figures: row,
      })),
    synthetic,
  };
}

const acceptedOn = sql`(
  select min(${openCallSteps.on}) from ${openCallSteps} where ${openCallSteps.objectId} = ${openCalls.id} and ${openCallSteps.stage} = 'ACCEPTED')`;
const claimCount = sql`(
  select count(*) from ${openCallClaims} where ${openCallClaims.openCallId} = ${openCalls.id} and ${openCallClaims.stage} <> 'WITHDRAWN')`;

function statementFor(
  by: readonly { readonly name: keyof Group; readonly value: SQL }[],
  where: SQL | undefined,
): SQL {
  const names = by.map(({ name }) => sql.identifier(name));
  const keys = by.map(({ name, value }) => sql`${value} as ${sql.identifier(name)}`);
  const sets = names.length > 0 ? [sql`(${sql.join(names, sql`, `)})`, sql`()`] : [sql`()`];
  const isTotal =
    names.length > 0 ? sql`grouping(${sql.join(names, sql`, `)}) = ${2 ** names.length - 1}` : sql`true`;
  const at = (name: string) => sql`(count(*) filter (where stage = ${name}))::int`;
  const columns = [sql`${stage} as stage`, sql`${claimCount} as claims`];
  return sql`
    select ${sql.join([...names, sql`${isTotal} as "isTotal"`], sql`, `)},
      count(*)::int as "count", ${at('PUBLISHED')} as "published", ${at('SELECTED')} as "selected",
      ${at('IN_PROGRESS')} as "inProgress", ${at('ACCEPTED')} as "accepted", ${at('FAILED')} as "failed",
      ${at('LAPSED')} as "lapsed", coalesce(sum(claims), 0)::int as "claims",
      case when count(days) >= ${fewestUnits} then
        (percentile_cont(0.5) within group (order by days))::numeric::text
      end as "medianDays",
      (count(*) filter (where is_rewarded))::int as "rewarded"
    from (
      select ${sql.join([...keys, ...columns], sql`, `)}, ${acceptedOn} - ${publishedOn} as days,
        ${openCalls.rewardPaidOn} is not null as is_rewarded
      from ${openCalls} where ${where}
    ) as calls
    group by grouping sets (${sql.join(sets, sql`, `)})
    order by ${sql.join([sql`"isTotal"`, ...names], sql`, `)}`;
}

export const openCallFigureFields = {
  claimsPerCall: ({ claims, count }: OpenCallFigures) => (count === 0 ? null : (claims / count).toFixed(2)),
  acceptanceRate: ({ accepted, failed }: OpenCallFigures) =>
    accepted + failed === 0 ? null : percent(accepted, accepted + failed, 'half up'),
};
