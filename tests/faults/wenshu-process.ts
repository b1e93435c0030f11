import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atExit } from '../support/clean-up.ts';

const script = fileURLToPath(new URL('../../gateway/cli/wenshu.mjs', import.meta.url));
const startTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;
/** Of what a process printed, only the end is kept: under faults a gateway logs much. */
const outputKept = 64 * 1024;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `npx wenshu ...` as a process of its own; it is gone when whoever started it is. */
export interface WenshuProcess extends AsyncDisposable {
  readonly pid: number;
  /** Where it answers, without a path. */
  readonly origin: string;
  /** The end of what it printed. */
  readonly output: () => string;
  /** Sends a signal that does not end it, such as SIGSTOP. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it, as the only way of ending that is no crash. */
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

/** Told of a process that ended although nobody meant it to. */
export type OnCrash = (what: string) => void;

export async function startWenshu(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onCrash: OnCrash,
): Promise<WenshuProcess> {
  const child = spawn(process.execPath, [script, ...args], {
    // Nothing of the caller's settings: no DATABASE_URL, no NODE_OPTIONS.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const done = atExit(() => child.kill('SIGKILL'));
  const closed = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-outputKept);
    });
  }
  let isToEnd = false;
  void closed.then(({ code, signal }) => {
    done();
    if (isToEnd) return;
    onCrash(`wenshu ${args.join(' ')} ended with ${signal ?? code}: ${output.trim().slice(-2_000)}`);
  });

  const kill = (signal: NodeJS.Signals) => {
    isToEnd = true;
    child.kill(signal);
    return closed;
  };
  return {
    pid: child.pid ?? 0,
    origin: await printedOrigin(child, () => output),
    output: () => output,
    signal: (signal) => child.kill(signal),
    kill,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // One that was stopped would not hear of its end.
      child.kill('SIGCONT');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await kill('SIGTERM');
      clearTimeout(timer);
    },
  };
}

function printedOrigin(child: ChildProcess, output: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.stdout?.on('data', () => {
    const origin = output().match(/answers at (http:\/\/[\w.]+:\d+)/)?.[1];
    if (origin) resolve(origin.replace('localhost', '127.0.0.1'));
  });
  child.once('close', () => reject(new Error(`wenshu did not start:\n${output()}`)));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    reject(new Error(`wenshu did not start within ${startTimeoutMs / 1000} s:\n${output()}`));
  }, startTimeoutMs);
  return promise.finally(() => clearTimeout(timer));
}
