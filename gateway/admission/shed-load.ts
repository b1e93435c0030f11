import { createTurns, TooManyWait } from '@wenshu/schema/turns.ts';
import type { Incoming } from '../http/incoming.ts';
import { refusal } from '../http/reply.ts';
import type { Step } from '../http/step.ts';

export type LoadShedder = {
  readonly step: Step;
  /** Number of requests in progress. */
  readonly inFlight: number;
};

const retryAfter = { 'retry-after': '1' };

/**
 * Creates the step that refuses requests at once while `maxInFlight` are in progress. Beyond that number a gateway does
 * not answer more requests a second, only later: a refused client can use another gateway or wait. Callers share the
 * places: one caller gets at most a third. `callerOf` returns `''` when callers are not distinguished.
 */
export function shedLoad(maxInFlight: number, callerOf: (incoming: Incoming) => string): LoadShedder {
  const turns = createTurns(maxInFlight, (index) => index, 0);
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
        return turns.taken < maxInFlight ? tooManyOfOne(incoming) : overloaded(incoming);
      }
      try {
        return await next(incoming);
      } finally {
        turns.give(caller, place);
      }
    },
  };
}

const overloaded = ({ headers }: Incoming) =>
  refusal(
    'OVERLOADED',
    {
      message: 'The gateway has reached its limit of requests at a time. Try again in a second.',
      messageZh: '网关已达处理上限。请一秒后再试。',
    },
    headers,
    retryAfter,
  );

const tooManyOfOne = ({ headers }: Incoming) =>
  refusal(
    'OVERLOADED',
    {
      message: 'You have reached the limit of requests at a time for one caller. Try again in a second.',
      messageZh: '您正在进行的请求已达一个调用方当前的上限。请一秒后再试。',
    },
    headers,
    retryAfter,
  );
