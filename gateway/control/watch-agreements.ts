import type { Department } from '@wenshu/schema/caller.ts';
import { type Agreements, type Grant, keepAgreements } from '../governance/agreements.ts';
import type { Log } from '../lib/log.ts';
import type { Changes } from './changes.ts';

export type WatchedAgreements = Agreements & {
  /** Resolves after a read of the agreements that began after this call, whether it succeeded or failed. */
  reread(): Promise<void>;
  close(): Promise<void>;
};

const rereadMs = 30_000;
/** Polling interval while notifications are not received, in milliseconds. */
const unheardMs = 500;
/** Time without an answer of the database after which no grant is treated as active, in milliseconds. */
const trustedMs = 60_000;

/**
 * Watches the agreements and reads them after each change. Resolves after the first read. Grants that the database has
 * not confirmed for a minute are no longer used, because an owner may have revoked them.
 */
export async function watchAgreements(
  list: () => Promise<ReadonlyMap<Department, readonly Grant[]>>,
  changes: Changes,
  log: Log,
): Promise<WatchedAgreements> {
  const known = keepAgreements();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let isStale = false;
  let isFailing = false;

  /** Reads once more after a read in progress, which may have begun before the change. */
  const reread = (): Promise<void> => {
    isStale = true;
    reading ??= readWhileStale().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  async function readWhileStale() {
    while (isStale) {
      isStale = false;
      const startedAt = performance.now();
      try {
        known.replace(await list());
        readAt = startedAt;
        isFailing = false;
      } catch (cause) {
        if (!isFailing) log.warn({ cause }, 'The agreements cannot be read.');
        isFailing = true;
        if (performance.now() - readAt > trustedMs) known.replace(new Map());
      }
    }
  }

  changes.observe((change) => {
    if (!change || change.table === 'agreements') void reread();
  });
  const timer = setInterval(() => {
    if (!changes.isCurrent() || performance.now() - readAt > rereadMs) void reread();
  }, unheardMs).unref();

  await reread();
  return {
    activeFor: known.activeFor,
    reread,
    get version() {
      return known.version;
    },
    async close() {
      clearInterval(timer);
      await reading;
    },
  };
}
