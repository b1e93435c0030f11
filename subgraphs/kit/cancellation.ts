import { setTimeout as wait } from 'node:timers/promises';
import type postgres from 'postgres';

/** A statement that was sent, in any form of rows. */
export type Sent = PromiseLike<unknown> & Pick<postgres.PendingQuery<postgres.Row[]>, 'cancel'>;

/** Part of a statement of postgres.js that its types do not declare. */
type Progress = { readonly active: boolean };

/**
 * Waits for a statement, which Postgres cancels when `signal` aborts; then it rejects with the signal's reason. It settles only when the
 * connection is free again: a late cancellation would hit the next statement on that connection.
 */
export async function orCancelled<T>(query: Sent, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return (await query) as T;
  signal.throwIfAborted();
  let cancelled: Promise<void> | undefined;
  const onAbort = () => {
    cancelled = cancelOnceSent(query);
  };
  signal.addEventListener('abort', onAbort);
  try {
    return (await query) as T;
  } catch (error) {
    throw cancelled ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    await cancelled;
  }
}

/** Waits until the statement has been sent. While its connection is being opened, postgres.js would lose both by a cancellation. */
async function cancelOnceSent(query: Sent): Promise<void> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  query.then(end, end);
  while (!isOver && !(query as unknown as Progress).active) await wait(10);
  // If the server does not answer, `statement_timeout` ends the statement.
  if (!isOver) await Promise.resolve(query.cancel()).catch(() => {});
}
