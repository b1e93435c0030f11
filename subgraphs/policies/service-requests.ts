import type { Context } from '@wenshu/kit/context.ts';
import { regionCondition } from '@wenshu/kit/filter.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { today } from '@wenshu/kit/today.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, eq, gte, lte, notInArray, type SQL, sql } from 'drizzle-orm';
import { calendarDays, regionClosure, serviceRequests, shared } from './tables.ts';
import { closedStages } from './workflows/service-request-table.ts';

const { stage, dueOn, submittedOn, closedOn, isReopened, regionCode, kind } = serviceRequests;

/** Returns true for an open request that was due before today; null while it is open without a due day. */
export function isOverdue(request: { stage: string; dueOn: string | null }): boolean | null {
  if (closedStages.some((closed) => closed === request.stage)) return false;
  return request.dueOn === null ? null : request.dueOn < today();
}

const isOpen = notInArray(stage, [...closedStages]);

export const overdueSql = (): SQL => sql`(${isOpen} and ${dueOn} < ${today()}::date)`;

export interface SummaryArgs {
  region?: string | null;
  from?: string | null;
  to?: string | null;
  synthetic?: boolean | null;
}

/** Filter for look-ups only: a summary is in the region of its requests. */
const summaries = {
  type: 'ServiceRequestSummary',
  id: serviceRequests.id,
  filter: { region: regionCondition(regionCode, shared), synthetic: serviceRequests.synthetic },
};

/** Counts the requests submitted in a period, by region and kind. */
export async function summariseRequests(context: Context, { region, from, to, ...asked }: SummaryArgs) {
  if (from && to && from > to) {
    throw badInput('to', `"to" must not be before "from": no day is from ${from} to ${to}.`);
  }
  const synthetic = readsSynthetic(context, asked.synthetic);
  const isClosed = sql`${stage} = 'STRUCK_OFF'`;
  const workingDays = sql`${workingDaysThrough(closedOn)} - ${workingDaysThrough(submittedOn)} + ${workedInstead}`;
  const inRegion = sql`${regionCode} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${region})`;
  return context.db
    .select({
      regionCode,
      kind,
      count: sql<number>`count(*)::int`,
      closed: sql<number>`(count(*) filter (where ${isClosed}))::int`,
      closureRate: sql<string>`round(100.0 * count(*) filter (where ${isClosed}) / count(*), 2)`,
      medianWorkingDays: sql<
        string | null
      >`(percentile_cont(0.5) within group (order by ${workingDays}) filter (where ${isClosed}))::numeric`,
      overdue: sql<number>`(count(*) filter (where ${overdueSql()}))::int`,
      reopened: sql<number>`(count(*) filter (where ${isReopened}))::int`,
      synthetic: sql<boolean>`${synthetic}::boolean`,
    })
    .from(serviceRequests)
    .where(
      and(
        eq(serviceRequests.synthetic, synthetic),
        region ? inRegion : undefined,
        from ? gte(submittedOn, from) : undefined,
        to ? lte(submittedOn, to) : undefined,
        shownOnly(context, summaries),
      ),
    )
    .groupBy(regionCode, kind)
    .orderBy(regionCode, kind);
}

/** Returns the number of days from Monday to Friday up to and including a day, counted from Monday, 1 January 1900. */
function workingDaysThrough(day: typeof closedOn | typeof submittedOn): SQL {
  const days = sql`(${day} - date '1899-12-31')`;
  return sql`(5 * (${days} / 7) + least(${days} % 7, 5))`;
}

/** Number of further working days of a request by the calendar, beyond Monday to Friday; negative for holidays. */
const workedInstead = sql`(
  select count(*) filter (where ${calendarDays.isWorking} and extract(isodow from ${calendarDays.day}) > 5)
    - count(*) filter (where not ${calendarDays.isWorking} and extract(isodow from ${calendarDays.day}) < 6)
  from ${calendarDays} where ${calendarDays.day} > ${submittedOn} and ${calendarDays.day} <= ${closedOn}
)`;

/** Summary of the requests of a region and a kind. */
export type RequestSummary = Awaited<ReturnType<typeof summariseRequests>>[number];
