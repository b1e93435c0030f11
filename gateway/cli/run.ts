import type { Config } from '../process/config.ts';
import type { Running } from '../process/main.ts';

/** Exit codes of commands; docs/export.md says when `query` returns which. */
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

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm repeats a Ctrl-C that the terminal has already sent. Two signals within this time count as one. */
const sameSignalMs = 500;

/**
 * Starts a process, announces it, and runs until a signal. Then it stops, and ends the process within the configured
 * time even if something hangs. A second signal ends it at once.
 */
export async function runUntilSignal<T extends Running>(
  { stop }: Pick<Config, 'stop'>,
  start: () => Promise<T>,
  announce: (running: T) => void,
) {
  let firstSignalAt: number | undefined;
  const signalled = Promise.withResolvers<void>();
  const onSignal = () => {
    if (firstSignalAt !== undefined && Date.now() - firstSignalAt > sameSignalMs)
      process.exit(exitCodes.failed);
    firstSignalAt ??= Date.now();
    signalled.resolve();
  };
  for (const signal of endingSignals) process.on(signal, onSignal);

  // A signal during the start waits for its end, because a partial start cannot be undone.
  const running = await start().catch((error) => {
    for (const signal of endingSignals) process.off(signal, onSignal);
    throw error;
  });
  if (firstSignalAt === undefined) announce(running);
  await signalled.promise;
  console.log('\nStopping ... (once more to stop at once)');
  setTimeout(() => {
    console.error('wenshu: Something did not stop in time.');
    process.exit(exitCodes.failed);
  }, stop.noticeMs + stop.graceMs);
  await running.stop();
  process.exit(exitCodes.done);
}
