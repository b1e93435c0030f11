import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

// Through turbo, which remembers the outcome for as long as the files stay the same.
it.each(['typecheck', 'lint', 'check'])('"npm run %s" finds nothing', { timeout: 120_000 }, async (task) => {
  const turbo = promisify(execFile)(
    'turbo',
    ['run', task, '--output-logs=errors-only', '--log-prefix=none'],
    {
      cwd: root,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
    },
  );
  await turbo.catch(({ stdout }) => {
    throw new Error(stdout);
  });
});
