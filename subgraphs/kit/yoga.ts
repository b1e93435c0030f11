import { HubError } from '@wenshu/schema/errors.ts';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Context } from './context.ts';
import type { execute } from './execution/execute.ts';
import type { Sent } from './in-process.ts';

/** Replaces an error that callers may not see. */
export type Mask = (error: GraphQLError, requestId: string | undefined) => GraphQLError;

/** Creates the Yoga server, with our own executor. `isSigned`: the gateway is known to be the caller. */
export const createYogaServer = (schema: GraphQLSchema, run: typeof execute, mask: Mask, isSigned: boolean) =>
  createYoga<Context>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    logging: false,
    plugins: [
      {
        onExecute: ({ setExecuteFn, args: { contextValue } }: Executing) => {
          // Without keys the subgraph cannot know who sends it.
          if (isSigned) Object.assign(contextValue, sentIn(contextValue.params?.extensions ?? undefined));
          setExecuteFn(run);
        },
        onSubscribe: ({ setResultAndStopExecution }: Subscribing) =>
          setResultAndStopExecution({ errors: [onlyAsStream()] }),
      },
    ],
    maskedErrors: {
      // Errors of the execution are masked already, where the request is known.
      maskError: (error) => (error instanceof GraphQLError ? mask(error, undefined) : (error as Error)),
    },
  });

/** Payload of Yoga's hook before a subscription. */
interface Subscribing {
  setResultAndStopExecution(result: ExecutionResult): void;
}

const onlyAsStream = () =>
  new HubError('BAD_REQUEST', 'A subscription is asked by POST, as JSON, with "accept: text/event-stream".', {
    messageZh: '订阅须以 POST 发送 JSON,并附 "accept: text/event-stream"。',
  });

/** Payload of Yoga's hook before execution. */
interface Executing {
  setExecuteFn(run: typeof execute): void;
  readonly args: {
    readonly contextValue: Sent & {
      readonly params?: { readonly extensions?: Sent | null };
    };
  };
}

const sentIn = ({ rowFilters, evidence, unknownNames }: Sent = {}): Sent => ({
  ...(rowFilters && { rowFilters }),
  ...(evidence && { evidence }),
  ...(unknownNames && { unknownNames }),
});
