import type {
  ApolloServerPlugin,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestListener,
} from '@apollo/server';
import type { GatewayContext } from './context.ts';
import type { ApolloGateway } from './execution/apollo-gateway.ts';
import type { ResponseStep } from './response/response-step.ts';

/** A valid operation, before it is planned. */
export type ResolvedOperation = GraphQLRequestContextDidResolveOperation<GatewayContext>;

/** What we do with an operation between Apollo Server's own steps, in this order. */
export type Phases = {
  /** Rejects where it is refused. */
  beforePlanning(operation: ResolvedOperation): Promise<void>;
  readonly execute: ApolloGateway['responseForOperation'];
  readonly beforeSending: ResponseStep;
};

/** All phases as one plugin: Apollo Server waits for each plugin many times in a request. */
export function asPlugin({
  beforePlanning,
  execute,
  beforeSending,
}: Phases): ApolloServerPlugin<GatewayContext> {
  const listener: GraphQLRequestListener<GatewayContext> = {
    didResolveOperation: beforePlanning,
    responseForOperation: execute,
    willSendResponse: async (response) => beforeSending(response),
  };
  return { requestDidStart: async () => listener };
}
