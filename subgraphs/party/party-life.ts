import type { Context } from '@wenshu/kit/context.ts';
import { regionCondition } from '@wenshu/kit/filter.ts';
import { percent } from '@wenshu/kit/percent.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { rowsOf } from '@wenshu/kit/statement.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { dayOf, today } from '@wenshu/kit/today.ts';
import { termSql } from '@wenshu/kit/workflow/terms.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import {
  agencyTables,
  brandPlans,
  brandSteps,
  coverageStatements,
  coverageSteps,
  meetingRules,
  partyActivities,
  partyBrands,
  partyUnits,
  regionClosure,
  shared,
} from './tables.ts';
import { activityTable } from './workflows/activity-table.ts';

export type MeetingRuleRow = typeof meetingRules.$inferSelect;

/** Returns the days after the end of a period until which a meeting of it may be recorded, by the region of the unit. */
const graceDays = (context: Pick<Context, 'deadlines'>): SQL =>
  termSql(
    { table: activityTable, agency: agencyTables },
    context,
    'grace',
    partyUnits.regionCode,
    (days) => sql`${days}::integer`,
  );

type LastMeeting = {
  readonly key: string;
  readonly meeting: string;
  readonly lastHeldOn: string | null;
  /** The first meeting of any kind that the organisation recorded. */
  readonly firstOn: string;
  readonly graceDays: number;
};

/** Returns the last meeting of a rule's kind that the organisation recorded; undefined if it recorded none of any kind. */
export async function lastMeetingOf(
  context: Context,
  { unitId, kind }: Pick<MeetingRuleRow, 'unitId' | 'kind'>,
): Promise<LastMeeting | undefined> {
  const all = await context
    .batch<string, readonly LastMeeting[]>('last meetings of units', async (unitIds, db) => {
      const { on, stage } = partyActivities;
      const rows = await rowsOf<LastMeeting>(
        db,
        sql`select ${meetingRules.unitId} as key, ${meetingRules.kind} as meeting,
            (max(${on}) filter (where ${partyActivities.meeting} = ${meetingRules.kind}))::text as "lastHeldOn", min(${on})::text as "firstOn",
            min((select ${graceDays(context)} from ${partyUnits} where ${partyUnits.id} = ${meetingRules.unitId})) as "graceDays"
          from ${meetingRules} join ${partyActivities} on ${partyActivities.unitId} = ${meetingRules.unitId} and ${stage} = 'RECORDED'
          where ${meetingRules.unitId} = any(${sql.param(unitIds)}::text[]) group by 1, 2`,
      );
      const ofUnit = Map.groupBy(rows, ({ key }) => key);
      return unitIds.map((id) => ofUnit.get(id) ?? []);
    })
    .load(unitId);
  return all.find(({ meeting }) => meeting === kind);
}

/** Returns whether a meeting was not held in the last period that ended before the days of grace; null if that is unknown. */
export function isOverdue(
  { frequency }: Pick<MeetingRuleRow, 'frequency'>,
  last: LastMeeting | undefined,
): boolean | null {
  const months = frequency === null ? undefined : monthsOf[frequency];
  if (months === undefined || !last) return null;
  const { start, end } = lastPeriod(months, today(), last.graceDays);
  if (last.lastHeldOn !== null && last.lastHeldOn >= start) return false;
  return last.firstOn <= end ? true : null;
}

const monthsOf: Readonly<Record<string, number>> = { MONTHLY: 1, QUARTERLY: 3 };

/** Returns the last period of so many months that ended more than some days of grace before a day. */
function lastPeriod(
  months: number,
  day: string,
  grace: number,
): { readonly start: string; readonly end: string } {
  const before = dayOf(Date.parse(day) - (grace + 1) * 86_400_000 - 8 * 3_600_000);
  const [year = 0, month = 1] = before.split('-').map(Number);
  // The first day after the last whole period that ended on or before that day.
  const next = new Date(Date.UTC(year, month - 1, 1));
  const isEnd = lastDayBefore(new Date(Date.UTC(year, month, 1))) === before;
  if (isEnd) next.setUTCMonth(next.getUTCMonth() + 1);
  next.setUTCMonth(Math.floor(next.getUTCMonth() / months) * months);
  const start = new Date(next);
  start.setUTCMonth(start.getUTCMonth() - months);
  return { start: textOf(start), end: lastDayBefore(next) };
}

const textOf = (date: Date) => date.toISOString().slice(0, 10);
const lastDayBefore = (date: Date) => textOf(new Date(date.getTime() - 86_400_000));

type Args = {
  readonly region?: string | null;
  readonly year: number;
  readonly quarter?: number | null;
  readonly month?: number | null;
  readonly synthetic?: boolean | null;
};

type MeetingFigures = {
  readonly kind: string | null;
  readonly due: number;
  readonly held: number;
  readonly overdue: number;
  readonly unknown: number;
  readonly heldRate: string | null;
};

type CoverageFigures = {
  readonly established: number;
  readonly dissolved: number;
  readonly checks: number;
  readonly checksOnTime: number;
  readonly overdue: number;
};

type BrandFigures = {
  readonly planned: number | null;
  readonly nominated: number;
  readonly cultivated: number;
  readonly awarded: number;
};

export type BuildingSummary = {
  readonly regionCode: string | null;
  readonly from: string;
  readonly to: string;
  readonly meetings: readonly MeetingFigures[];
  readonly coverage: CoverageFigures;
  readonly brands: BrandFigures;
  readonly synthetic: boolean;
};

/** Filter for look-ups only: a summary is in the region that it was asked for. */
const summaries = {
  type: 'PartyBuildingSummary',
  id: partyUnits.id,
  filter: { region: regionCondition(partyUnits.regionCode, shared), synthetic: partyUnits.synthetic },
};

/** Counts meetings, coverage and brands of a year, a quarter or a month. */
export async function summariseBuilding(context: Context, args: Args): Promise<BuildingSummary> {
  const { from, to } = periodOf(args);
  const synthetic = readsSynthetic(context, args.synthetic);
  const { region = null, year } = args;
  const period: Period = { from, to, region, synthetic };
  const [meetings, coverage, brands] = await Promise.all([
    meetingFigures(context, period),
    coverageFigures(context, period),
    brandFigures(context, period, year),
  ]);
  return { regionCode: region, from, to, meetings, coverage, brands, synthetic };
}

function periodOf({ year, quarter, month }: Args): { readonly from: string; readonly to: string } {
  if (quarter != null && month != null)
    throw badInput('month', 'Give a quarter or a month, not both.', '季度与月份只能给其一。');
  if (quarter != null && (quarter < 1 || quarter > 4))
    throw badInput('quarter', '"quarter" must be from 1 to 4.', 'quarter 须为 1 至 4。');
  if (month != null && (month < 1 || month > 12))
    throw badInput('month', '"month" must be from 1 to 12.', 'month 须为 1 至 12。');
  if (year < 2_000 || year > 2_100)
    throw badInput('year', '"year" must be from 2000 to 2100.', 'year 须为 2000 至 2100。');
  const first = quarter != null ? (quarter - 1) * 3 : month != null ? month - 1 : 0;
  const months = quarter != null ? 3 : month != null ? 1 : 12;
  return {
    from: textOf(new Date(Date.UTC(year, first, 1))),
    to: lastDayBefore(new Date(Date.UTC(year, first + months, 1))),
  };
}

type Period = {
  readonly from: string;
  readonly to: string;
  readonly region: string | null;
  readonly synthetic: boolean;
};

const within = (code: SQL, region: string | null): SQL =>
  region === null
    ? sql`true`
    : sql`${code} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${region})`;

type CountedMeetings = Omit<MeetingFigures, 'heldRate'>;

/** Counts the meetings that were due in periods within the time that ended before the days of grace, with a total. */
async function meetingFigures(
  { db, ...context }: Context,
  { from, to, region, synthetic }: Period,
): Promise<readonly MeetingFigures[]> {
  const rows = await db.execute<CountedMeetings>(sql`
    with due as (
      select ${meetingRules.unitId} as unit_id, ${meetingRules.kind} as kind, start::date as start,
        (start + months - interval '1 day')::date as "end",
        (select min(${partyActivities.on}) from ${partyActivities}
          where ${partyActivities.unitId} = ${meetingRules.unitId} and ${partyActivities.stage} = 'RECORDED') as first_on
      from ${meetingRules} join ${partyUnits} on ${partyUnits.id} = ${meetingRules.unitId}
        cross join lateral (select case ${meetingRules.frequency} when 'MONTHLY' then interval '1 month' when 'QUARTERLY' then interval '3 months' end as months) as every
        cross join lateral generate_series(date_trunc(case when months = interval '1 month' then 'month' else 'quarter' end, ${from}::date::timestamp), ${to}::date, months) as start
      where ${meetingRules.frequency} is not null and ${and(eq(partyUnits.synthetic, synthetic), within(sql`${partyUnits.regionCode}`, region), shownOnly(context, summaries))}
        and start >= ${from}::date and start + months - interval '1 day' + ${graceDays(context)} * interval '1 day' < ${today()}::date
        and start + months - interval '1 day' <= ${to}::date
    ), judged as (
      select kind, exists (select 1 from ${partyActivities} where ${partyActivities.unitId} = due.unit_id and ${partyActivities.meeting} = due.kind
          and ${partyActivities.stage} = 'RECORDED' and ${partyActivities.on} between due.start and due."end") as is_held,
        coalesce(first_on <= "end", false) as is_known
      from due
    )
    select kind, count(*)::int as due, (count(*) filter (where is_held))::int as held,
      (count(*) filter (where not is_held and is_known))::int as overdue,
      (count(*) filter (where not is_held and not is_known))::int as unknown
    from judged group by grouping sets ((kind), ()) order by kind nulls last`);
  const figures = [...rows].map((row) => ({
    ...row,
    heldRate: row.held + row.overdue === 0 ? null : percent(row.held, row.held + row.overdue, 'half up'),
  }));
  return figures.length === 1 ? [] : figures;
}

async function coverageFigures(
  { db }: Context,
  { from, to, region, synthetic }: Period,
): Promise<CoverageFigures> {
  const isOfKind = and(
    eq(coverageStatements.synthetic, synthetic),
    within(sql`${coverageStatements.regionCode}`, region),
  );
  const isChecked = sql`${coverageSteps.action} = 'CHECK'`;
  const [row] = await db.execute<CoverageFigures>(sql`
    select (count(*) filter (where ${coverageSteps.action} = 'ESTABLISH'))::int as established,
      (count(*) filter (where ${coverageSteps.action} = 'DISSOLVE'))::int as dissolved,
      (count(*) filter (where ${isChecked}))::int as checks,
      (count(*) filter (where ${isChecked} and ${coverageSteps.on} <= (${coverageSteps.details}->>'wasDueOn')::date))::int as "checksOnTime",
      (select count(*) from ${coverageStatements} where ${isOfKind} and ${coverageStatements.dueOn} < ${today()}::date)::int as overdue
    from ${coverageSteps} join ${coverageStatements} on ${coverageStatements.id} = ${coverageSteps.objectId}
    where ${coverageSteps.on} between ${from}::date and ${to}::date and ${isOfKind}`);
  return row ?? { established: 0, dissolved: 0, checks: 0, checksOnTime: 0, overdue: 0 };
}

async function brandFigures(
  { db }: Context,
  { from, to, region, synthetic }: Period,
  year: number,
): Promise<BrandFigures> {
  const taken = (action: string) => sql`(count(*) filter (where ${brandSteps.action} = ${action}))::int`;
  const [row] = await db.execute<BrandFigures>(sql`
    select (select sum(${brandPlans.planned})::int from ${brandPlans}
        where ${brandPlans.year} = ${year} and ${brandPlans.synthetic} = ${synthetic} and ${within(sql`${brandPlans.regionCode}`, region)}) as planned,
      ${taken('NOMINATE')} as nominated, ${taken('CULTIVATE')} as cultivated, ${taken('AWARD')} as awarded
    from ${brandSteps} join ${partyBrands} on ${partyBrands.id} = ${brandSteps.objectId}
    where ${brandSteps.on} between ${from}::date and ${to}::date and ${partyBrands.synthetic} = ${synthetic}
      and ${within(sql`${partyBrands.regionCode}`, region)}`);
  return row ?? { planned: null, nominated: 0, cultivated: 0, awarded: 0 };
}
