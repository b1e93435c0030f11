import { type Progress, showProgress } from '@wenshu/gateway/cli/progress.ts';
import { expect, test } from 'vitest';

/** What is written when these are reported, each at its second. */
function shown(isTTY: boolean, ...reports: readonly (readonly [second: number, Progress])[]): string {
  let second = 0;
  let written = '';
  const terminal = { isTTY, columns: 80, write: (text: string) => (written += text) };
  const progress = showProgress('rows', terminal, () => second * 1_000);
  for (const [at, report] of reports) {
    second = at;
    progress.report(report);
  }
  progress.say('Done.');
  return written;
}

test('says how far work is, how quick, and how long it takes yet; what was there before counts for neither', () => {
  expect(
    shown(
      false,
      [1, { done: 4_000, total: 10_000 }],
      [11, { done: 5_000, total: 10_000 }],
      [12, { done: 5_100, total: 10_000 }],
    ),
  ).toBe('50 %  5,000 of 10,000 rows, 100/s, about 50 s left\nDone.\n');
  expect(shown(false, [0, { done: 0 }], [60, { done: 120 }])).toBe('120 rows, 2/s\nDone.\n');
});

test('is one line that changes on a terminal, and is gone at the end', () => {
  const clear = '\r\x1b[2K';
  expect(
    shown(
      true,
      [0, { done: 0, fraction: 0, doing: 'parks: reading' }],
      [100, { done: 1_000, fraction: 0.25, doing: 'parks: writing' }],
    ),
  ).toBe(
    [
      `${clear}0 %  0 rows  parks: reading`,
      `${clear}25 %  1,000 rows, 10/s, about 5 min 0 s left  parks: writing`,
      `${clear}Done.\n`,
    ].join(''),
  );
});
