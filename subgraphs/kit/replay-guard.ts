import { HubError } from '@wenshu/schema/errors.ts';
import { type SignedHead, signatureWindow, unauthenticated } from '@wenshu/schema/signature.ts';

/** Accepts each call once. Throws UNAUTHENTICATED for a call that may be repeated, OVERLOADED if the guard is full. */
export type ReplayGuard = (call: Pick<SignedHead, 'created' | 'nonce'>) => void;

/**
 * Remembers the nonces of calls while their signatures are valid, in slices of time, so that many are forgotten at once. Only calls with a
 * valid signature are stored, so unauthenticated callers cannot fill it. If it is full (`capacity`, about 100 MB, is 16,000 calls a
 * second), calls are refused until a slice has passed, because a nonce that is forgotten early could be replayed.
 *
 * This process does not know the calls of an earlier process, so it refuses signatures from before its start. Several processes of one
 * subgraph do not know each other's calls either, so they need TLS between them and the gateway.
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
    if (created < startedAt)
      throw unauthenticated(
        'The call was signed before this subgraph started.',
        '调用的签名早于本子图启动。',
      );
    const slice = slices.get(sliceOf(created)) ?? new Set();
    if (slice.has(nonce))
      throw unauthenticated('The call was answered before: it is taken once.', '该调用已答复过:只受理一次。');
    if (size >= capacity) {
      throw new HubError('OVERLOADED', 'This subgraph cannot remember more calls. Try again in a second.', {
        messageZh: '本子图已无法记住更多调用。请一秒后再试。',
      });
    }
    slices.set(sliceOf(created), slice.add(nonce));
    size += 1;
  };
}

const sliceOf = (seconds: number) => Math.floor(seconds / signatureWindow);
