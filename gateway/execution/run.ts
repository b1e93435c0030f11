import type { GraphQLError } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { DisclosedEnterprises } from '../request/disclosed-enterprises.ts';
import type { AskSubgraph } from '../upstream/subgraph.ts';
import type { MergedData } from './merged-data.ts';

/** One execution of a compiled operation: all that differs from request to request. */
export type Run = {
  /** The root of what the subgraphs answered so far; its fields, as all others, are read through `mergedData`. */
  readonly data: Json;
  readonly mergedData: MergedData;
  readonly errors: GraphQLError[];
  /** Where somebody wants to know: entities in the answer by type. */
  readonly rows: Map<string, number> | undefined;
  /** Where somebody wants to know: enterprises of which the answer tells what is not for everybody. */
  readonly disclosed: DisclosedEnterprises | undefined;
  /** Where anything is restricted: the places of denied fields in the answer, without positions in lists. */
  readonly denied: Set<string> | undefined;
  readonly variables: Json;
  /**
   * Requests that get the same text here may share a call to this subgraph; with undefined, none may.
   * While its breaker is not closed nobody may: they would all wait for the one call that tries it.
   */
  sharingWith(subgraph: string): string | undefined;
  /** Aborted when nobody waits for this run any more. */
  readonly signal: AbortSignal | undefined;
  readonly ask: AskSubgraph;
};

/** A part of a plan, ready to run. It never rejects: what fails is an error of the run. */
export type Step = (run: Run) => Promise<void>;
