import type { GatewayExecutionResult, GatewayInterface } from '@apollo/server-gateway-interface';
import type { GatewayContext } from '../context.ts';
import type { Succession } from './succession.ts';

/** Lets Apollo Server parse and validate against the public schema of the day, and leave execution to us. */
export const asApolloGateway = (graphs: Succession): GatewayInterface => ({
  onSchemaLoadOrUpdate(callback) {
    graphs.announce(({ supergraph: { publicSchema, sdl } }) =>
      callback({ apiSchema: publicSchema, coreSupergraphSdl: sdl }),
    );
    return () => {};
  },
  load: async () => ({
    executor: ({ schema, document, queryHash, request, context }) =>
      // Apollo Server hands the data on as it is, to stringifyResult.
      graphs.ofSchema(schema).executor.execute({
        document,
        documentKey: queryHash,
        operationName: request.operationName,
        variables: request.variables ?? {},
        context: context as GatewayContext,
      }) as Promise<GatewayExecutionResult>,
  }),
  stop: async () => {},
});
