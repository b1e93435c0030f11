import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import type { GatewayContext } from '../request/context.ts';

/** Reads or changes an answer before it leaves. */
export type ResponseStep = (response: GraphQLRequestContextWillSendResponse<GatewayContext>) => void;

/** Takes these steps in this order. */
export const inOrder =
  (...steps: readonly ResponseStep[]): ResponseStep =>
  (response) => {
    for (const step of steps) step(response);
  };
