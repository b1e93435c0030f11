import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addWorkingDays, readCalendar } from '@wenshu/schema/working-days.ts';
import { expect, it } from 'vitest';
import { createDataFolder } from '../support/data-folder.ts';

/** Some days of 2026 as they were announced: the holiday of October, and a Saturday worked in its stead. */
const october = [
  ...['01', '02', '03', '04', '05', '06', '07'].map((day) => ({
    day: `2026-10-${day}`,
    isWorking: false,
    nameZh: '国庆节',
  })),
  { day: '2026-10-10', isWorking: true },
];

it('counts from the day after, Monday to Friday', () => {
  expect(addWorkingDays('2026-11-20', 1, new Map())).toBe('2026-11-23');
  expect(addWorkingDays('2026-11-22', 10, new Map())).toBe('2026-12-04');
});

it('leaves out holidays, and counts days worked in their stead', async () => {
  await using folder = await createDataFolder();
  const file = join(folder.path, 'calendar.json');
  await writeFile(file, JSON.stringify(october));
  const calendar = await readCalendar(file);
  expect(addWorkingDays('2026-09-30', 1, calendar)).toBe('2026-10-08');
  expect(addWorkingDays('2026-10-08', 2, calendar)).toBe('2026-10-10');
});

it.each([
  ['{}', 'must be a list like [{"day": "2026-10-01", "isWorking": false}]'],
  ['no JSON', 'must be a list like'],
  ['[{"day": "2026-02-30", "isWorking": false}]', '→ at [0].day'],
])('says what is wrong with the calendar %s', async (text, problem) => {
  await using folder = await createDataFolder();
  const file = join(folder.path, 'calendar.json');
  await writeFile(file, text);
  await expect(readCalendar(file)).rejects.toThrow(problem);
});

it('says that a calendar is not there', async () => {
  await expect(readCalendar('/nowhere/calendar.json')).rejects.toThrow(
    'The calendar /nowhere/calendar.json cannot be read (ENOENT).',
  );
});
