import type { GraphqlRequest } from '../admission/graphql-request.ts';
import type { Incoming } from '../http/incoming.ts';
import type { Admitted } from '../request/context.ts';

/** What a subscriber receives: the JSON text of a whole GraphQL result. Many subscribers share one. */
export type StreamEvent = {
  readonly text: string;
  /** Where a stream goes on after this event, also at another gateway; undefined if it cannot. The text has it in `extensions.cursor`. */
  readonly cursor: string | undefined;
};

/** The client's end of a stream, made by a transport. No method throws, also when the client has left. */
export type Sink = {
  /** Tells the client where the stream begins, before any event, if the transport can. */
  begin?(cursor: string): void;
  next(event: StreamEvent): void;
  /** Ends the stream for good, after a last event that says why, if there is one. */
  end(last?: StreamEvent): void;
  /** Ends the stream so that the client comes back by itself, also to another gateway, and goes on after its last cursor. */
  leave(): void;
  /** Number of bytes that the client has not taken yet. */
  readonly pendingBytes: number;
};

/** A running operation of a client. */
export type Subscribed = {
  /** Ends it because the client left or asked for it. Further calls do nothing. */
  cancel(): void;
  /** Goes on with newer credentials of the same caller, without a new connection. */
  renew(admitted: Admitted): void;
};

/**
 * Starts an operation of any kind for a client that holds a connection. A query or a mutation gives one event and ends.
 * `after` is the cursor after which a subscription goes on. Throws or rejects with a Refusal when it is not started; then the sink
 * was not used.
 */
export type StartOperation = (
  incoming: Incoming,
  asked: Pick<GraphqlRequest, 'body'> & { readonly after?: string | undefined },
  sink: Sink,
) => Promise<Subscribed>;
