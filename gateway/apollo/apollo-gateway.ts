import {
  type GraphQLRequestContextResponseForOperation,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import type { GatewayExecutionResult, GatewayInterface } from '@apollo/server-gateway-interface';
import type { ExecutionAnswer } from '../execution/execution.ts';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { GatewayContext } from '../request/context.ts';
import type { OperationSteps } from '../response/operation-steps.ts';

/** The context of one request, with the steps of its operation. */
export type OperationContext = GatewayContext & { readonly steps: OperationSteps };

export type ApolloGateway = {
  /**
   * Gateway object for Apollo Server, which then parses and validates against the current public schema, and leaves
   * execution to us.
   */
  readonly gateway: GatewayInterface;
  /**
   * Executes an operation. Resolves to null when there are errors; Apollo Server then asks `gateway` for the answer.
   */
  execute(
    asked: GraphQLRequestContextResponseForOperation<OperationContext>,
  ): Promise<GraphQLResponse | null>;
};

/**
 * Adapts the execution of operations to Apollo Server. Only answers with errors go through Apollo's own gateway interface: its
 * argument costs more than most requests, and outlives its request, because V8 keeps the hidden class of an object with
 * literal accessors until the next full collection, with all that the accessors refer to (bench case `small`).
 */
export function asApolloGateway(graphs: GraphManager): ApolloGateway {
  /** Answers with errors, by the context of their request. */
  const withErrors = new WeakMap<object, Promise<ExecutionAnswer>>();

  return {
    async execute({ schema, document, queryHash = '', request, contextValue }) {
      const answering = contextValue.steps.execute({
        schema,
        document,
        documentKey: queryHash,
        operationName: request.operationName,
        variables: request.variables ?? {},
        context: contextValue,
      });
      const answer = await answering.catch(() => undefined);
      if (answer && !answer.errors) return { http: noHead, body: singleResult(answer) };
      withErrors.set(contextValue, answering);
      return null;
    },
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        graphs.announce(({ supergraph: { publicSchema, sdl } }) =>
          callback({ apiSchema: publicSchema, coreSupergraphSdl: sdl }),
        );
        return () => {};
      },
      load: async () => ({
        executor: async ({ context }) => (await withErrors.get(context)) as GatewayExecutionResult,
      }),
      stop: async () => {},
    },
  };
}

const noHead: GraphQLResponse['http'] = { headers: new HeaderMap() };

/** Wraps an answer. Its data stays text until `stringifyResult`. */
const singleResult = ({ data }: ExecutionAnswer) =>
  ({ kind: 'single', singleResult: { data } }) as unknown as GraphQLResponse['body'];
