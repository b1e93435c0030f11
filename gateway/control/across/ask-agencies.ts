import type { Context } from '@wenshu/kit/context.ts';
import { isDenial } from '@wenshu/schema/errors.ts';
import { GraphQLError } from 'graphql';
import type { Json } from '../../lib/json.ts';
import type { AskForCaller } from '../../request/ask-for-caller.ts';

/** What the agencies answered, with an error for each agency that is missing. */
export type Answers = { readonly data: Json; readonly gaps: readonly GraphQLError[] };

/** Asks the agencies for the caller of a field of the control plane. */
export type AskAgencies = (asker: Asking, query: string, variables: Json) => Promise<Answers>;

/** The caller, and until when it waits. */
export type Asking = Pick<Context, 'caller' | 'purposeOfUse' | 'requestId' | 'signal'>;

/** Part of a call's time that agencies get. The rest is for answering with what came from the others. */
const shareOfAgencies = 0.8;

/**
 * Creates the function that asks the agencies. It asks the graph as the caller itself would ask, so what the caller may not see is
 * missing without a word. An agency that does not answer is a gap; any other error, such as a wrong argument, is thrown.
 */
export const createAskAgencies =
  (ask: AskForCaller, callTimeoutMs: number): AskAgencies =>
  async ({ signal, ...asker }, query, variables) => {
    const timeoutMs = callTimeoutMs * shareOfAgencies;
    const { data = {}, errors } = await ask(asker, { query, variables, timeoutMs, signal });
    const gaps = new Map<unknown, GraphQLError>();
    for (const { message, extensions } of errors) {
      if (isDenial(String(extensions.code))) continue;
      // The path of the question is not that of the caller.
      const error = new GraphQLError(message, { extensions });
      if (extensions.subgraph === undefined || !isOutage(extensions.code)) throw error;
      gaps.set(extensions.subgraph, error);
    }
    return { data, gaps: [...gaps.values()] };
  };

const isOutage = (code: unknown) =>
  code === 'SUBGRAPH_UNAVAILABLE' || code === 'SUBGRAPH_TIMEOUT' || code === 'INTERNAL_SERVER_ERROR';
