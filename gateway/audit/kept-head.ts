import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../lib/log.ts';
import type { Receipt } from './chain.ts';
import { findHash } from './read.ts';

/** A store of the last record of each chain, out of reach of those who can write the log's files. */
export type HeadStore = {
  /** Finds the kept head; undefined if there is none yet. */
  find(gateway: string): Promise<Receipt | undefined>;
  /** Keeps a later head; an earlier one changes nothing. */
  keep(gateway: string, head: Receipt): Promise<void>;
  /** Replaces the kept head. */
  replace(gateway: string, head: Receipt): Promise<void>;
};

/** Returns why a log, as it was found, does not contain the kept head; undefined if it may contain it. */
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
  /** Returns the last durable record. */
  readonly head: () => Receipt;
  readonly everyMs: number;
  readonly log: Log;
  /**
   * Runs before the first head is kept, if the store did not answer when the log was opened. Rejects to prevent the
   * keeping.
   */
  readonly compare: (() => Promise<void>) | undefined;
};

const lastKeepMs = 2_000;

export type KeptHead = { close(): Promise<void> };

/**
 * Keeps the head of a chain in the store while the chain grows. If the store is down, the log continues, and the head
 * is kept later.
 */
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
        log.warn(
          { cause },
          'The head of the audit log cannot be kept in the database. The gateway tries again.',
        );
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
      // A store that is down must not delay a gateway that stops.
      await Promise.race([closing, wait(lastKeepMs, undefined, { ref: false })]);
    },
  };
}
