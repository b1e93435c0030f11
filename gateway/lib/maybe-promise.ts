/** A value, or a promise of it. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Calls `next` with the value: at once if it is there, later if it is a promise. Every request passes here. Even a
 * kept promise costs a turn of the event loop, in which other requests run first and push the data of this one out of
 * the processor's caches (bench cases `small` and `wide`).
 */
export const mapMaybePromise = <T, Next>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<Next>,
): MaybePromise<Next> => (value instanceof Promise ? value.then(next) : next(value));
