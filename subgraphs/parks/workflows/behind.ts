import { today } from '@wenshu/kit/today.ts';
import { type SQL, sql } from 'drizzle-orm';
import { projectLedgers, projectMilestones, projectReports, projectYearPlans } from '../tables.ts';
import { ledgerRules } from './ledger-rules.ts';
import { lastDueMonth, yearOf } from './months.ts';

const { id, stage, reportsFrom } = projectLedgers;

/** Returns the money that was reported in a month's year until that month; 0 if nothing was. */
export const completedBy = (month: string): SQL => sql`coalesce((
  select ${projectReports.completedInvestment} from ${projectReports}
  where ${projectReports.ledgerId} = ${id} and ${projectReports.month} between ${`${yearOf(month)}-01`} and ${month}
  order by ${projectReports.month} desc limit 1), 0)`;

/** Returns the part of the year that has passed with a month, in percent. */
const shareOf = (month: string): number => (Number(month.slice(5)) / 12) * 100;

const missesMilestone = (day: string): SQL => sql`exists (
  select 1 from ${projectMilestones} where ${projectMilestones.ledgerId} = ${id}
    and ${projectMilestones.dueOn} < ${day}::date
    and (${projectMilestones.reachedOn} is null or ${projectMilestones.reachedOn} > ${day}::date))`;

const lacksMoney = (month: string): SQL => sql`(${reportsFrom} <= ${month} and exists (
  select 1 from ${projectYearPlans} where ${projectYearPlans.ledgerId} = ${id} and ${projectYearPlans.year} = ${yearOf(month)}
    and ${completedBy(month)} * 100 / ${projectYearPlans.plannedInvestment} < ${shareOf(month) - ledgerRules.behindPoints}::numeric))`;

/**
 * Returns the condition that a project is behind its plan on a day: a milestone passed without its stage, or the money
 * of the last month whose report was due falls short of the plan's share.
 */
export const isBehindOn = (day: string): SQL =>
  sql`(${stage} <> 'COMPLETED' and (${missesMilestone(day)} or ${lacksMoney(lastDueMonth(day))}))`;

export const isBehindNow = (): SQL => isBehindOn(today());

/** Returns the condition for the end of a month, after its own report. */
export const isBehindAfter = (month: string): SQL =>
  sql`(${missesMilestone(lastDayOf(month))} or ${lacksMoney(month)})`;

export const lastDayOf = (month: string): string =>
  new Date(Date.UTC(yearOf(month), Number(month.slice(5)), 0)).toISOString().slice(0, 10);
