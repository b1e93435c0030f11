import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@wenshu/gateway/cli/program.ts';
import { poll } from './poll.ts';

const script = fileURLToPath(new URL('../../gateway/cli/wenshu.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** `npx wenshu ...` as a process of its own; it is gone when the test is. */
export interface Cli extends AsyncDisposable {
  readonly pid: number;
  /** What was printed so far. */
  readonly output: string;
  /** The first match in what was printed, awaited. */
  printed(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<Ended>;
  readonly ended: Promise<Ended>;
}

export function runCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Cli {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close').then(([code]): Ended => ({ code, output: output.trim() }));

  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    get output() {
      return output;
    },
    printed: (pattern) =>
      poll(() => {
        const found = output.match(pattern)?.[0];
        if (!found && child.exitCode !== null) throw new Error(`wenshu ${args.join(' ')} ended:\n${output}`);
        return found;
      }),
    kill,
    ended,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await kill('SIGTERM');
    },
  };
}

/** `npx wenshu ...` in this process, for a command that ends by itself: a process takes a quarter of a second to start. */
export async function runCommandHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  let output = '';
  const terminal = () =>
    new Writable({
      write(chunk, _encoding, done) {
        output += chunk;
        done();
      },
    });
  const code = await runCommand(args, { env: { PORT: '0', ...env }, out: terminal(), err: terminal() });
  return { code, output: output.trim() };
}
