import type { Context } from '@wenshu/kit/context.ts';
import { regionCondition } from '@wenshu/kit/filter.ts';
import { percent } from '@wenshu/kit/percent.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { today } from '@wenshu/kit/today.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import {
  projectLedgerSteps,
  projectLedgers,
  projectReports,
  projectYearPlans,
  regionClosure,
  shared,
} from './tables.ts';
import { completedBy, isBehindAfter } from './workflows/behind.ts';
import { lastDueMonth, monthAfter, reportDueOn } from './workflows/months.ts';

const { id, regionCode, responsibleId, reportsFrom, stage, reachedOn } = projectLedgers;

type By = 'REGION' | 'RESPONSIBLE';

export interface LedgerSummaryArgs {
  year: number;
  quarter?: number | null;
  month?: number | null;
  region?: string | null;
  groupBy?: readonly By[] | null;
  synthetic?: boolean | null;
}

/** Figures of a group of ledgers. */
export type ProjectFigures = {
  readonly count: number;
  readonly behind: number;
  readonly plannedInvestment: string;
  readonly completedInvestment: string;
  readonly plannedPercent: string;
  readonly reportsDue: number;
  readonly reportsOnTime: number;
  readonly reportsLate: number;
  readonly reminders: number;
  readonly notices: number;
  readonly disciplineProposals: number;
};

type Group = { readonly regionCode: string | null; readonly responsibleId: string | null };

export type ProjectLedgerSummaryRow = Group & { readonly figures: ProjectFigures };
export type ProjectLedgerSummary = {
  readonly regionCode: string | null;
  readonly months: readonly string[];
  readonly total: ProjectFigures;
  readonly groups: readonly ProjectLedgerSummaryRow[];
  readonly synthetic: boolean;
};

const expressions: Readonly<Record<By, { readonly name: keyof Group; readonly value: SQL }>> = {
  REGION: { name: 'regionCode', value: sql`${regionCode}` },
  RESPONSIBLE: { name: 'responsibleId', value: sql`${responsibleId}` },
};

/** Filter for look-ups only: a summary is in the region that it was asked for. */
const summaries = {
  type: 'ProjectLedgerSummary',
  id,
  filter: { region: regionCondition(regionCode, shared), synthetic: projectLedgers.synthetic },
};

type Row = Group & ProjectFigures & { readonly isTotal: boolean };

/** Adds up the progress of the ledgers that have a plan for a year, in groups and in all. */
export async function summariseLedgers(
  context: Context,
  args: LedgerSummaryArgs,
): Promise<ProjectLedgerSummary> {
  const { region } = args;
  const { first, last, end } = periodOf(args);
  const by = [...new Set(args.groupBy ?? [])].map((each) => expressions[each]);
  const synthetic = readsSynthetic(context, args.synthetic);
  const inRegion = sql`${regionCode} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${region})`;
  const where = and(
    eq(projectLedgers.synthetic, synthetic),
    region ? inRegion : undefined,
    shownOnly(context, summaries),
  );
  const rows = [...(await context.db.execute(statementFor(by, where, { first, last, end })))] as Row[];
  const plannedPercent = percent(Number(last.slice(5)), 12, 'half up');
  const figuresOf = (row: Row): ProjectFigures => ({ ...row, plannedPercent });
  const total = rows.find(({ isTotal }) => isTotal);
  if (!total) throw new Error('The summary of ledgers has no total.');
  return {
    regionCode: region ?? null,
    months: [first, last],
    total: figuresOf(total),
    groups: rows
      .filter(({ isTotal }) => !isTotal)
      .map((row) => ({
        regionCode: row.regionCode ?? region ?? null,
        responsibleId: row.responsibleId ?? null,
        figures: figuresOf(row),
      })),
    synthetic,
  };
}

type Period = { readonly first: string; readonly last: string; readonly end: string };

/** Returns the months of a period. The last one that counts is the last whose report was due. */
function periodOf({ year, quarter, month }: LedgerSummaryArgs): Period {
  if (quarter != null && month != null) {
    throw badInput('month', 'Give "quarter" or "month", not both.', '“quarter”与“month”只给其一。');
  }
  const wrong = (name: string, most: number) =>
    badInput(name, `"${name}" must be from 1 to ${most}.`, `“${name}”须为 1 至 ${most}。`);
  if (quarter != null && (quarter < 1 || quarter > 4)) throw wrong('quarter', 4);
  if (month != null && (month < 1 || month > 12)) throw wrong('month', 12);
  if (year < 2000 || year > 2100) {
    throw badInput('year', '"year" must be from 2000 to 2100.', '“year”须为 2000 至 2100。');
  }
  const from = month ?? (quarter ? quarter * 3 - 2 : 1);
  const count = month ? 1 : quarter ? 3 : 12;
  const first = `${year}-${String(from).padStart(2, '0')}`;
  const end = monthAfter(first, count - 1);
  const due = lastDueMonth(today());
  if (first > due) {
    throw badInput(
      'year',
      `No report of this period was due yet: the last month is ${due}.`,
      `该期尚无报期已过的月份:最近为 ${due}。`,
    );
  }
  return { first, last: [end, due].toSorted()[0] ?? end, end };
}

/** Counts the monthly reports of a ledger that were due for a period: all, on time, and late. */
const reportsIn = ({ first, last }: Period): SQL => {
  const months: string[] = [];
  for (let month = first; month <= last; month = monthAfter(month)) months.push(month);
  const due = months.map(reportDueOn);
  return sql`lateral (
    select count(*)::int as due,
      (count(*) filter (where report.reported_on <= given.due_on::date))::int as on_time,
      (count(*) filter (where report.reported_on > given.due_on::date))::int as late
    from unnest(${sql.param(months)}::text[], ${sql.param(due)}::text[]) as given(month, due_on)
    left join ${projectReports} as report on report.ledger_id = ${id} and report.month = given.month
    where given.month >= ${reportsFrom}
      and (${stage} <> 'COMPLETED' or given.month < to_char(${reachedOn}, 'YYYY-MM'))
  ) as reports`;
};

const stepsIn = ({ first, end }: Period): SQL => {
  const taken = (action: string) =>
    sql`(count(*) filter (where ${projectLedgerSteps.action} = ${action}))::int`;
  return sql`lateral (
    select ${taken('REMIND')} as reminders, ${taken('NOTICE')} as notices, ${taken('PROPOSE_DISCIPLINE')} as proposals
    from ${projectLedgerSteps} where ${projectLedgerSteps.objectId} = ${id}
      and to_char(${projectLedgerSteps.on}, 'YYYY-MM') between ${first} and ${end}
  ) as steps`;
};

function statementFor(
  by: readonly { readonly name: keyof Group; readonly value: SQL }[],
  where: SQL | undefined,
  period: Period,
): SQL {
  const { last } = period;
  const names = by.map(({ name }) => sql.identifier(name));
  const keys = by.map(({ name, value }) => sql`${value} as ${sql.identifier(name)}`);
  const sets = names.length > 0 ? [sql`(${sql.join(names, sql`, `)})`, sql`()`] : [sql`()`];
  const isTotal =
    names.length > 0 ? sql`grouping(${sql.join(names, sql`, `)}) = ${2 ** names.length - 1}` : sql`true`;
  const sum = (name: string) => sql`coalesce(sum(${sql.identifier(name)}), 0)::int`;
  const columns = [
    sql`${stage} <> 'COMPLETED' and ${isBehindAfter(last)} as is_behind`,
    sql`${projectYearPlans.plannedInvestment} as planned`,
    sql`${completedBy(last)} as completed`,
    sql`reports.*, steps.*`,
  ];
  return sql`
    select ${sql.join([...names, sql`${isTotal} as "isTotal"`], sql`, `)},
      count(*)::int as "count", (count(*) filter (where is_behind))::int as "behind",
      coalesce(sum(planned), 0)::text as "plannedInvestment", coalesce(sum(completed), 0)::text as "completedInvestment",
      ${sum('due')} as "reportsDue", ${sum('on_time')} as "reportsOnTime", ${sum('late')} as "reportsLate",
      ${sum('reminders')} as "reminders", ${sum('notices')} as "notices", ${sum('proposals')} as "disciplineProposals"
    from (
      select ${sql.join([...keys, ...columns], sql`, `)}
      from ${projectLedgers} join ${projectYearPlans} on ${projectYearPlans.ledgerId} = ${id}
        and ${projectYearPlans.year} = ${Number(last.slice(0, 4))}
      cross join ${reportsIn(period)} cross join ${stepsIn(period)}
      where ${where}
    ) as ledgers
    group by grouping sets (${sql.join(sets, sql`, `)})
    order by ${sql.join([sql`"isTotal"`, ...names], sql`, `)}`;
}

/** Returns money in percent of planned money, with two decimals; null if nothing is planned. */
export const percentOfPlan = (completed: string, planned: string): string | null =>
  Number(planned) === 0 ? null : ((Number(completed) / Number(planned)) * 100).toFixed(2);

const rate = (part: number, whole: number) => (whole === 0 ? null : percent(part, whole, 'half up'));

export const projectFigureFields = {
  behindRate: ({ behind, count }: ProjectFigures) => rate(behind, count),
  completedPercent: ({ completedInvestment, plannedInvestment }: ProjectFigures) =>
    percentOfPlan(completedInvestment, plannedInvestment),
  reportsMissing: ({ reportsDue, reportsOnTime, reportsLate }: ProjectFigures) =>
    reportsDue - reportsOnTime - reportsLate,
  onTimeRate: ({ reportsOnTime, reportsDue }: ProjectFigures) => rate(reportsOnTime, reportsDue),
};
