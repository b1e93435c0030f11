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
 * Who has many under way gets no more: a caller may have another only while more than twice as many places are free, so
 * that one alone has a third of them. `callerOf` gives `''` where nobody is told apart.
 */
export function shedLoad(maxInFlight: number, callerOf: (incoming: Incoming) => string): LoadShedder {
  let inFlight = 0;
  const held = new Map<string, number>();
  return {
    get inFlight() {
      return inFlight;
    },
    async step(incoming, next) {
      if (inFlight >= maxInFlight) return overloaded();
      const caller = callerOf(incoming);
      const own = held.get(caller) ?? 0;
      if (caller !== '' && 2 * own >= maxInFlight - inFlight) return tooManyOfOne(own);
      inFlight += 1;
      held.set(caller, own + 1);
      try {
        return await next(incoming);
      } finally {
        inFlight -= 1;
        const left = (held.get(caller) ?? 1) - 1;
        if (left > 0) held.set(caller, left);
        else held.delete(caller);
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

const tooManyOfOne = (running: number) =>
  refusal(
    'OVERLOADED',
    `${running} requests of yours are under way, which is as many as one caller may have now. Try again in a second.`,
    retryAfter,
    `您正在进行的请求已有 ${running} 个,达到一个调用方当前的上限。请一秒后再试。`,
  );
