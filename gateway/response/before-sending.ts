import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import type { GatewayContext } from '../context.ts';

/** Reads or changes an answer before it leaves. */
export type ResponseStep = (response: GraphQLRequestContextWillSendResponse<GatewayContext>) => void;

/** Takes these steps in this order, as one plugin: Apollo Server waits for each plugin many times in a request. */
export function beforeSending(...steps: readonly ResponseStep[]): ApolloServerPlugin<GatewayContext> {
  const listener = {
    async willSendResponse(response: GraphQLRequestContextWillSendResponse<GatewayContext>) {
      for (const step of steps) step(response);
    },
  };
  return { requestDidStart: async () => listener };
}
