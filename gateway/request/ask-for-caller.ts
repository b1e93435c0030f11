import type { Asker } from '@wenshu/schema/signature.ts';
import type { GraphQLError } from 'graphql';
import type { Json } from '../lib/json.ts';

/** A question to the graph by a part of the gateway that answers a caller. */
export type Question = {
  readonly query: string;
  readonly variables: Json;
  /** Maximum time for the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Asks the graph for a caller. The answer shows what the caller itself would see, by the same rules. It is not put on record: the
 * caller's own request is.
 */
export type AskForCaller = (
  asker: Asker,
  question: Question,
) => Promise<{ readonly data?: Json; readonly errors: readonly GraphQLError[] }>;
