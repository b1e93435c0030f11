import { failureOf, linesOf } from '@wenshu/schema/failure.ts';

/** Told the cause of an error of which callers see only the place, and in which request, where that is known. */
export type OnError = (cause: unknown, requestId: string | undefined) => void;

/** Says on stderr what holds no value that a caller sent. */
export const printFailure: OnError = (cause, requestId) =>
  console.error(requestId ?? '-', linesOf(failureOf(cause)).join('\n'));
