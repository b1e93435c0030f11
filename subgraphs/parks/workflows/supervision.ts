import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { IssueNoticeInput, PublishQuarterInput } from '../schema-types.ts';
import {
  type ProjectLedgerRow,
  projectLedgers,
  projectQuarters,
  projectReports,
  projectYearPlans,
} from '../tables.ts';
import { completedBy, isBehindAfter } from './behind.ts';
import { ledgerWorkflow } from './ledgers.ts';
import { monthOf, monthsOfQuarter, yearOf } from './months.ts';

/** Publishes a quarter of a ledger: what it says then stays so, and is open. */
export function publishQuarter(context: Context, input: PublishQuarterInput): Promise<Carried> {
  const { quarter } = input;
  const request = { ...input, action: 'PUBLISH_QUARTER' as const, input };
  return carryOut(context, ledgerWorkflow, request, async (row, _transition, db) => {
    const problems = new Problems(context);
    const noteZh = problems.optionalText('noteZh', input.noteZh);
    const state = await stateOf(db, problems, row, quarter);
    problems.throwIfAny();
    return {
      noteZh,
      details: { quarter, ...state },
      also: async (tx) => {
        if (state) {
          const { id: ledgerId, reached } = row;
          await tx
            .insert(projectQuarters)
            .values({ ledgerId, quarter, publishedOn: today(), reached, ...state });
        }
      },
    };
  });
}

type QuarterState = Pick<
  typeof projectQuarters.$inferSelect,
  'plannedInvestment' | 'completedInvestment' | 'isBehind'
>;

/** Returns what a quarter of a ledger says; undefined, with its problems, if it cannot be published. */
async function stateOf(
  db: Database,
  problems: Problems,
  row: ProjectLedgerRow,
  quarter: string,
): Promise<QuarterState | undefined> {
  const months = monthsOfQuarter(quarter);
  const last = months?.at(-1);
  if (!months || !last || last >= monthOf(today())) {
    problems.add(
      'quarter',
      'DATE',
      '须为已结束的季度,写作 2026-Q1。',
      'Give a quarter that is over, like 2026-Q1.',
    );
    return undefined;
  }
  await checkReports(db, problems, row, months);
  const [published] = await db
    .select()
    .from(projectQuarters)
    .where(and(eq(projectQuarters.ledgerId, row.id), eq(projectQuarters.quarter, quarter)));
  if (published) {
    problems.add('quarter', 'UNKNOWN', '该季度已通报。', 'This quarter is published already.');
  }
  return readState(db, problems, row.id, last);
}

async function checkReports(
  db: Database,
  problems: Problems,
  { id, stage, reportsFrom, reachedOn }: ProjectLedgerRow,
  months: readonly string[],
): Promise<void> {
  const until = stage === 'COMPLETED' && reachedOn !== null ? monthOf(reachedOn) : '9999-12';
  const due = months.filter((month) => month >= reportsFrom && month < until);
  const reported = await db
    .select({ month: projectReports.month })
    .from(projectReports)
    .where(and(eq(projectReports.ledgerId, id), inArray(projectReports.month, [...months])));
  const missing = due.filter((month) => !reported.some((each) => each.month === month));
  if (missing.length > 0) {
    problems.add(
      'quarter',
      'MISSING',
      `未报月份:${missing.join('、')}。`,
      `These months are not reported: ${missing.join(', ')}.`,
    );
  }
}

async function readState(
  db: Database,
  problems: Problems,
  id: string,
  month: string,
): Promise<QuarterState | undefined> {
  const [state] = await db
    .select({
      plannedInvestment: projectYearPlans.plannedInvestment,
      completedInvestment: sql<string>`${completedBy(month)}`,
      isBehind: sql<boolean>`${isBehindAfter(month)}`,
    })
    .from(projectLedgers)
    .innerJoin(
      projectYearPlans,
      and(eq(projectYearPlans.ledgerId, projectLedgers.id), eq(projectYearPlans.year, yearOf(month))),
    )
    .where(eq(projectLedgers.id, id));
  if (!state) problems.add('quarter', 'MISSING', '该年没有年度计划。', 'There is no plan for this year.');
  return state;
}

const actionOf = {
  REMIND: 'REMIND',
  NOTICE: 'NOTICE',
  DISCIPLINE_PROPOSED: 'PROPOSE_DISCIPLINE',
} as const;

/** Presses the agency in charge of a project that is behind, one level more than before. */
export function issueNotice(context: Context, input: IssueNoticeInput): Promise<Carried> {
  const request = { ...input, action: actionOf[input.level], input };
  return carryOut(context, ledgerWorkflow, request, ({ responsibleId }) => {
    const problems = new Problems(context);
    const noteZh = problems.text('noteZh', input.noteZh);
    problems.throwIfAny();
    return { noteZh, details: { level: input.level, agency: responsibleId } };
  });
}
