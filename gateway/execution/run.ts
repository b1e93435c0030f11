import type { GraphQLError } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { DisclosedEnterprises } from '../request/disclosed-enterprises.ts';
import type { AskSubgraph } from '../upstream/subgraph.ts';
import type { MergedData } from './merged-data.ts';

/** One execution of a compiled operation: everything that differs between requests. */
export type Run = {
  /** Root of the merged data. Its fields, like all others, are read through `mergedData`. */
  readonly data: Json;
  readonly mergedData: MergedData;
  readonly errors: GraphQLError[];
  /** Number of entities in the answer by type; undefined when not needed. */
  readonly rows: Map<string, number> | undefined;
  /** Enterprises of which the answer discloses non-public data; undefined when not needed. */
  readonly disclosed: DisclosedEnterprises | undefined;
  /** Places of denied fields in the answer, without list positions. */
  readonly denied: Set<string>;
  readonly variables: Json;
  /**
   * Returns a key: requests with the same key may share a call to this subgraph; undefined forbids it. Nobody shares
   * while its breaker is not closed, because all would wait for the one trial call.
   */
  sharingWith(subgraph: string): string | undefined;
  /** Aborts when nobody waits for this run any more. */
  readonly signal: AbortSignal | undefined;
  readonly ask: AskSubgraph;
};

/** A runnable part of a plan. It never rejects: failures become errors of the run. */
export type Step = (run: Run) => Promise<void>;
