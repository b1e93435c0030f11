import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { and, asc, eq } from 'drizzle-orm';
import type { ReportProgressInput } from '../schema-types.ts';
import {
  type ProjectLedgerRow,
  type projectLedgers,
  projectOwners,
  projectProblems,
  projectQuarters,
  projectReports,
  projectYearPlans,
} from '../tables.ts';
import { ledgerWorkflow } from './ledgers.ts';
import { isMonth, monthAfter, monthOf, reportDueOn, yearOf } from './months.ts';

type LedgerEffect = Effect<typeof projectLedgers>;
type Report = typeof projectReports.$inferSelect;

/** Reports the money of a month, or corrects a report. A problem is a step of its own, which the hub acts on. */
export function reportProgress(context: Context, input: ReportProgressInput): Promise<Carried> {
  const action = input.isCorrection
    ? ('CORRECT_PROGRESS' as const)
    : input.problem
      ? ('REPORT_PROBLEM' as const)
      : ('REPORT_PROGRESS' as const);
  return carryOut(context, ledgerWorkflow, { ...input, action, input }, async (row, _transition, db) => {
    const problems = new Problems(context);
    const noteZh = input.isCorrection
      ? problems.text('noteZh', input.noteZh)
      : problems.optionalText('noteZh', input.noteZh);
    const reports = await reportsOf(db, row.id);
    const isReportable = await checkMonth(db, problems, row, input);
    if (isReportable) checkAmount(problems, reports, input);
    const problem = input.isCorrection
      ? refusedProblem(problems, input)
      : await problemOf(db, problems, row, input);
    problems.throwIfAny();
    return effectOf(row, input, reports, noteZh, problem);
  });
}

const reportsOf = (db: Database, ledgerId: string): Promise<Report[]> =>
  db
    .select()
    .from(projectReports)
    .where(eq(projectReports.ledgerId, ledgerId))
    .orderBy(asc(projectReports.month));

function effectOf(
  { id, version }: ProjectLedgerRow,
  { month, completedInvestment }: ReportProgressInput,
  reports: readonly Report[],
  noteZh: string | null,
  problem: Omit<typeof projectProblems.$inferInsert, 'ledgerId' | 'step'> | undefined,
): LedgerEffect {
  const before = reports.find((each) => each.month === month);
  const latest = [...reports.map((each) => each.month), month].toSorted().at(-1) ?? month;
  const row = { ledgerId: id, month, completedInvestment, noteZh, reportedOn: before?.reportedOn ?? today() };
  return {
    noteZh,
    dueOn: reportDueOn(monthAfter(latest)),
    details: {
      month,
      completedInvestment,
      ...(before && { before: before.completedInvestment }),
      ...(problem && { problem: problem.kind }),
    },
    also: async (db) => {
      const { ledgerId, month: ofMonth } = projectReports;
      await db
        .insert(projectReports)
        .values(row)
        .onConflictDoUpdate({ target: [ledgerId, ofMonth], set: { completedInvestment, noteZh } });
      // The first step has number 0 and version 1, and each step adds one to both.
      if (problem) await db.insert(projectProblems).values({ ...problem, ledgerId: id, step: version });
    },
  };
}

/** Notes what is wrong with the month. Returns whether it can be reported or corrected. */
async function checkMonth(
  db: Database,
  problems: Problems,
  { id, reportsFrom }: ProjectLedgerRow,
  { month }: ReportProgressInput,
): Promise<boolean> {
  if (!isMonth(month)) {
    problems.add('month', 'DATE', '月份须写作 2026-03。', 'Write the month like 2026-03.');
    return false;
  }
  if (month >= monthOf(today()) || month < reportsFrom) {
    problems.add(
      'month',
      'DATE',
      `可报 ${reportsFrom} 起已结束的月份。`,
      `Months from ${reportsFrom} that are over can be reported.`,
    );
    return false;
  }
  const [plan] = await db
    .select()
    .from(projectYearPlans)
    .where(and(eq(projectYearPlans.ledgerId, id), eq(projectYearPlans.year, yearOf(month))));
  if (!plan) {
    problems.add('month', 'MISSING', '该年没有年度计划。', 'There is no plan for this year.');
  }
  const quarter = quarterOf(month);
  const [published] = await db
    .select()
    .from(projectQuarters)
    .where(and(eq(projectQuarters.ledgerId, id), eq(projectQuarters.quarter, quarter)));
  if (published) {
    problems.add(
      'month',
      'DATE',
      `${quarter} 已通报,不再改动。`,
      `${quarter} is published and stays as it is.`,
    );
  }
  return plan !== undefined && published === undefined;
}

const quarterOf = (month: string): string => `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;

/** A new report lies between those of the months before and after it; a correction may be lower. */
function checkAmount(
  problems: Problems,
  reports: readonly Report[],
  { month, completedInvestment, isCorrection }: ReportProgressInput,
): void {
  const amount = Number(completedInvestment);
  const ofYear = reports.filter((each) => yearOf(each.month) === yearOf(month));
  const isReported = ofYear.some((each) => each.month === month);
  if (isReported !== Boolean(isCorrection)) {
    problems.add(
      'month',
      'UNKNOWN',
      isReported ? '该月已报,请以更正办理。' : '该月未报,无可更正。',
      isReported
        ? 'This month is reported. Correct it.'
        : 'This month is not reported, so nothing is corrected.',
    );
    return;
  }
  if (amount < 0) {
    problems.add('completedInvestment', 'UNKNOWN', '不得为负。', 'It must not be negative.');
  }
  if (isCorrection) return;
  const least = ofYear.findLast((each) => each.month < month)?.completedInvestment;
  const most = ofYear.find((each) => each.month > month)?.completedInvestment;
  if (least !== undefined && amount < Number(least)) {
    problems.add(
      'completedInvestment',
      'UNKNOWN',
      `累计数不得少于上次所报 ${least} 元;确有误报的,请更正该月。`,
      `It must not be less than ${least} yuan, which was reported before. Correct that month if it was wrong.`,
    );
  }
  if (most !== undefined && amount > Number(most)) {
    problems.add(
      'completedInvestment',
      'UNKNOWN',
      `累计数不得多于其后月份所报 ${most} 元。`,
      `It must not be more than ${most} yuan, which was reported for a later month.`,
    );
  }
}

function refusedProblem(problems: Problems, { problem }: ReportProgressInput): undefined {
  if (problem) {
    problems.add('problem', 'UNKNOWN', '更正不附问题。', 'A correction reports no problem.');
  }
}

/** Returns the problem of a report, about the enterprise that is named or that owns the project. */
async function problemOf(
  db: Database,
  problems: Problems,
  { projectId }: ProjectLedgerRow,
  { problem }: ReportProgressInput,
) {
  if (!problem) return undefined;
  const { kind } = problem;
  const titleZh = problems.text('problem.titleZh', problem.titleZh);
  const textZh = problems.text('problem.textZh', problem.textZh);
  const enterpriseId = problem.enterpriseId ?? (await owningEnterprise(db, projectId));
  if (enterpriseId === undefined) {
    problems.add(
      'problem.enterpriseId',
      'MISSING',
      '项目没有业主企业,须写明诉求企业。',
      'No enterprise owns the project. Name the one that the problem is about.',
    );
  }
  return { kind, titleZh, textZh, enterpriseId: enterpriseId ?? '', raisedOn: today() };
}

async function owningEnterprise(db: Database, project: string): Promise<string | undefined> {
  const { projectId, ownerType, ownerId, role, seq } = projectOwners;
  const [owner] = await db
    .select({ id: ownerId })
    .from(projectOwners)
    .where(and(eq(projectId, project), eq(ownerType, 'Enterprise'), eq(role, 'OWNER')))
    .orderBy(asc(seq))
    .limit(1);
  return owner?.id;
}
