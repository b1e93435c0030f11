import { createTurns, TooManyWait } from '@wenshu/schema/turns.ts';
import { refusal } from '../http/reply.ts';
import type { Incoming } from '../http/server.ts';
import type { Step } from '../http/step.ts';

export type LoadShedder = {
  readonly step: Step;
  /** Requests under way. */
  readonly inFlight: number;
};

const retryAfter = { 'retry-after': '1' };

/**
 * Turns requests away at once while `maxInFlight` are under way. Beyond that number a gateway answers no more
 * requests a second, only each of them later: who is turned away can go to another gateway, or wait its turn outside.
 * The places are shared by callers as turns are: one alone has a third of them. `callerOf` gives `''` where nobody is told
 * apart.
 */
export function shedLoad(maxInFlight: number, callerOf: (incoming: Incoming) => string): LoadShedder {
  const places = Array.from({ length: maxInFlight }, (_, i) => i);
  const turns = createTurns(places, 0);
  return {
    get inFlight() {
      return turns.taken;
    },
    async step(incoming, next) {
      const caller = callerOf(incoming);
      let place: number;
      try {
        place = await turns.take(caller);
      } catch (cause) {
        if (!(cause instanceof TooManyWait)) throw cause;
        return turns.taken < maxInFlight ? tooManyOfOne() : overloaded();
      }
      try {
        return await next(incoming);
      } finally {
        turns.give(caller, place);
      }
    },
  };
}

const overloaded = () =>
  refusal(
    'OVERLOADED',
    'The gateway has as much to do as it can. Try again in a second.',
    retryAfter,
    '网关已达处理上限。请一秒后再试。',
  );

const tooManyOfOne = () =>
  refusal(
    'OVERLOADED',
    'As many requests of yours are under way as one caller may have now. Try again in a second.',
    retryAfter,
    '您正在进行的请求已达一个调用方当前的上限。请一秒后再试。',
  );
