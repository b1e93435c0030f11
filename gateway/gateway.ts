import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayContext } from './context.ts';
import { asApolloGateway } from './execution/apollo-gateway.ts';
import { createExecutor } from './execution/executor.ts';
import { createHttpSubgraph } from './execution/http-subgraph.ts';
import type { Subgraph } from './execution/subgraph.ts';
import { loadSupergraph, type Supergraph } from './execution/supergraph.ts';
import { createGraphqlHandler } from './http/graphql-handler.ts';
import { checkReadiness, checksOf, type ReadinessCheck } from './http/readiness.ts';
import { html, json } from './http/reply.ts';
import { close, createHttpServer, listen } from './http/server.ts';
import { type Log, silent } from './log.ts';
import { useErrorMask } from './response/mask-errors.ts';
import { stringifyResult } from './response/stringify.ts';

export type GatewayOptions = {
  /** The SDL of any federation v2 supergraph. */
  readonly supergraphSdl: string;
  /** How to ask a subgraph; undefined for HTTP at the address that the supergraph names. */
  readonly subgraphs?: (name: string, url: string) => Subgraph | undefined;
  /** What else has to work before `/readyz` says so, by name: the database, for one. */
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** The page at `/graphiql`. */
  readonly graphiql?: () => string;
  /** How long one call to a subgraph may take. */
  readonly subgraphTimeoutMs?: number;
  readonly maxBodyBytes?: number;
  readonly introspection?: boolean;
  /** How many operations are kept compiled. */
  readonly operationsKept?: number;
  /** For `@override(label:)`: whether a label applies to a request. */
  readonly isLabelActive?: (label: string, context: GatewayContext) => boolean;
  readonly log?: Log;
};

export type Gateway = {
  readonly supergraph: Supergraph;
  /** Resolves with the address once requests are answered; port 0 takes any free one. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>;
  /** Says at `/readyz` that it goes, takes no more connections, and resolves when the last answer is out. */
  stop(): Promise<void>;
};

/** The way of a request: admission, execution, response. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { log = silent, maxBodyBytes = 256 * 1024 } = options;
  const supergraph = loadSupergraph(options.supergraphSdl);
  const subgraphs = connectSubgraphs(supergraph, options);

  const execute = createExecutor({
    supergraph,
    subgraphs,
    timeoutMs: options.subgraphTimeoutMs ?? 30_000,
    operationsKept: options.operationsKept ?? 1_000,
    isLabelActive: options.isLabelActive ?? (() => false),
    log,
  });

  const server = new ApolloServer<GatewayContext>({
    // admission
    csrfPrevention: true,
    introspection: options.introspection ?? true,
    // execution
    gateway: asApolloGateway(supergraph, execute),
    // response
    includeStacktraceInErrorResponses: false,
    stringifyResult,
    plugins: [...withoutApolloDefaults, useErrorMask(log)],
    // process
    stopOnTerminationSignals: false,
    logger: asApolloLogger(log),
  });
  await server.start();

  let isStopping = false;
  const checks = { ...checksOf(subgraphs, log), ...options.readiness };
  const http = createHttpServer(
    {
      '/graphql': createGraphqlHandler(server, maxBodyBytes),
      '/healthz': () => json(200, { status: 'ok' }),
      '/readyz': () => (isStopping ? json(503, { status: 'stopping' }) : checkReadiness(checks, log)),
      ...(options.graphiql && { '/graphiql': () => html(options.graphiql?.() ?? '') }),
    },
    log,
  );

  return {
    supergraph,
    async listen(port, host = '0.0.0.0') {
      const address = await listen(http, port, host);
      return { port: address.port, url: `http://localhost:${address.port}` };
    },
    async stop() {
      if (isStopping) return;
      isStopping = true;
      await close(http);
      await server.stop();
      await Promise.all([...subgraphs.values()].map((subgraph) => subgraph.close?.()));
    },
  };
}

/** Nothing is reported to anybody, and what nobody reads is not computed. */
const withoutApolloDefaults = [
  ApolloServerPluginCacheControlDisabled(),
  ApolloServerPluginInlineTraceDisabled(),
  ApolloServerPluginLandingPageDisabled(),
  ApolloServerPluginSchemaReportingDisabled(),
  ApolloServerPluginUsageReportingDisabled(),
];

function connectSubgraphs(supergraph: Supergraph, options: GatewayOptions): ReadonlyMap<string, Subgraph> {
  return new Map(
    supergraph.subgraphs.map(({ name, url }) => [
      name,
      options.subgraphs?.(name, url) ?? createHttpSubgraph(name, url),
    ]),
  );
}

const asApolloLogger = (log: Log) => ({
  debug: () => {},
  info: (message: string) => log.info({}, message),
  warn: (message: string) => log.warn({}, message),
  error: (message: string) => log.error({}, message),
});
