import { once } from 'node:events';
import { runCommand } from './program.ts';

const { env, argv, stdout: out, stderr: err } = process;

const exitCode = await runCommand(argv.slice(2), { env, out, err });
if (exitCode !== 0) {
  // A failed start leaves behind what would keep the process alive.
  if (out.writableNeedDrain) await once(out, 'drain');
  process.exit(exitCode);
}
