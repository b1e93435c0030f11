import { parse } from 'graphql';
import type { AskGraph } from '../governance/regions.ts';
import type { Json } from '../lib/json.ts';
import type { GraphManager } from './graph-manager.ts';

/**
 * Creates the function that runs queries of the gateway itself, without a caller and so without authorization. A query
 * keeps its graph open until it is answered.
 */
export const askGraphAsGateway =
  (opened: Promise<GraphManager>): AskGraph =>
  async (query, variables) => {
    const graphs = await opened;
    const { current } = graphs;
    const release = graphs.hold(current);
    try {
      const answer = await current.executor.execute({
        document: parse(query),
        documentKey: query,
        operationName: undefined,
        variables: variables as Json,
        context: {
          requestId: 'gateway',
          headers: new Map(),
          isOwnQuestion: true,
          deadline: performance.now() + 10_000,
        },
      });
      if (answer.errors?.[0]) throw answer.errors[0];
      return answer.data?.toJSON();
    } finally {
      release();
    }
  };
