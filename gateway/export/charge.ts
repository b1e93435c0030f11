import { setTimeout as wait } from 'node:timers/promises';
import type { Caller } from '@wenshu/schema/caller.ts';
import type { RateLimit } from '../admission/rate-limit.ts';
import { Refusal } from '../request/refusal.ts';
import type { Slot } from './export-slots.ts';
import type { StartedExport } from './export-steps.ts';
import { interruptedBy, type Page } from './read-pages.ts';

/** Cost taken in one step. Small steps let a page cost more than is left in a minute. */
const slice = 1_000;

/** Seconds for which the rate limit blocks the export. */
export type Pause = { readonly seconds: number };

type Payment = {
  readonly charge: RateLimit;
  /** Rejects with a Refusal when the caller would no longer be admitted. */
  readonly admitAgain: () => Promise<unknown>;
};

/** Yields pages after the waits for their cost, and puts their errors on record. */
export async function* chargePages(
  pages: AsyncIterable<Page>,
  { context: { caller, record }, query, run, slot }: StartedExport,
  { charge, admitAgain }: Payment,
): AsyncGenerator<Page | Pause> {
  // A key may be revoked during the export. A token is valid for the request that it came with.
  const stillAdmitted = async () => {
    if (caller?.kind === 'partner') await admitAgain().catch(interrupt);
  };
  for await (const page of pages) {
    record?.notePageErrors(Object.keys(page.errors));
    if (caller) {
      await stillAdmitted();
      let hasWaited = false;
      for await (const pause of chargePage(charge, caller, query.costOf(page.rows), slot, run.signal)) {
        hasWaited = true;
        yield pause;
      }
      if (hasWaited) await stillAdmitted();
    }
    yield page;
  }
}

function interrupt(cause: unknown): never {
  throw cause instanceof Refusal ? interruptedBy(cause) : cause;
}

/**
 * Charges the cost of a page to its caller. Cost beyond this minute waits for the next one; each wait is yielded when
 * it begins. A waiting export gives up its slot.
 */
async function* chargePage(
  rateLimit: RateLimit,
  caller: Caller,
  cost: number,
  slot: Pick<Slot, 'pause' | 'resume'>,
  signal: AbortSignal,
): AsyncGenerator<Pause> {
  for (let left = cost; left > 0; left -= slice) {
    const part = Math.min(left, slice);
    for (let refusal = await refusalOf(rateLimit, caller, part); refusal; ) {
      const { code, headers, extensions } = refusal;
      const isForNow = code === 'RATE_LIMITED' && Number(extensions.limit) >= part;
      if (!isForNow) throw interruptedBy(refusal);
      const seconds = Number(headers['retry-after']);
      // The pause begins before it is yielded, so that a slow reader does not lengthen it.
      slot.pause();
      const over = wait(seconds * 1000, undefined, { signal }).catch(() => {});
      yield { seconds };
      await over;
      signal.throwIfAborted();
      refusal = await refusalOf(rateLimit, caller, part);
    }
    await slot.resume(signal);
  }
}

async function refusalOf(rateLimit: RateLimit, caller: Caller, cost: number): Promise<Refusal | undefined> {
  try {
    await rateLimit(caller, cost);
    return undefined;
  } catch (cause) {
    if (cause instanceof Refusal) return cause;
    throw cause;
  }
}
