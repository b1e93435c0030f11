import type { Context } from '@wenshu/kit/context.ts';
import { columnCondition } from '@wenshu/kit/filter.ts';
import type { Condition } from '@wenshu/kit/list.ts';
import type { Line } from '@wenshu/kit/suppression.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { type Mass, type Reason, suppressedTotals } from './disclosure.ts';
import { enterprises, regionClosure, regions, statisticalReturns } from './tables.ts';

/** Reported totals of a region and a division of culture industries for a month. */
export interface ReturnsSummary {
  regionCode: string;
  cultureDomainCode: string | null;
  periodStart: string;
  periodEnd: string;
  enterpriseCount: number | null;
  revenue: string | null;
  tax: string | null;
  staff: number | null;
  isSuppressed: boolean;
  reason: Reason | null;
  synthetic: boolean;
}

/** A group of published returns with its sums. */
interface Sum {
  period: string;
  region: string;
  parent: string | null;
  domain: string | null;
  /** True for the sum over all divisions, units without a division included. */
  isAllDomains: boolean;
  /** True for units in the region itself, not in a region below it. */
  isDirect: boolean;
  units: number;
  revenue: string;
  tax: string;
  staff: number;
  /** Sums and largest parts of the absolute revenue, tax and staff, in hundredths. */
  wholes: string[];
  largest: string[];
}

/** Published returns of one month: every region by every division, and the suppressed cells. */
interface MonthTable {
  sums: Map<string, Sum>;
  reasons: Map<string, Reason>;
}

const cell = (region: string, domain: string) => `${region} ${domain}`;
const allDomains = 'all';
const isDomain = /^0[1-9]$/;

/** Returns the summary; null if no return of the month is published there. */
export async function returnsSummary(
  context: Context,
  regionCode: string,
  month: string,
  cultureDomainCode: string | null,
  synthetic: boolean,
): Promise<ReturnsSummary | null> {
  if (cultureDomainCode !== null && !isDomain.test(cultureDomainCode)) return null;
  const { sums, reasons } = await monthTable(context, month, synthetic);
  const key = cell(regionCode, cultureDomainCode ?? allDomains);
  const sum = sums.get(key);
  if (!sum) return null;
  const reason = reasons.get(key) ?? null;
  return {
    regionCode,
    cultureDomainCode,
    periodStart: month,
    periodEnd: lastDayOf(month),
    enterpriseCount: reason ? null : sum.units,
    revenue: reason ? null : sum.revenue,
    tax: reason ? null : sum.tax,
    staff: reason ? null : sum.staff,
    isSuppressed: reason !== null,
    reason,
    synthetic,
  };
}

/**
 * Condition on the revenue that enterprises reported for the latest year with any published return: the sum of the last published revision
 * of each month. To filter by it discloses it, which the Statistics Law reserves to the statisticians.
 */
export const revenueCondition: Condition = (
  { isNull: isNone, ...bounds }: Record<string, unknown>,
  path: string,
) => {
  if (isNone == null && Object.values(bounds).every((value) => value == null)) return sql`true`;
  const years = sql`select distinct on (${statisticalReturns.enterpriseId}, ${statisticalReturns.period})
      ${statisticalReturns.enterpriseId} as unit, ${statisticalReturns.revenue} as revenue,
      date_trunc('year', ${statisticalReturns.period}) as year,
      max(date_trunc('year', ${statisticalReturns.period})) over (partition by ${statisticalReturns.enterpriseId}) as latest
    from ${statisticalReturns} where ${statisticalReturns.status} = 'PUBLISHED'
    order by ${statisticalReturns.enterpriseId}, ${statisticalReturns.period}, ${statisticalReturns.revision} desc`;
  const units = sql`select unit from (${years}) as returned where year = latest group by unit`;
  const met = columnCondition(sql`sum(revenue)`, bounds, path);
  const known = sql`${enterprises.id} in (${units} having ${met})`;
  return isNone ? sql`not ${known}` : known;
};

/** Returns the first day of a month. Refuses an invalid month. */
export function monthOf(year: number, month: number): string {
  refuseOutside('month', month, 1, 12);
  refuseOutside('year', year, 1949, 9999);
  return `${year}-${String(month).padStart(2, '0')}-01`;
}

function refuseOutside(name: string, value: number, from: number, to: number): void {
  if (value >= from && value <= to) return;
  throw badInput(
    name,
    `"${name}" must be from ${from} to ${to}, not ${value}.`,
    `“${name}”须为 ${from} 至 ${to},不能是 ${value}。`,
  );
}

const lastDayOf = (month: string) => {
  const day = new Date(`${month}T00:00:00Z`);
  day.setUTCMonth(day.getUTCMonth() + 1, 0);
  return day.toISOString().slice(0, 10);
};

const monthTable = (context: Context, month: string, synthetic: boolean): Promise<MonthTable> =>
  context
    .batch<string, MonthTable>(`${synthetic ? 'synthetic' : 'real'} returns of month`, async (months) => {
      const rows = (await context.db.execute(sumsOf(months, synthetic))) as unknown as Sum[];
      const byMonth = Map.groupBy(rows, (row) => row.period);
      return months.map((each) => tableOf(byMonth.get(each) ?? []));
    })
    .load(month);

/**
 * Returns the SQL for all sums of whole months, because whether a cell may be shown depends on its neighbours in every line. Only the
 * latest published revision of a unit's return counts.
 */
function sumsOf(months: readonly string[], synthetic: boolean): SQL {
  const { period, enterpriseId, revision, status } = statisticalReturns;
  const figures = [sql`revenue`, sql`tax`, sql`staff`];
  const hundredths = (aggregate: string) =>
    sql.join(
      figures.map((figure) => sql`trunc(${sql.raw(aggregate)}(abs(${figure}))::numeric * 100)::text`),
      sql`, `,
    );
  return sql`
    with latest as (
      select distinct on (${period}, ${enterpriseId}) ${statisticalReturns}.*
      from ${statisticalReturns}
      where ${eq(status, 'PUBLISHED')} and ${statisticalReturns.synthetic} = ${sql.raw(String(synthetic))}
        and ${period} = any(${sql.param(months)}::text[]::date[])
      order by ${period}, ${enterpriseId}, ${revision} desc
    ), placed as (
      select latest.*, ${regionClosure.ancestor} as region, ${regions.parentCode} as parent,
        ${named(statisticalReturns.cultureDomainCode)} as domain,
        ${regionClosure.ancestor} = ${named(statisticalReturns.regionCode)} as is_direct
      from latest
      join ${regionClosure} on ${regionClosure.code} = ${named(statisticalReturns.regionCode)}
      join ${regions} on ${regions.code} = ${regionClosure.ancestor}
    )
    select period::text as "period", region, parent, domain,
      grouping(domain) = 1 as "isAllDomains", grouping(is_direct) = 0 as "isDirect",
      count(*)::int as "units", trim_scale(sum(revenue))::text as "revenue", trim_scale(sum(tax))::text as "tax",
      sum(staff)::int as "staff",
      array[${hundredths('sum')}] as "wholes", array[${hundredths('max')}] as "largest"
    from placed
    group by period, region, parent, grouping sets ((), (domain), (is_direct), (domain, is_direct))
    having grouping(is_direct) = 1 or is_direct`;
}

const named = (column: PgColumn) => sql`latest.${sql.identifier(column.name)}`;

/**
 * Builds the complete table. Units without a division form one more division, and units in no lower region form one more region below.
 * Callers cannot ask for these cells, but could compute them by subtraction.
 */
function tableOf(rows: readonly Sum[]): MonthTable {
  const sums = new Map(rows.filter(({ isDirect }) => !isDirect).map((sum) => [cellOf(sum), sum]));
  const direct = rows
    .filter((sum) => sum.isDirect && sum.units < (sums.get(cellOf(sum))?.units ?? 0))
    .map((sum) => ({ ...sum, region: `${sum.region}*`, parent: sum.region }));
  const cells = [...sums.values(), ...direct];
  const below = Map.groupBy(cells, (sum) => cell(sum.parent ?? '', domainOf(sum)));
  const divisions = Map.groupBy(
    cells.filter(({ isAllDomains }) => !isAllDomains),
    ({ region }) => cell(region, allDomains),
  );
  const lines = cells
    .map(cellOf)
    .flatMap((total) => [below.get(total), divisions.get(total)].map((parts) => lineOf(total, parts)));
  return {
    sums,
    reasons: suppressedTotals(new Map(cells.map((sum) => [cellOf(sum), massOf(sum)])), lines, canBeAsked),
  };
}

/** Callers cannot ask for the units in a region itself or without a division. */
const canBeAsked = (key: string) => !key.includes('*') && !key.endsWith(` ${noDomain}`);

const noDomain = 'none';
const domainOf = ({ isAllDomains, domain }: Sum) => (isAllDomains ? allDomains : (domain ?? noDomain));
const cellOf = (sum: Sum) => cell(sum.region, domainOf(sum));
const lineOf = (total: string, parts: readonly Sum[] = []): Line => ({ total, parts: parts.map(cellOf) });
const massOf = ({ units, wholes, largest }: Sum): Mass => ({
  units,
  figures: wholes.map((whole, i) => ({ whole: BigInt(whole), largest: BigInt(largest[i] ?? 0) })),
});
