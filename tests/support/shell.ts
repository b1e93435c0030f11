import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

interface ShellOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The time that a script may take, below the time of its test: then the test says what it waited for. */
  readonly timeoutMs?: number;
}

/** Runs a script in bash. Rejects with what it printed when it fails or takes too long. */
export async function runScript(
  script: string,
  { cwd, env, timeoutMs = 45_000 }: ShellOptions,
): Promise<Printed> {
  // A group of its own, so that the programs which the script started end with it.
  const shell = spawn('bash', ['-eo', 'pipefail', '-c', script], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    shell[name].setEncoding('utf8').on('data', (chunk) => (printed[name] += chunk));
  }
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (shell.pid) process.kill(-shell.pid, 'SIGKILL');
  }, timeoutMs);
  const [code] = await once(shell, 'close').finally(() => clearTimeout(timer));
  if (code === 0) return printed;
  const end = isLate ? `did not end within ${timeoutMs} ms` : `ended with ${code}`;
  throw new Error(`The script ${end}.\n${script}\n\nstdout:\n${printed.stdout}\nstderr:\n${printed.stderr}`);
}
