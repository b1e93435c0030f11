import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** Days that differ from Monday-to-Friday weeks: true for a working day. */
export type Calendar = ReadonlyMap<string, boolean>;

const calendarDays = z.array(
  z.strictObject({ day: z.iso.date(), isWorking: z.boolean(), nameZh: z.string().optional() }),
);

/**
 * Reads holidays and make-up working days (调休), as the State Council announces them each autumn, from a JSON file:
 * `[{"day": "2026-10-01", "isWorking": false, "nameZh": "国庆节"}, …]`. Returns an empty calendar without a file.
 */
export async function readCalendar(file: string | undefined): Promise<Calendar> {
  if (!file) return new Map();
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Error(`The calendar ${file} cannot be read (${error.code}).`);
  });
  const parsed = calendarDays.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new Error(
      `The calendar ${file} must be a list like [{"day": "2026-10-01", "isWorking": false}]: ${z.prettifyError(parsed.error)}`,
    );
  }
  return new Map(parsed.data.map(({ day, isWorking }) => [day, isWorking]));
}

/** Returns the date `count` working days (工作日) after a day, which is not counted itself. */
export function addWorkingDays(day: string, count: number, calendar: Calendar): string {
  const date = new Date(`${day}T00:00:00Z`);
  for (let left = count; left > 0; ) {
    date.setUTCDate(date.getUTCDate() + 1);
    if (isWorkingDay(date, calendar)) left--;
  }
  return textOf(date);
}

const isWorkingDay = (date: Date, calendar: Calendar) =>
  calendar.get(textOf(date)) ?? (date.getUTCDay() > 0 && date.getUTCDay() < 6);

const textOf = (date: Date) => date.toISOString().slice(0, 10);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
