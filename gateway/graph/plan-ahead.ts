import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Executor } from '../execution/execution.ts';

const operationsAhead = 100;

/**
 * Compiles the most recent operations of `from` in `to`, so that callers need not wait after a change of the
 * supergraph. It compiles one at a time and yields to requests. Operations that are no longer valid, or cannot be
 * planned, are left out.
 */
export async function planAhead(from: Executor, to: Executor, isWanted: () => boolean): Promise<void> {
  for (const operation of from.recentOperations(operationsAhead)) {
    await nextTurn();
    if (!isWanted()) return;
    await to.prepare(operation).catch(() => {});
  }
}
