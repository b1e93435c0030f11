/** What is there already, or will be. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Goes on at once where there is nothing to wait for. On the way of every request that matters: one that waits, if only
 * for a promise that is kept already, lets all others go before it, and finds the processor's memory cold.
 */
export const mapMaybePromise = <T, Next>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<Next>,
): MaybePromise<Next> => (value instanceof Promise ? value.then(next) : next(value));
