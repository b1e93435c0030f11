import { payerOf } from '@wenshu/schema/caller.ts';
import { createTurns, TooManyWait } from '@wenshu/schema/turns.ts';
import { ExponentialBackoff, handleWhen, retry, TaskCancelledError } from 'cockatiel';
import { isObject } from '../lib/json.ts';
import { defaultsOf, type ValuesOf } from '../lib/setting.ts';
import {
  abandoned,
  busy,
  failed,
  outOfTime,
  type SubgraphError,
  SubgraphFailure,
  tooSlow,
  unreadable,
} from '../request/errors.ts';
import { Breaker } from './breaker.ts';
import { settings } from './settings.ts';
import type { GuardedSubgraph, Subgraph, SubgraphObserver, SubgraphResponse } from './subgraph.ts';

/** The limits of one subgraph, in time and in concurrent calls. */
export type SubgraphLimits = ValuesOf<typeof settings.subgraphLimits>;

export const standardLimits: SubgraphLimits = defaultsOf(settings.subgraphLimits);

/** The delay has jitter, so that gateways that saw the same failure do not retry in step. */
const backoff = new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 });

/**
 * Guards a subgraph with a time limit, retries, a circuit breaker and a bulkhead, from outside to inside. Callers
 * share the places of the bulkhead: one alone has a third of them, and a third of its queue. An answer with errors is
 * an answer: only calls without an answer count against the subgraph.
 */
export function guardSubgraph(
  name: string,
  subgraph: Subgraph,
  { timeoutMs, retries, concurrency, queue }: SubgraphLimits = standardLimits,
  observer: SubgraphObserver = {},
): GuardedSubgraph {
  const turns = createTurns(concurrency, (index) => index, queue);
  const breaker = new Breaker(name, (state, before) => observer.onStateChange?.(name, state, before));
  const retrying = retry(
    handleWhen((error) => error instanceof SubgraphFailure && error.kind === 'unreachable'),
    { maxAttempts: retries, backoff },
  );
  retrying.onRetry((reason) => {
    if ('error' in reason && reason.error instanceof SubgraphFailure) observer.onRetry?.(name, reason.error);
  });

  const guarded: Subgraph = async (request, context) => {
    const remainingMs = (context.deadline ?? Number.POSITIVE_INFINITY) - performance.now();
    if (remainingMs <= 0) throw outOfTime(name);
    if (request.signal?.aborted) throw abandoned(name);

    // One signal ends the call, the wait for a place, and the wait before a retry.
    const controller = new AbortController();
    const { signal } = controller;
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const giveUp = (failure: SubgraphFailure) => {
      reject(failure);
      controller.abort(failure);
    };
    const onTimeUp = () => giveUp(remainingMs < timeoutMs ? outOfTime(name) : tooSlow(name, timeoutMs));
    const timer = setTimeout(onTimeUp, Math.min(timeoutMs, remainingMs));
    const onAbort = () => giveUp(abandoned(name));
    request.signal?.addEventListener('abort', onAbort);

    const question = { ...request, signal };
    const ask = async (): Promise<SubgraphResponse> => {
      // A subgraph in this process may ignore the signal; nobody waits for it then.
      const answer = await Promise.race([subgraph(question, context), givenUp]);
      if (!isAnswer(answer)) throw unreadable(name);
      return answer;
    };
    const payer = payerOf(context.caller);
    const askInTurn = async () => {
      try {
        const turn = turns.take(payer, signal);
        const slot = typeof turn === 'number' ? turn : await turn;
        return await ask().finally(() => turns.give(payer, slot));
      } catch (error) {
        throw explain(name, error);
      }
    };
    const attempt = () => {
      signal.throwIfAborted();
      return breaker.execute(askInTurn);
    };
    try {
      const outcome = request.kind === 'query' ? retrying.execute(attempt, signal) : attempt();
      return await Promise.race([outcome, givenUp]);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    }
  };

  return Object.assign(guarded, {
    ...(subgraph.openSnapshot && { openSnapshot: subgraph.openSnapshot }),
    ...(subgraph.openStream && { openStream: guardedStream(name, subgraph.openStream) }),
    status: () => ({
      breaker: breaker.state,
      running: turns.taken,
      waiting: turns.waiting,
      concurrency,
      ...(subgraph.connections && { connections: subgraph.connections() }),
    }),
    close: async () => subgraph.close?.(),
  });
}

/** Lets a stream break with nothing but a failure. */
const guardedStream = (name: string, openStream: NonNullable<Subgraph['openStream']>) =>
  async function* (...asked: Parameters<typeof openStream>) {
    try {
      yield* openStream(...asked);
    } catch (error) {
      throw explain(name, error);
    }
  };

/** Turns any error into a failure: why the subgraph was not called, or how it failed in this process. */
function explain(name: string, error: unknown): SubgraphFailure {
  if (error instanceof SubgraphFailure) return error;
  if (error instanceof TooManyWait) return busy(name);
  if (error instanceof TaskCancelledError) return outOfTime(name);
  return failed(name, error);
}

/** Returns whether a value is an answer in the form that GraphQL prescribes. */
function isAnswer(value: unknown): value is SubgraphResponse {
  if (!isObject(value)) return false;
  const { data, errors = [] } = value;
  return Array.isArray(errors) && errors.every(isError) && (isObject(data) || errors.length > 0);
}

const isError = (value: unknown): value is SubgraphError =>
  isObject(value) &&
  typeof value.message === 'string' &&
  (value.path === undefined || value.path === null || Array.isArray(value.path));
