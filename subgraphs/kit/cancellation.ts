import { setTimeout as wait } from 'node:timers/promises';
import type postgres from 'postgres';

/** A statement in whatever form its rows are wanted. */
export type Sent = PromiseLike<unknown> & Pick<postgres.PendingQuery<postgres.Row[]>, 'cancel'>;

/** What postgres.js knows of a statement besides what its types say. */
type Progress = { readonly active: boolean };

/**
 * Waits for a statement, which Postgres breaks off once `signal` aborts. Rejects with the signal's reason then. Settles
 * when the connection is free again: a cancellation that is still on its way would meet the next statement there.
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

/** Before a statement is sent, as long as its connection is being made, postgres.js would lose both by a cancellation. */
async function cancelOnceSent(query: Sent): Promise<void> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  query.then(end, end);
  while (!isOver && !(query as unknown as Progress).active) await wait(10);
  // Where nobody answers any more, `statement_timeout` ends it.
  if (!isOver) await Promise.resolve(query.cancel()).catch(() => {});
}
