import { type Progress, showProgress } from '@wenshu/gateway/cli/progress.ts';
import { expect, onTestFinished, test, vi } from 'vitest';

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

const limit = { seconds: 40, for: 'the rate limit' };

test('a wait is reported at once, and counts as time of the work', () => {
  expect(
    shown(
      false,
      [0, { done: 0, total: 10_000 }],
      [20, { done: 1_000, total: 10_000, waits: limit }],
      [62, { done: 1_100, total: 10_000 }],
    ),
  ).toBe(
    [
      // A minute for 1,000 of them, hence nine minutes after this one.
      '10 %  1,000 of 10,000 rows, waits 40 s for the rate limit, about 9 min 40 s left\n',
      '11 %  1,100 of 10,000 rows, 18/s, about 8 min 22 s left\n',
      'Done.\n',
    ].join(''),
  );
});

test('a wait is counted down on a terminal, until it is over or something is reported', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const lines: string[] = [];
  const terminal = { isTTY: true, write: (text: string) => lines.push(text.replace('\r\x1b[2K', '')) };
  const progress = showProgress('rows', terminal);
  const waits = (seconds: number) => ({ done: 500, waits: { ...limit, seconds } });

  progress.report(waits(2));
  vi.advanceTimersByTime(5_000);
  progress.report(waits(30));
  vi.advanceTimersByTime(1_050);
  progress.report({ done: 1_000 });
  vi.advanceTimersByTime(5_000);
  progress.report(waits(30));
  progress.end();
  vi.advanceTimersByTime(5_000);
  expect(lines).toEqual([
    '500 rows, waits 2 s for the rate limit',
    '500 rows, waits 1 s for the rate limit',
    '500 rows, 0/s',
    '500 rows, waits 30 s for the rate limit',
    '500 rows, waits 29 s for the rate limit',
    '1,000 rows, 83/s',
    '500 rows, waits 30 s for the rate limit',
    '',
  ]);
});
