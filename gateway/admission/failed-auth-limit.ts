import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../http/client-address.ts';
import { badCredentials, Refusal } from '../request/refusal.ts';

/** Whoever brings credentials that are nobody's, counted by the network that they come from. */
export type FailedAuthLimit = {
  /** Rejects where too many came from there: to be asked before what costs a look-up. */
  holdUp(address: string | undefined): Promise<void>;
  /** One more came from there, and is told this; or, where they are too many, to wait. */
  refuse(address: string | undefined, message: string): Promise<Refusal>;
};

const windowSeconds = 60;

/** After more than so many within a minute, a network has to wait for a minute. */
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
    return new Refusal('RATE_LIMITED', message, {}, { 'retry-after': String(retryAfter) });
  }

  return {
    async holdUp(address) {
      const network = networkOf(address);
      const state = await counts.get(network);
      const refusal = state && waitFor(state, network);
      if (refusal) throw refusal;
    },
    async refuse(address, message) {
      const network = networkOf(address);
      // Counted and looked at in one: many who come at once would all be found to be the first.
      const state = await counts.consume(network).catch((limited: RateLimiterRes) => limited);
      return waitFor(state, network) ?? badCredentials(message);
    },
  };
}
