import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GatewayContext } from '../request/context.ts';
import type { Pipeline } from '../response/pipeline.ts';
import type { ApolloGateway } from './apollo-gateway.ts';
import { giveLegacyStatus } from './legacy-status.ts';

/**
 * Makes one Apollo plugin of our pipeline. Apollo Server waits for each plugin many times in a request, so one is
 * faster than several (bench case `small`).
 */
export function asPlugin(
  { costOf, checkCost, respond }: Pipeline,
  execute: ApolloGateway['execute'],
): ApolloServerPlugin<GatewayContext> {
  const listener: GraphQLRequestListener<GatewayContext> = {
    async didResolveOperation({ schema, document, operation, request, response, contextValue }) {
      const cost = operation && costOf({ schema, document, operation }, request.variables ?? {});
      const checked = checkCost(cost, contextValue);
      const headers = checked instanceof Promise ? await checked : checked;
      for (const name in headers) response.http.headers.set(name, headers[name] ?? '');
    },
    responseForOperation: execute,
    async willSendResponse(answering) {
      respond(answering);
      giveLegacyStatus(answering);
    },
  };
  return { requestDidStart: async () => listener };
}
