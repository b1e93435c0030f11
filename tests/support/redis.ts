import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { atExit } from './clean-up.ts';
import { poll } from './poll.ts';

const binaries = ['redis-server', 'valkey-server'];

/** The program that is here, if any. */
export const redisBinary = binaries.find((each) => spawnSync(each, ['--version']).status === 0);

export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  /** Ends it; `start` brings it back, empty, at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** It keeps its connections and answers nothing, until it is resumed. */
  pause(): void;
  resume(): void;
}

/** A Redis of the test's own, on a free port. */
export async function startRedis(): Promise<TestRedis> {
  if (!redisBinary) throw new Error(`None of ${binaries.join(', ')} is here.`);
  const binary = redisBinary;
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const launch = () => {
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    const done = atExit(() => child.kill('SIGKILL'));
    return { child, done, ready: () => (output.includes('Ready to accept') ? true : undefined) };
  };
  let running = launch();
  await poll(running.ready);

  const stop = async () => {
    if (running.child.exitCode !== null || running.child.signalCode !== null) return;
    const closed = once(running.child, 'close');
    running.child.kill('SIGKILL');
    await closed;
    running.done();
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    stop,
    async start() {
      running = launch();
      await poll(running.ready);
    },
    pause: () => void running.child.kill('SIGSTOP'),
    resume: () => void running.child.kill('SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
