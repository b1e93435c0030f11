import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { ApolloGateway, OperationContext } from './apollo-gateway.ts';

/**
 * Runs the steps of each operation as one Apollo plugin. Apollo Server waits for each plugin many times in a request, so
 * one is faster than several (bench case `small`).
 */
export function runSteps(execute: ApolloGateway['execute']): ApolloServerPlugin<OperationContext> {
  const listener: GraphQLRequestListener<OperationContext> = {
    async didResolveOperation({ schema, document, operation, request, response, contextValue }) {
      if (!operation) return;
      for (const step of contextValue.steps.admit) {
        const admitted = step({ schema, document, operation }, request.variables ?? {}, contextValue);
        const headers = admitted instanceof Promise ? await admitted : admitted;
        for (const name in headers) response.http.headers.set(name, headers[name] ?? '');
      }
    },
    responseForOperation: execute,
    async willSendResponse(answering) {
      for (const step of answering.contextValue.steps.respond) step(answering);
    },
  };
  return { requestDidStart: async () => listener };
}
