import { type Reply, refusal } from './reply.ts';

export type LoadShedder<Request extends unknown[]> = {
  readonly handler: (...request: Request) => Promise<Reply>;
  /** Requests under way. */
  readonly inFlight: number;
};

const retryAfterSeconds = '1';

/**
 * Turns requests away at once while `maxInFlight` are under way. Beyond that number a gateway answers no more
 * requests a second, only each of them later: who is turned away can go to another gateway, or wait its turn outside.
 */
export function shedLoad<Request extends unknown[]>(
  maxInFlight: number,
  handler: (...request: Request) => Promise<Reply>,
): LoadShedder<Request> {
  let inFlight = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    async handler(...request) {
      if (inFlight >= maxInFlight) {
        return refusal('OVERLOADED', 'The gateway has as much to do as it can. Try again in a second.', {
          'retry-after': retryAfterSeconds,
        });
      }
      inFlight += 1;
      try {
        return await handler(...request);
      } finally {
        inFlight -= 1;
      }
    },
  };
}
