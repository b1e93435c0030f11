import { readFileSync } from 'node:fs';

/** Days that differ from Monday-to-Friday weeks: true for a working day. */
export type Calendar = ReadonlyMap<string, boolean>;

/** A holiday, or a day that is worked in its stead (调休). */
export type CalendarDay = { readonly day: string; readonly isWorking: boolean };

export const calendarOf = (days: readonly CalendarDay[]): Calendar =>
  new Map(days.map(({ day, isWorking }) => [day, isWorking]));

/** The calendar of 2025 and 2026, as the General Office of the State Council announced it (国办发明电〔2024〕12号, 〔2025〕7号). */
export const standardCalendar: Calendar = calendarOf(
  JSON.parse(readFileSync(new URL('working-days.json', import.meta.url), 'utf8')),
);

/** Returns the date `count` working days (工作日) after a day, which is not counted itself. */
export function addWorkingDays(day: string, count: number, calendar: Calendar): string {
  const date = new Date(`${day}T00:00:00Z`);
  for (let left = count; left > 0; ) {
    date.setUTCDate(date.getUTCDate() + 1);
    if (isWorkingDay(date, calendar)) left--;
  }
  return textOf(date);
}

/** Returns the last date after which `count` working days have come by a day, that day included. */
export function workingDaysBefore(day: string, count: number, calendar: Calendar): string {
  const date = new Date(`${day}T00:00:00Z`);
  for (let left = count; left > 0; date.setUTCDate(date.getUTCDate() - 1)) {
    if (isWorkingDay(date, calendar)) left--;
  }
  return textOf(date);
}

/** Returns the days that a calendar adds to Monday-to-Friday weeks, and those that it takes from them. */
export function exceptionsOf(calendar: Calendar): { readonly worked: string[]; readonly free: string[] } {
  const found = { worked: [] as string[], free: [] as string[] };
  for (const [day, isWorking] of calendar) {
    if (isWorking !== isWeekday(new Date(`${day}T00:00:00Z`))) found[isWorking ? 'worked' : 'free'].push(day);
  }
  return found;
}

const isWorkingDay = (date: Date, calendar: Calendar) => calendar.get(textOf(date)) ?? isWeekday(date);

const isWeekday = (date: Date) => date.getUTCDay() > 0 && date.getUTCDay() < 6;

const textOf = (date: Date) => date.toISOString().slice(0, 10);
