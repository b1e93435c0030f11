import {
  type GraphQLRequestContextResponseForOperation,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import type { GatewayExecutionResult, GatewayInterface } from '@apollo/server-gateway-interface';
import type { ExecutionAnswer } from '../execution/executor.ts';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { GatewayContext } from '../request/context.ts';

export type ApolloGateway = {
  /** Lets Apollo Server parse and validate against the public schema of the day, and leave execution to us. */
  readonly gateway: GatewayInterface;
  /** Carries out an operation; null where something went wrong, which Apollo Server then asks `gateway` about. */
  execute(asked: GraphQLRequestContextResponseForOperation<GatewayContext>): Promise<GraphQLResponse | null>;
};

/**
 * What Apollo Server hands to a gateway costs more than most questions, and outlives its request: an object with
 * accessors written out has a hidden class of its own, which V8 keeps until its next full collection with all that the
 * accessors see. So only answers with errors go that way, for Apollo Server to put into form.
 */
export function asApolloGateway(graphs: GraphManager): ApolloGateway {
  /** Answers with errors, by the context of their request. */
  const withErrors = new WeakMap<object, Promise<ExecutionAnswer>>();

  return {
    async execute({ schema, document, queryHash = '', request, contextValue }) {
      const answering = graphs.ofSchema(schema).executor.execute({
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

/** The data goes on as it is, to stringifyResult. */
const singleResult = ({ data }: ExecutionAnswer) =>
  ({ kind: 'single', singleResult: { data } }) as unknown as GraphQLResponse['body'];
