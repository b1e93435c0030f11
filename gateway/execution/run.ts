import type { GraphQLError } from 'graphql';
import type { SubgraphFailure } from './errors.ts';
import type { Json } from './json.ts';
import type { SubgraphError, SubgraphRequest } from './subgraph.ts';

/** One execution of a compiled operation: all that differs from request to request. */
export type Run = {
  /** What the subgraphs answered so far, as one tree. */
  readonly data: Json;
  readonly errors: GraphQLError[];
  readonly variables: Json;
  ask(subgraph: string, request: Omit<SubgraphRequest, 'signal'>): Promise<Answer | SubgraphFailure>;
};

export type Answer = {
  readonly data: Json | undefined;
  readonly errors: readonly SubgraphError[];
};

/** A part of a plan, ready to run. It never rejects: what fails is an error of the run. */
export type Step = (run: Run) => Promise<void>;
