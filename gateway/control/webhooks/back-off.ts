const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * The waits after the failed attempts, one after the other.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
 */
const waitsMs = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
/** The time from the first failure to the last attempt: three days. */
const longestMs = 72 * hour;
/** The most by which a wait is prolonged, so that receivers that failed together are not tried together. */
const jitter = 0.1;

/**
 * Returns the wait after an attempt that failed, in milliseconds; undefined if it was the last one. `attempts` counts it,
 * `failingMs` is the time since the first of them.
 */
export function waitAfter(attempts: number, failingMs: number): number | undefined {
  const leftMs = longestMs - failingMs;
  if (leftMs <= 0) return undefined;
  const waitMs = waitsMs[Math.min(attempts, waitsMs.length) - 1] ?? 0;
  return Math.min(waitMs * (1 + jitter * Math.random()), leftMs);
}
