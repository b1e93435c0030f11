import { readFileSync } from 'node:fs';
import { statusOf } from '@wenshu/schema/errors.ts';
import { expect, it } from 'vitest';

it('every error code is documented with its HTTP status, and every documented code exists', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `([A-Z_]+)` *\| (\d+) *\|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  expect(Object.fromEntries(documented)).toEqual(statusOf);
  expect(documented.map(([code]) => code)).toEqual(Object.keys(statusOf));
});
