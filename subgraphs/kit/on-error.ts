import { failureOf, linesOf } from '@wenshu/schema/failure.ts';

/** Called with the cause of a masked error and the request id, if it is known. */
export type OnError = (cause: unknown, requestId: string | undefined) => void;

/** Prints an error on stderr without values that a caller sent. */
export const printFailure: OnError = (cause, requestId) =>
  console.error(requestId ?? '-', linesOf(failureOf(cause)).join('\n'));
