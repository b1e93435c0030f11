/** An event in the outbox of an agency. */
export type AgencyEvent = {
  /** Its place in the outbox. */
  readonly cursor: string;
  readonly type: string;
  readonly id: string;
  readonly action: string;
  readonly stage: string;
  readonly version: number;
  readonly regionCode: string | null;
  readonly at: string;
};

/** How far a reader of an outbox has come, and the event that stands there; without an event, only that it has come so far. */
export type FollowedEvent = { readonly position: string; readonly event?: AgencyEvent };

/**
 * Follows the outbox of an agency from a position on, or from now on, until the signal aborts. A stream that breaks is opened again after
 * its last position. Iterating rejects with `CURSOR_EXPIRED` when events after the position were deleted.
 */
export type FollowEvents = (
  agency: string,
  after: string | undefined,
  signal: AbortSignal,
) => AsyncIterable<FollowedEvent>;

/**
 * Calls a listener whenever the outbox of an agency may have grown, until the returned function is called: with the event, or without one
 * where any may have come.
 */
export type WakeOn = (agency: string, listener: (event?: AgencyEvent) => void) => () => void;
