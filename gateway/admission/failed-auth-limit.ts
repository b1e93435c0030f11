import type { Words } from '@wenshu/schema/errors.ts';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../http/client-address.ts';
import { badCredentials, Refusal } from '../request/refusal.ts';

/** Limits failed authentication attempts for each network. */
export type FailedAuthLimit = {
  /** Rejects when the network has too many failed attempts. Call it before an expensive look-up. */
  holdUp(address: string): Promise<void>;
  /** Counts a failed attempt. Resolves to the refusal, or to a rate-limit refusal when there were too many. */
  refuse(address: string, words: Words): Promise<Refusal>;
};

const windowSeconds = 60;

/** Creates the limit: after `allowed` failed attempts within a minute, a network must wait for a minute. */
export function limitFailedAuth(allowed = 20): FailedAuthLimit {
  const counts = new RateLimiterMemory({
    points: allowed,
    duration: windowSeconds,
    blockDuration: windowSeconds,
  });

  function waitFor({ consumedPoints, msBeforeNext }: RateLimiterRes, network: string): Refusal | undefined {
    if (consumedPoints <= allowed) return undefined;
    const retryAfter = Math.ceil(msBeforeNext / 1000);
    const message = `Too many wrong tokens and API keys came from ${network}. Try again in ${retryAfter} s.`;
    const messageZh = `来自 ${network} 的错误令牌和密钥过多。请在 ${retryAfter} 秒后再试。`;
    return new Refusal('RATE_LIMITED', message, { messageZh }, { 'retry-after': String(retryAfter) });
  }

  return {
    async holdUp(address) {
      const network = networkOf(address);
      const state = await counts.get(network);
      const refusal = state && waitFor(state, network);
      if (refusal) throw refusal;
    },
    async refuse(address, { message, messageZh }) {
      const network = networkOf(address);
      // Counting and checking are one step. Otherwise attempts that arrive together would all pass as the first.
      const state = await counts.consume(network).catch((limited: RateLimiterRes) => limited);
      return waitFor(state, network) ?? badCredentials(message, { messageZh });
    },
  };
}
