import { ledgerRules } from './ledger-rules.ts';

/** Returns the month that is this many months after another, such as 2026-01 one after 2025-12. */
export function monthAfter(month: string, count = 1): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}

export const monthOf = (day: string): string => day.slice(0, 7);
export const yearOf = (month: string): number => Number(month.slice(0, 4));

/** Returns the last day on which a month is reported in time. */
export const reportDueOn = (month: string): string =>
  `${monthAfter(month)}-${String(ledgerRules.reportDay).padStart(2, '0')}`;

/** Returns the latest month whose report was due before a day. */
export function lastDueMonth(day: string): string {
  const before = monthAfter(monthOf(day), -1);
  return reportDueOn(before) < day ? before : monthAfter(before, -1);
}

/** Returns the months of a quarter such as 2026-Q1; undefined if it is none. */
export function monthsOfQuarter(quarter: string): readonly string[] | undefined {
  const [, year, nth] = /^(\d{4})-Q([1-4])$/.exec(quarter) ?? [];
  if (!year || !nth) return undefined;
  const first = `${year}-${String(Number(nth) * 3 - 2).padStart(2, '0')}`;
  return [first, monthAfter(first), monthAfter(first, 2)];
}

export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
