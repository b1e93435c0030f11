import { readableLog } from '@wenshu/gateway/process/console-log.ts';
import { expect, test } from 'vitest';

function readable(level: Parameters<typeof readableLog>[0]) {
  const texts: string[] = [];
  return { texts, log: readableLog(level, (text) => texts.push(text)) };
}

test('a line for people has its time, its level, its message and its details', () => {
  const { log, texts } = readable('info');
  log.info({ requestId: 'r1', status: 200, calls: { parks: 1 } }, 'request');
  expect(texts).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d info {2}request requestId=r1 status=200 calls=\{"parks":1\}\n$/),
  ]);
});

test('a cause is indented, so that no line of it passes for a message', () => {
  const { log, texts } = readable('info');
  const cause = new Error('a\n12:00:00 info  request status=200');
  cause.stack = `Error: ${cause.message}`;
  log.error({ cause }, 'Failed.');
  expect(texts[0]?.split('\n').slice(1)).toEqual(['  Error: a', '  12:00:00 info  request status=200', '']);
});

test.each(['a\nb', 'a\rb', 'a\u001b[2Jb', 'a\u2028b', 'a\u202eb'])(
  '%j can neither end a line nor colour it',
  (text) => {
    const { log, texts } = readable('info');
    log.info({ text }, text);
    expect(texts[0]).toMatch(/^\d\d:\d\d:\d\d info {2}a\uFFFD(\[2J)?b text=a\uFFFD(\[2J)?b\n$/);
  },
);

test('what is below the level is not written', () => {
  const { log, texts } = readable('warn');
  log.info({}, 'small');
  log.warn({}, 'large');
  expect(texts).toEqual([expect.stringContaining('warn  large')]);
});
