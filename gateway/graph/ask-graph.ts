import { parse } from 'graphql';
import type { ExecutionRequest } from '../execution/execution.ts';
import type { AskGraph } from '../governance/regions.ts';
import type { Json } from '../lib/json.ts';
import type { AskForCaller } from '../request/ask-for-caller.ts';
import type { GraphManager } from './graph-manager.ts';

/**
 * Creates the function that runs queries of the gateway itself, without a caller and so without authorization. A query
 * keeps its graph open until it is answered.
 */
export const askGraphAsGateway =
  (opened: Promise<GraphManager>): AskGraph =>
  async (query, variables) => {
    const answer = await execute(opened, query, variables, {
      requestId: 'gateway',
      isOwnQuestion: true,
      deadline: performance.now() + 10_000,
    });
    if (answer.errors?.[0]) throw answer.errors[0];
    return answer.data?.toJSON();
  };

/** Creates the function that runs queries for a caller, with the caller's authorization. */
export const askGraphForCaller =
  (opened: Promise<GraphManager>): AskForCaller =>
  async ({ caller, purposeOfUse, requestId = 'gateway' }, { query, variables, timeoutMs, signal }) => {
    const { data, errors = [] } = await execute(opened, query, variables, {
      requestId,
      // A gateway that serves everybody alike has no callers.
      ...(caller ? { caller } : { isOwnQuestion: true }),
      ...(purposeOfUse && { purposeOfUse }),
      ...(signal && { signal }),
      deadline: performance.now() + timeoutMs,
    });
    return { ...(data && { data: data.toJSON() as Json }), errors };
  };

async function execute(
  opened: Promise<GraphManager>,
  query: string,
  variables: Json,
  context: Omit<ExecutionRequest['context'], 'headers'>,
) {
  const graphs = await opened;
  const { current } = graphs;
  const release = graphs.hold(current);
  try {
    return await current.executor.execute({
      document: parse(query),
      documentKey: query,
      operationName: undefined,
      variables,
      isOfGateway: true,
      context: { ...context, headers: new Map() },
    });
  } finally {
    release();
  }
}
