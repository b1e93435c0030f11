import type { GatewayExecutionResult, GatewayInterface } from '@apollo/server-gateway-interface';
import type { GatewayContext } from '../context.ts';
import type { Executor } from './executor.ts';
import type { Supergraph } from './supergraph.ts';

/** Lets Apollo Server parse and validate against the public schema, and leave execution to us. */
export const asApolloGateway = ({ publicSchema, sdl }: Supergraph, execute: Executor): GatewayInterface => ({
  onSchemaLoadOrUpdate(callback) {
    callback({ apiSchema: publicSchema, coreSupergraphSdl: sdl });
    return () => {};
  },
  load: async () => ({
    executor: ({ document, queryHash, request, context }) =>
      // Apollo Server hands the data on as it is, to stringifyResult.
      execute({
        document,
        documentKey: queryHash,
        operationName: request.operationName,
        variables: request.variables ?? {},
        context: context as GatewayContext,
      }) as Promise<GatewayExecutionResult>,
  }),
  stop: async () => {},
});
