import { readFileSync } from 'node:fs';
import { statusOf } from '@wenshu/schema/errors.ts';
import { inChinese } from '@wenshu/schema/messages-zh.ts';
import { expect, it, test } from 'vitest';

test.each(['errors.md', 'errors.zh.md'])(
  '%s documents every error code with its HTTP status, and no other code',
  (file) => {
    const page = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| `([A-Z_]+)` *\| (\d+) *\|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(Object.fromEntries(documented)).toEqual(statusOf);
    expect(documented.map(([code]) => code)).toEqual(Object.keys(statusOf));
  },
);

test.each(Object.keys(statusOf))('an error %s without a Chinese message gets one from its code', (code) => {
  expect(inChinese('No name.', { code })).toMatch(/^\p{Script=Han}[^()]+。\(No name\.\)$/u);
});

it('names a code that the hub does not know, and keeps the message', () => {
  expect(inChinese('Out of tea.', { code: 'NO_TEA' })).toBe('发生错误 NO_TEA。(Out of tea.)');
});
