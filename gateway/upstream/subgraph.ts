import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import type { SubgraphError, SubgraphFailure } from '../request/errors.ts';

/** One question to a subgraph. */
export type SubgraphRequest = {
  readonly kind: 'query' | 'mutation';
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Json;
  /**
   * What the caller may see of rows, for a subgraph that looks them up itself: filters, as GraphQL text, by type
   * (`Event`), or by field (`Enterprise.inspections`) where it is shown of some rows only. To leave it aside is right,
   * because the gateway tests each row again; but then hidden rows cost what rows cost that are not there do not.
   */
  readonly rowFilters?: Readonly<Record<string, string>> | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** HTTP headers that go with the question, such as `traceparent`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told the size of an answer that comes as text. */
  onBytes?(bytes: number): void;
};

/** An answer as GraphQL over HTTP gives it; the gateway owns it, and writes into it. */
export type SubgraphResponse = {
  readonly data?: unknown;
  readonly errors?: readonly SubgraphError[];
};

/** What a subgraph said; it can serve several requests, so nobody writes into it. */
export type Answer = {
  readonly data: Json | undefined;
  readonly errors: readonly SubgraphError[];
};

/** Asks a subgraph by its name for one request. It never rejects: what fails is an answer too. */
export type AskSubgraph = (subgraph: string, request: SubgraphRequest) => Promise<Answer | SubgraphFailure>;

/** How a subgraph is asked: over HTTP, or as a function in this process. It rejects when there is no answer. */
export type Subgraph = {
  (request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse>;
  /** Holds its rows as they are now, for calls that name the snapshot, until `signal` aborts. */
  openSnapshot?(context: GatewayContext, signal: AbortSignal): Promise<HeldSnapshot>;
  /** Open HTTP connections, and how many of them nobody uses at the moment. */
  connections?(): { readonly open: number; readonly idle: number };
  /** Gives back what the transport holds, such as open connections. */
  close?(): Promise<void>;
};

/** A subgraph behind its policy (`subgraph-policy.ts`). It rejects in time, and only with a `SubgraphFailure`. */
export type GuardedSubgraph = Subgraph & { status(): SubgraphStatus };

/** `open`: it failed so often that it is left alone; `half-open`: and a call is trying whether it has recovered. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** How a subgraph fares right now, for metrics and operators; cheap to read. */
export type SubgraphStatus = {
  readonly breaker: BreakerState;
  /** Calls under way, and calls that wait because `concurrency` are. */
  readonly running: number;
  readonly waiting: number;
  readonly concurrency: number;
  /** Of a subgraph over HTTP. */
  readonly connections?: { readonly open: number; readonly idle: number };
};

/** Watches what passes between the gateway and its subgraphs. It is told in the middle of a request: be quick, and never throw. */
export type SubgraphObserver = {
  onStateChange?(subgraph: string, state: BreakerState, before: BreakerState): void;
  /** A query is sent once more, because of `failure`. */
  onRetry?(subgraph: string, failure: SubgraphFailure): void;
};
