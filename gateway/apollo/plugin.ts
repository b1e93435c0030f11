import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { BeforePlanning } from '../admission/check-cost.ts';
import type { GatewayContext } from '../request/context.ts';
import type { ResponseStep } from '../response/response-step.ts';
import type { ApolloGateway } from './apollo-gateway.ts';

/** What we do with an operation between Apollo Server's own steps, in this order. */
export type Phases = {
  readonly beforePlanning: BeforePlanning;
  readonly execute: ApolloGateway['execute'];
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
