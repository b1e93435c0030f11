import { type Calendar, exceptionsOf } from '@wenshu/schema/working-days.ts';
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/** Returns the SQL of the number of working days after one day, up to and including another. */
export function workingDaysBetween(from: SQLWrapper, to: SQLWrapper, calendar: Calendar): SQL {
  const { worked, free } = exceptionsOf(calendar);
  const among = (days: readonly string[]) =>
    sql`(select count(*) from unnest(${sql.param(days)}::text[]) as day where day::date > ${from} and day::date <= ${to})`;
  return sql`(${weekdaysThrough(to)} - ${weekdaysThrough(from)} + ${among(worked)} - ${among(free)})`;
}

/** Returns the number of days from Monday to Friday up to and including a day, counted from Monday, 1 January 1900. */
function weekdaysThrough(day: SQLWrapper): SQL {
  const days = sql`(${day} - date '1899-12-31')`;
  return sql`(5 * (${days} / 7) + least(${days} % 7, 5))`;
}
