import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../support/ask-often.ts', import.meta.url));
// As `wenshu` has it.
const flags = ['--expose-gc', '--no-allocation-site-pretenuring'];

test('what a request makes is gone with it, without a full collection', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script]);
  const bytesEach = stdout.trim().split('\n').map(Number);
  expect(bytesEach).toHaveLength(3);
  // Code that is compiled meanwhile adds to a round, but not to each.
  expect(Math.min(...bytesEach)).toBeLessThan(1_000);
});
