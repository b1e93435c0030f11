import type { GatewayContext } from '../context.ts';
import type { Json } from './json.ts';

/** One question to a subgraph. */
export type SubgraphRequest = {
  readonly kind: 'query' | 'mutation';
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Json;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
};

/** An answer as GraphQL over HTTP gives it; the gateway owns it, and writes into it. */
export type SubgraphResponse = {
  readonly data?: unknown;
  readonly errors?: readonly SubgraphError[];
};

export type SubgraphError = {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
};

/** How a subgraph is asked: over HTTP, or as a function in this process. It rejects when there is no answer. */
export type Subgraph = {
  (request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse>;
  /** Gives back what the transport holds, such as open connections. */
  close?(): Promise<void>;
};
