import type { Evidence } from '@wenshu/schema/evidence.ts';
import type { UnknownName } from '@wenshu/schema/named-records.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import type { SubgraphError, SubgraphFailure } from '../request/errors.ts';

/** One call to a subgraph. */
export type SubgraphRequest = {
  readonly kind: 'query' | 'mutation';
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Json;
  /**
   * Row filters for a subgraph that looks rows up itself: filters as GraphQL text, by type (`Event`), or by field
   * (`Enterprise.inspections`) if the field is visible in some rows only. A subgraph may ignore them, because the
   * gateway tests each row again; but then hidden rows take time that missing rows do not.
   */
  readonly rowFilters?: Readonly<Record<string, string>> | undefined;
  /** What a change needs of other agencies. */
  readonly evidence?: Evidence | undefined;
  /** Records that a change names and its caller could not find. */
  readonly unknownNames?: readonly UnknownName[] | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** HTTP headers of the call, such as `traceparent`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called with the size of an answer that comes as text. */
  onBytes?(bytes: number): void;
};

/** An answer in the form of GraphQL over HTTP. The gateway owns it and changes it. */
export type SubgraphResponse = {
  readonly data?: unknown;
  readonly errors?: readonly SubgraphError[];
};

/** A subscription that is opened at a subgraph. */
export type StreamRequest = Pick<
  SubgraphRequest,
  'query' | 'operationName' | 'variables' | 'rowFilters' | 'headers'
> & {
  /** The position after which the stream goes on; undefined for what happens from now on. */
  readonly after?: string | undefined;
  /** Aborted when nobody listens any more. */
  readonly signal: AbortSignal;
};

/**
 * An event of a stream. `position` says where it stands: a stream that is opened after it goes on without a gap. An event without data
 * and errors only tells how far the stream has come.
 */
export type StreamedEvent = SubgraphResponse & { readonly position?: string | undefined };

/** An answer that can serve several requests, so nobody changes it. */
export type Answer = {
  readonly data: Json | undefined;
  readonly errors: readonly SubgraphError[];
};

/** A call as a plan has it. That of a subscription is not sent: its source is opened as a stream, and an event answers the call. */
export type PlannedCall = Omit<SubgraphRequest, 'kind'> & {
  readonly kind: SubgraphRequest['kind'] | 'subscription';
};

/** Calls a subgraph by its name for one request. It never rejects: it resolves to a failure. */
export type AskSubgraph = (subgraph: string, request: PlannedCall) => Promise<Answer | SubgraphFailure>;

/** A way to call a subgraph: over HTTP, or as a function in this process. It rejects if there is no answer. */
export type Subgraph = {
  (request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse>;
  /** Opens a subscription. Iterating rejects with a SubgraphFailure when the connection breaks, and returns when the subgraph ends it. */
  openStream?(request: StreamRequest, context: GatewayContext): AsyncIterable<StreamedEvent>;
  /** Holds a snapshot of the subgraph's rows, for calls that name it, until `signal` aborts. */
  openSnapshot?(context: GatewayContext, signal: AbortSignal): Promise<HeldSnapshot>;
  /** The number of open HTTP connections, and of those that are idle. */
  connections?(): { readonly open: number; readonly idle: number };
  /** Closes the transport and its connections. */
  close?(): Promise<void>;
};

/** A subgraph with its policy (`policy.ts`). It rejects within its time limit, and only with a `SubgraphFailure`. */
export type GuardedSubgraph = Subgraph & { status(): SubgraphStatus };

/** `open`: the subgraph fails and is not called; `half-open`: a trial call is under way. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** The current state of a subgraph, for metrics and operators. It is cheap to read. */
export type SubgraphStatus = {
  readonly breaker: BreakerState;
  /** Calls under way, and calls that wait because `concurrency` calls are under way. */
  readonly running: number;
  readonly waiting: number;
  readonly concurrency: number;
  /** The connections of a subgraph over HTTP. */
  readonly connections?: { readonly open: number; readonly idle: number };
};

/** An observer of the calls to subgraphs. It runs within a request, so it must be fast and never throw. */
export type SubgraphObserver = {
  onStateChange?(subgraph: string, state: BreakerState, before: BreakerState): void;
  /** A query is sent again because of `failure`. */
  onRetry?(subgraph: string, failure: SubgraphFailure): void;
};
