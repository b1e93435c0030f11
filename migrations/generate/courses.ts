import type { AfterWorkingDays } from '@wenshu/kit/workflow/course.ts';
import { afterWorkingDays, dateOf, dayNumber } from './days.ts';

/** Working days of synthetic cities: Monday to Friday. */
export const workingDaysAfter: AfterWorkingDays = (day, workingDays) =>
  dateOf(afterWorkingDays(dayNumber(day), workingDays));
