import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../lib/log.ts';
import type { Receipt } from './chain.ts';
import { findHash } from './read.ts';

/** Where the last record of each chain is known, out of reach of whoever can write its files. */
export type HeadStore = {
  /** Undefined where none was kept yet. */
  find(gateway: string): Promise<Receipt | undefined>;
  /** Keeps a later one; one that is known already stays. */
  keep(gateway: string, head: Receipt): Promise<void>;
  /** Keeps this one in place of what is known. */
  replace(gateway: string, head: Receipt): Promise<void>;
};

/** Why a log, as it was found, is not the one whose head was kept; undefined where it may be. */
export async function refuteLog(
  folder: string,
  found: Receipt,
  kept: Receipt | undefined,
): Promise<string | undefined> {
  if (!kept) return undefined;
  if (found.sequence < kept.sequence) {
    return `the log ends with record ${found.sequence}, and the database of the hub knows record ${kept.sequence}`;
  }
  const hash = await findHash(folder, kept.sequence);
  if (hash === kept.hash) return undefined;
  return hash === undefined
    ? `record ${kept.sequence}, which the database of the hub knows, is not there any more`
    : `record ${kept.sequence} is not the one that the database of the hub knows`;
}

export type KeepHeadOptions = {
  readonly store: HeadStore;
  readonly gateway: string;
  /** The last record that is on the disk for good. */
  readonly head: () => Receipt;
  readonly everyMs: number;
  readonly log: Log;
  /** Run before the first is kept, where the store could not be asked when the log was opened. Rejects to keep none. */
  readonly compare: (() => Promise<void>) | undefined;
};

const lastKeepMs = 2_000;

export type KeptHead = { close(): Promise<void> };

/** Keeps the head of a chain elsewhere as it grows. Where the store is down, the log goes on, and the head is kept when it is back. */
export function keepHead({ store, gateway, head, everyMs, log, compare }: KeepHeadOptions): KeptHead {
  let kept = 0;
  let isCompared = compare === undefined;
  let isFailing = false;
  let running: Promise<void> | undefined;

  async function keep() {
    const now = head();
    if (now.sequence === kept) return;
    try {
      if (!isCompared) await compare?.();
      isCompared = true;
      await store.keep(gateway, now);
      kept = now.sequence;
      if (isFailing) log.info({}, 'The head of the audit log is kept in the database again.');
      isFailing = false;
    } catch (cause) {
      if (!isFailing)
        log.warn({ cause }, 'The head of the audit log cannot be kept in the database; it is tried again.');
      isFailing = true;
    }
  }
  const keepNow = () => {
    running ??= keep().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(keepNow, everyMs).unref();
  return {
    async close() {
      clearInterval(timer);
      const closing = running ? running.then(keepNow) : keepNow();
      // A store that is down does not hold up a gateway that stops.
      await Promise.race([closing, wait(lastKeepMs, undefined, { ref: false })]);
    },
  };
}
