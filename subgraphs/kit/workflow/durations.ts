import { type Calendar, exceptionsOf } from '@wenshu/schema/working-days.ts';
import { type SQL, sql } from 'drizzle-orm';
import { today } from '../today.ts';
import type { Workflow } from './workflow.ts';

/** Returns the number of working days from one day to another by the calendar, both of them SQL expressions of dates. */
export function workingDaysBetween(from: SQL, to: SQL, calendar: Calendar): SQL {
  const { worked, free } = exceptionsOf(calendar);
  const among = (days: readonly string[]) =>
    sql`(select count(*) from unnest(${sql.param(days)}::text[]) as day where day::date > ${from} and day::date <= ${to})`;
  return sql`(${weekdaysThrough(to)} - ${weekdaysThrough(from)} + ${among(worked)} - ${among(free)})`;
}

/** Returns the number of days from Monday to Friday up to and including a day, counted from Monday, 1 January 1900. */
function weekdaysThrough(day: SQL): SQL {
  const days = sql`(${day} - date '1899-12-31')`;
  return sql`(5 * (${days} / 7) + least(${days} % 7, 5))`;
}

type Objects = Pick<Workflow, 'objects' | 'steps' | 'table'>;

/**
 * Returns the condition that a step of an object was taken after the day on which it was due, or that the object is
 * overdue today.
 */
export const isLate = ({ objects, steps, table: { closed } }: Objects): SQL => sql`(
  (${objects.stage} <> all(${sql.param([...closed])}::text[]) and coalesce(${objects.dueOn} < ${today()}::date, false))
  or exists (
    select 1 from (
      select ${steps.on} as taken, lag(${steps.dueOn}) over (order by ${steps.seq}) as due
      from ${steps} where ${steps.objectId} = ${objects.id} and ${steps.action} is not null
    ) as step where step.taken > step.due))`;

/** Returns the day of the first or the last step of an object with one of these actions; null if there is none. */
export const dayOf = (
  { objects, steps }: Objects,
  which: 'first' | 'last',
  actions: readonly string[],
): SQL =>
  sql`(select ${which === 'first' ? sql`min` : sql`max`}(${steps.on}) from ${steps}
    where ${steps.objectId} = ${objects.id} and ${steps.action} = any(${sql.param([...actions])}::text[]))`;
