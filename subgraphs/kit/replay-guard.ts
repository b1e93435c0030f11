import { HubError } from '@wenshu/schema/errors.ts';
import { type SignedHead, signatureWindow, unauthenticated } from '@wenshu/schema/signature.ts';

/** Takes each call once. Throws UNAUTHENTICATED for one that it may have taken before, OVERLOADED when it is full. */
export type ReplayGuard = (call: Pick<SignedHead, 'created' | 'nonce'>) => void;

/**
 * Remembers the nonces of calls for as long as their signatures can pass: in slices of time, so that they are
 * forgotten many at once. Only calls with a right signature come here, so strangers cannot fill it. Should it
 * be full all the same (`capacity`, about 100 MB, is 16,000 calls a second), calls are refused until a slice
 * has passed: to forget one early would let it pass again.
 *
 * What a process before this one took is not known here: what was signed before the start is refused. Several
 * processes of one subgraph do not know of each other's calls either; between them and the gateway belongs TLS.
 */
export function createReplayGuard(capacity = 1_000_000, now: () => number = Date.now): ReplayGuard {
  const startedAt = Math.floor(now() / 1000);
  const slices = new Map<number, Set<string>>();
  let size = 0;

  const forgetPassed = () => {
    const oldest = sliceOf(Math.floor(now() / 1000) - signatureWindow);
    for (const [slice, { size: passed }] of slices) {
      if (slice < oldest && slices.delete(slice)) size -= passed;
    }
  };

  return ({ created, nonce }) => {
    forgetPassed();
    if (created < startedAt) throw unauthenticated('The call was signed before this subgraph started.');
    const slice = slices.get(sliceOf(created)) ?? new Set();
    if (slice.has(nonce)) throw unauthenticated('The call was answered before: it is taken once.');
    if (size >= capacity) {
      throw new HubError('OVERLOADED', 'This subgraph cannot remember more calls. Try again in a second.');
    }
    slices.set(sliceOf(created), slice.add(nonce));
    size += 1;
  };
}

const sliceOf = (seconds: number) => Math.floor(seconds / signatureWindow);
