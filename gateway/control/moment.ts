import { dayOf } from '@wenshu/kit/today.ts';

/** Converts a timestamp to milliseconds since 1970. Postgres writes `2024-07-21 08:00:00.5+00`. */
export const momentOf = (text: string): number =>
  Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));

/** Returns the end of a day in Beijing. */
export const endOfDay = (day: string): string => {
  const next = dayOf(Date.parse(`${day}T24:00:00+08:00`));
  return `${next}T00:00:00+08:00`;
};
