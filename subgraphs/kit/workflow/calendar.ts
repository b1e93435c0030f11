import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { gt } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../database.ts';

/** A table with the days that differ from Monday-to-Friday weeks. */
type CalendarTable = PgTable & { readonly day: AnyPgColumn; readonly isWorking: AnyPgColumn };

/** Returns the day this many working days after a day, by the agency's calendar. */
export async function dueAfter(
  db: Database,
  table: CalendarTable,
  day: string,
  workingDays: number,
): Promise<string> {
  const days = (await db
    .select({ day: table.day, isWorking: table.isWorking })
    .from(table)
    .where(gt(table.day, day))) as { readonly day: string; readonly isWorking: boolean }[];
  return addWorkingDays(day, workingDays, new Map(days.map((each) => [each.day, each.isWorking])));
}
