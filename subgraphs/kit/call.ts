import { type Caller, payerOf } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import type { Call } from './database.ts';

/** A call that ends after its timeout, or when its caller has gone. */
export interface TimedCall extends Call {
  readonly signal: AbortSignal;
  /** Ends the call after its answer. */
  end(): void;
}

/** Starts a call. `left` aborts when the caller has gone. */
export function startCall(caller: Caller | undefined, timeoutMs: number, left?: AbortSignal): TimedCall {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(tooLong(timeoutMs)), timeoutMs);
  const onLeft = () => controller.abort(abandoned());
  if (left?.aborted) onLeft();
  else left?.addEventListener('abort', onLeft);
  return {
    caller: payerOf(caller),
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      left?.removeEventListener('abort', onLeft);
    },
  };
}

export const tooLong = (timeoutMs: number) =>
  new HubError(
    'SUBGRAPH_TIMEOUT',
    `The database of this field did not answer within ${timeoutMs} ms. Use a narrower filter, or ask for fewer rows.`,
    { messageZh: `该字段的数据库在 ${timeoutMs} 毫秒内未能答复。请缩小查询:收窄筛选条件,或减少条数。` },
  );

const abandoned = () =>
  new HubError('SUBGRAPH_UNAVAILABLE', 'Nobody waits for this answer any more.', {
    messageZh: '已无人等待此答复。',
  });
