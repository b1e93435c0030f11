import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { atExit } from '../../support/clean-up.ts';
import { type Core, nodeCommand } from './cores.ts';

export interface Server extends AsyncDisposable {
  readonly pid: number;
  /** Address that the server printed. */
  readonly address: string;
}

export interface NodeOptions {
  /** The only core that it may use. */
  readonly core?: Core | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Flags of Node, such as `--cpu-prof`. */
  readonly flags?: readonly string[] | undefined;
  /** True if its error output goes to the terminal. */
  readonly showsErrors?: boolean | undefined;
}

const startTimeoutMs = 120_000;
const stopTimeoutMs = 20_000;

/** Starts a script that serves; it answers once it has printed its address. */
export async function startServer(
  script: string,
  args: readonly string[],
  options: NodeOptions = {},
): Promise<Server> {
  const child = start(script, args, options);
  const address = await printedAddress(child, script);
  return {
    pid: child.pid ?? 0,
    address,
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/** Runs a script to its end with this input; resolves to what it printed. */
export async function runScript(script: string, input: string, options: NodeOptions = {}): Promise<string> {
  const child = start(script, [], options);
  let output = '';
  let complaints = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (complaints += chunk));
  child.stdin?.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${complaints.trim()}`);
  return output;
}

function start(script: string, args: readonly string[], { core, env, flags = [], showsErrors }: NodeOptions) {
  const [program, ...before] = nodeCommand(core);
  const child = spawn(program, [...before, ...flags, script, ...args], {
    // Nothing of the caller's settings: no proxy, no DATABASE_URL, no NODE_OPTIONS.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env },
    stdio: ['pipe', 'pipe', showsErrors ? 'inherit' : 'pipe'],
  });
  const done = atExit(() => child.kill('SIGKILL'));
  child.once('close', done);
  return child;
}

function printedAddress(child: ChildProcess, script: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  const read = (chunk: unknown) => {
    output += chunk;
    const address = output.match(/http:\/\/[\w.-]+:\d+(?=\D)/)?.[0];
    if (address) resolve(address.replace('localhost', '127.0.0.1'));
  };
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  for (const stream of streams) stream.on('data', read);
  child.once('error', reject);
  child.once('close', () => reject(new Error(`${script} did not start: ${reasonIn(output)}`)));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    reject(new Error(`${script} did not start within ${startTimeoutMs / 1000} s.`));
  }, startTimeoutMs);
  return promise.finally(() => {
    clearTimeout(timer);
    // Further output is discarded.
    for (const stream of streams) stream.off('data', read).resume();
  });
}

/** Returns the line with the reason of a failed start. */
const reasonIn = (output: string) =>
  output.match(/^\w*Error\b.*$/m)?.[0] ?? (output.trim().split('\n').at(-1) || 'its reason is above');

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await closed;
  clearTimeout(timer);
}
