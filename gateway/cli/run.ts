import type { Config } from '../process/config.ts';
import type { Running } from '../process/main.ts';

/** What a command answers to the shell; docs/export.md says when `query` gives which. */
export const exitCodes = {
  done: 0,
  failed: 1,
  misused: 2,
  refused: 3,
  partial: 4,
  unreachable: 5,
  interrupted: 6,
  unwritable: 7,
} as const;

/** npm passes a Ctrl-C on to a process that the terminal has told already: both within this time are one. */
const sameSignalMs = 500;

/**
 * Starts, announces, and runs until a signal; then stops gently and ends the
 * process, within the time that the configuration gives even if something hangs.
 * A second signal ends it at once.
 */
export async function runUntilSignal<T extends Running>(
  { stop }: Pick<Config, 'stop'>,
  start: () => Promise<T>,
  announce: (running: T) => void,
) {
  let firstSignalAt: number | undefined;
  const signalled = new Promise<void>((resolve) => {
    const onSignal = () => {
      if (firstSignalAt !== undefined && Date.now() - firstSignalAt > sameSignalMs)
        process.exit(exitCodes.failed);
      firstSignalAt ??= Date.now();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });

  // A signal that comes while starting waits for the start to end: half a start cannot be undone.
  const running = await start();
  if (firstSignalAt === undefined) announce(running);
  await signalled;
  console.log('\nStopping ... (once more to stop at once)');
  setTimeout(() => {
    console.error('wenshu: Something did not stop in time.');
    process.exit(exitCodes.failed);
  }, stop.noticeMs + stop.graceMs);
  await running.stop();
  process.exit(exitCodes.done);
}
