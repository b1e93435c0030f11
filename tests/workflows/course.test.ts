import { courseOf } from '@wenshu/kit/workflow/course.ts';
import { serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import { addWorkingDays, standardCalendar } from '@wenshu/schema/working-days.ts';
import { expect, it } from 'vitest';

const after = (day: string, workingDays: number) => addWorkingDays(day, workingDays, standardCalendar);
const course = (...acts: Parameters<typeof courseOf<string, string>>[1]) =>
  courseOf<string, string>(serviceRequestTable, acts, after);

it('walks the table: each step has the stage and the due day that the table gives it', () => {
  const { steps, ...object } = course(
    { action: 'SUBMIT', on: '2025-03-03' },
    { action: 'ASSIGN', on: '2025-03-04', agencyId: 'org-a' },
    { action: 'REQUEST_CO_HANDLING', on: '2025-03-05', agencyId: 'org-a' },
    { action: 'RESOLVE', on: '2025-03-10', agencyId: 'org-a', noteZh: '已答复。' },
  );
  expect(steps.map(({ seq, stage, on, dueOn }) => [seq, stage, on, dueOn])).toEqual([
    [0, 'COLLECTED', '2025-03-03', '2025-03-05'],
    [1, 'ASSIGNED', '2025-03-04', '2025-03-18'],
    // An action without days of its own leaves the due day.
    [2, 'CO_HANDLING', '2025-03-05', '2025-03-18'],
    [3, 'RESOLVED', '2025-03-10', '2025-03-17'],
  ]);
  expect(object).toEqual({ stage: 'RESOLVED', version: 4, dueOn: '2025-03-17', closedOn: null });
});

it('takes a due day that was chosen, and ends with the day on which nothing is left to do', () => {
  const later = course(
    { action: 'SUBMIT', on: '2025-03-03' },
    { action: 'ASSIGN', on: '2025-03-04', dueOn: '2025-04-30' },
  );
  expect(later.dueOn).toBe('2025-04-30');
  const declined = course({ action: 'SUBMIT', on: '2025-03-03' }, { action: 'DECLINE', on: '2025-03-04' });
  expect(declined).toMatchObject({ stage: 'DECLINED', dueOn: null, closedOn: '2025-03-04' });
});

it('refuses a course that the table does not allow', () => {
  expect(() => course({ action: 'ASSIGN', on: '2025-03-03' })).toThrow(
    'ServiceRequest.ASSIGN is not possible at first.',
  );
  expect(() =>
    course({ action: 'SUBMIT', on: '2025-03-03' }, { action: 'RESOLVE', on: '2025-03-04' }),
  ).toThrow('ServiceRequest.RESOLVE is not possible in COLLECTED.');
});
