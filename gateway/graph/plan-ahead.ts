import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Executor } from '../execution/executor.ts';

const operationsAhead = 100;

/**
 * Compiles what `from` was asked for last, so that those who ask for it of its successor need not wait. One after the
 * other, each in a turn of its own: requests go first. What is no longer valid, or cannot be planned, is left out.
 */
export async function planAhead(from: Executor, to: Executor, isWanted: () => boolean): Promise<void> {
  for (const operation of from.recentOperations(operationsAhead)) {
    await nextTurn();
    if (!isWanted()) return;
    await to.prepare(operation).catch(() => {});
  }
}
