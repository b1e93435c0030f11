import { readFile } from 'node:fs/promises';
import { type Calendar, calendarOf, standardCalendar } from '@wenshu/schema/working-days.ts';
import { z } from 'zod';

const calendarDays = z.array(
  z.strictObject({ day: z.iso.date(), isWorking: z.boolean(), nameZh: z.string().optional() }),
);

/**
 * Reads holidays and make-up working days (调休), as the State Council announces them each autumn, from a JSON file:
 * `[{"day": "2026-10-01", "isWorking": false, "nameZh": "国庆节"}, …]`. Without a file, it is the calendar that comes with the hub.
 */
export async function readCalendar(file: string | undefined): Promise<Calendar> {
  if (!file) return standardCalendar;
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Error(`The calendar ${file} cannot be read (${error.code}).`);
  });
  const parsed = calendarDays.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new Error(
      `The calendar ${file} must be a list like [{"day": "2026-10-01", "isWorking": false}]: ${z.prettifyError(parsed.error)}`,
    );
  }
  return calendarOf(parsed.data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
