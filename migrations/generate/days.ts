const msPerDay = 86_400_000;
const origin = Date.UTC(1980, 0, 1);

/** The "today" of every synthetic city: the day after its last full year. */
export const today = dayNumber('2025-12-31');

const words = Array.from({ length: dayNumber('2040-01-01') }, (_, i) =>
  new Date(origin + i * msPerDay).toISOString().slice(0, 10),
);

/** Returns the number of days since 1980-01-01. */
export function dayNumber(date: string): number {
  return (Date.parse(date) - origin) / msPerDay;
}

/** Formats a day for Postgres. */
export function dateOf(day: number): string {
  const date = words[day];
  if (!date) throw new RangeError(`No day has the number ${day}.`);
  return date;
}

export const yearOf = (day: number): number => Number(dateOf(day).slice(0, 4));

/** Returns the day that is this many working days (Monday to Friday) later. */
export function afterWorkingDays(day: number, workingDays: number): number {
  const weekday = (day + 1) % 7; // 1980-01-01 was a Tuesday; 0 is Monday.
  const start = Math.min(weekday, 4);
  const steps = start + workingDays;
  return day - weekday + Math.floor(steps / 5) * 7 + (steps % 5);
}

/** The same for days as Postgres writes them, for the courses of workflows. */
export const dayAfterWorkingDays = (day: string, workingDays: number): string =>
  dateOf(afterWorkingDays(dayNumber(day), workingDays));
