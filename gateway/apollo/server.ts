import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { Log } from '../lib/log.ts';
import type { AnswerOperation, Validation } from '../response/operation-steps.ts';
import { stringifyResult } from '../response/stringify.ts';
import { createAnswerOperation } from './answer-operation.ts';
import { asApolloGateway, type OperationContext } from './apollo-gateway.ts';
import { runSteps } from './plugin.ts';

export type GraphqlServerOptions = {
  readonly graphs: GraphManager;
  readonly validation: Validation;
  /** Time after which a request is answered with the data that has arrived, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly log: Log;
};

export type GraphqlServer = { readonly answer: AnswerOperation; stop(): Promise<void> };

/** Starts Apollo Server for GraphQL over HTTP. It reads, parses and validates; the other steps are ours. */
export async function startGraphqlServer(options: GraphqlServerOptions): Promise<GraphqlServer> {
  const { graphs, validation, requestTimeoutMs, log } = options;
  const apollo = asApolloGateway(graphs);
  const server = new ApolloServer<OperationContext>({
    gateway: apollo.gateway,
    csrfPrevention: true,
    introspection: true,
    persistedQueries: false,
    validationRules: [...validation.rules],
    validationOptions: { maxErrors: validation.maxErrors },
    plugins: [...withoutDefaults, runSteps(apollo.execute)],
    includeStacktraceInErrorResponses: false,
    stringifyResult,
    stopOnTerminationSignals: false,
    logger: asApolloLogger(log),
  });
  await server.start();
  return {
    answer: createAnswerOperation(server, requestTimeoutMs),
    stop: () => server.stop(),
  };
}

/** Turns off Apollo's usage reports and other unused defaults. */
const withoutDefaults = [
  ApolloServerPluginCacheControlDisabled(),
  ApolloServerPluginInlineTraceDisabled(),
  ApolloServerPluginLandingPageDisabled(),
  ApolloServerPluginSchemaReportingDisabled(),
  ApolloServerPluginUsageReportingDisabled(),
];

const asApolloLogger = (log: Log) => ({
  debug: () => {},
  info: (message: string) => log.info({}, message),
  warn: (message: string) => log.warn({}, message),
  error: (message: string) => log.error({}, message),
});
