import type { IncomingMessage } from 'node:http';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Caller } from '@wenshu/schema/caller.ts';
import type { GatewayContext } from './context.ts';
import { asApolloGateway } from './execution/apollo-gateway.ts';
import { type GraphOptions, openGraph } from './execution/graph.ts';
import { createHttpSubgraph } from './execution/http-subgraph.ts';
import type { Subgraph, SubgraphObserver } from './execution/subgraph.ts';
import { type SubgraphLimits, standardLimits } from './execution/subgraph-policy.ts';
import { startSuccession } from './execution/succession.ts';
import type { Supergraph } from './execution/supergraph.ts';
import { createGraphqlHandler } from './http/graphql-handler.ts';
import { checkReadiness, checksOf, type ReadinessCheck } from './http/readiness.ts';
import { html, json } from './http/reply.ts';
import { createHttpServer, type StopTimes } from './http/server.ts';
import { shedLoad } from './http/shed-load.ts';
import type { KeyUsage } from './hub/key-usage.ts';
import { type Log, silent } from './log.ts';
import { beforeSending } from './response/before-sending.ts';
import { legacyStatus } from './response/legacy-status.ts';
import { maskErrors } from './response/mask-errors.ts';
import { noteKeyUse } from './response/note-key-use.ts';
import { stringifyResult } from './response/stringify.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { noteResponse } from './telemetry/note-response.ts';
import { recordRequests } from './telemetry/record-requests.ts';
import { startTracing, type TracingOptions } from './telemetry/tracing.ts';

export type GatewayOptions = {
  /** The SDL of any federation v2 supergraph. */
  readonly supergraphSdl: string;
  /** How to ask a subgraph; undefined for HTTP at the address that the supergraph names. */
  readonly subgraphs?: (name: string, url: string) => Subgraph | undefined;
  /** What else has to work before `/readyz` says so, by name: the database, for one. */
  readonly readiness?: Readonly<Record<string, ReadinessCheck>> | undefined;
  /** The page at `/graphiql`. */
  readonly graphiql?: () => string;
  /** What a subgraph may cost; what is not named is as in `standardLimits`. */
  readonly subgraphLimits?: Partial<SubgraphLimits>;
  /** After this time a request is answered with what there is. */
  readonly requestTimeoutMs?: number;
  /** How many requests for the graph may be under way; more are turned away at once. */
  readonly maxInFlight?: number;
  readonly maxBodyBytes?: number;
  readonly introspection?: boolean;
  /** How long planning an operation may take; one that takes longer is refused for a while. */
  readonly planTimeoutMs?: number;
  /** How many operations are kept compiled. */
  readonly operationsKept?: number;
  /** Whether identical fetches under way, for callers with the same rights, share one call. Default: true. */
  readonly sharesFetches?: boolean;
  /** For `@override(label:)`: whether a label applies to a request. */
  readonly isLabelActive?: (label: string, context: GatewayContext) => boolean;
  /** Who sends a request; rejects with a HubError where it may not be answered. */
  readonly authenticate?: (request: IncomingMessage) => Promise<Caller | undefined>;
  /** Where it is noted what partners use their keys for. */
  readonly keyUsage?: KeyUsage | undefined;
  readonly log?: Log;
  /** Whether `/metrics` answers; it does unless told otherwise. */
  readonly metrics?: boolean;
  /** How many operations have metrics under their own name. */
  readonly operationsNamed?: number;
  /** Where spans of requests are sent. */
  readonly tracing?: TracingOptions | undefined;
  /** Whether a caller that sends `x-wenshu-explain: 1` may see how its answer came about; nobody may unless told otherwise. */
  readonly mayExplain?: (context: GatewayContext) => boolean;
};

export type Gateway = {
  readonly supergraph: Supergraph;
  /** Answers new requests from another supergraph, running ones from the old; rejects, and stays as it is, where it is none. */
  replaceSupergraph(sdl: string): Promise<void>;
  /** Resolves with the address once requests are answered; port 0 takes any free one. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>;
  /** Says at `/readyz` that it goes, takes no more connections, and resolves when the last answer is out or its time is over. */
  stop(times?: StopTimes): Promise<void>;
};

/** The way of a request: admission, execution, response. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const {
    log = silent,
    maxBodyBytes = 256 * 1024,
    maxInFlight = 512,
    requestTimeoutMs = 30_000,
    operationsNamed = 200,
    mayExplain = () => false,
    readiness,
    graphiql,
    authenticate = async () => undefined,
    keyUsage,
  } = options;
  const metrics =
    options.metrics === false
      ? undefined
      : createMetrics({
          operationsNamed,
          requestsInFlight: () => graphql.inFlight,
          operationsKept: () => graphs.current.executor.operationsKept,
          subgraphs: () => graphs.current.subgraphs,
        });
  const graphOptions = graphOptionsOf(options, log, metrics);
  const graphs = startSuccession(await openGraph(options.supergraphSdl, graphOptions), (cause) =>
    log.error({ cause }, 'A replaced supergraph could not be closed.'),
  );

  const tracing = options.tracing && (await startTracing(options.tracing));

  const server = new ApolloServer<GatewayContext>({
    // admission
    csrfPrevention: true,
    introspection: options.introspection ?? true,
    // execution
    gateway: asApolloGateway(graphs),
    // response
    includeStacktraceInErrorResponses: false,
    stringifyResult,
    plugins: [
      ...withoutApolloDefaults,
      beforeSending(
        maskErrors(log),
        legacyStatus,
        noteResponse(mayExplain),
        ...(keyUsage ? [noteKeyUse(keyUsage)] : []),
      ),
    ],
    // process
    stopOnTerminationSignals: false,
    logger: asApolloLogger(log),
  });
  await server.start();

  const answer = createGraphqlHandler(server, { maxBodyBytes, requestTimeoutMs, authenticate });
  const graphql = shedLoad(maxInFlight, (...request: Parameters<typeof answer>) =>
    graphs.serve(() => answer(...request)),
  );
  const isReady = () => checkReadiness({ ...checksOf(graphs.current.subgraphs, log), ...readiness }, log);
  const http = createHttpServer(
    {
      '/graphql': recordRequests({ log, metrics, tracing }, graphql.handler),
      '/healthz': () => json(200, { status: 'ok' }),
      '/readyz': () => (http.isStopping ? json(503, { status: 'stopping' }) : isReady()),
      ...(metrics && { '/metrics': () => metrics.page() }),
      ...(graphiql && { '/graphiql': () => html(graphiql()) }),
    },
    log,
  );

  return {
    get supergraph() {
      return graphs.current.supergraph;
    },
    async replaceSupergraph(sdl) {
      graphs.replace(await openGraph(sdl, graphOptions));
    },
    async listen(port, host = '0.0.0.0') {
      const address = await http.listen(port, host);
      return { port: address.port, url: `http://localhost:${address.port}` };
    },
    async stop(times = { noticeMs: 0, graceMs: 10_000 }) {
      if (http.isStopping) return;
      await http.stop(times);
      await server.stop();
      await graphs.close();
      await tracing?.close();
    },
  };
}

const graphOptionsOf = (options: GatewayOptions, log: Log, metrics: Metrics | undefined): GraphOptions => ({
  connect: (name, url) => options.subgraphs?.(name, url) ?? createHttpSubgraph(name, url),
  limits: { ...standardLimits, ...options.subgraphLimits },
  observer: { ...logBreakers(log), ...(metrics && { onRetry: metrics.onRetry }) },
  planTimeoutMs: options.planTimeoutMs ?? 5_000,
  operationsKept: options.operationsKept ?? 1_000,
  sharesFetches: options.sharesFetches ?? true,
  isLabelActive: options.isLabelActive ?? (() => false),
  log,
});

const logBreakers = (log: Log): SubgraphObserver => ({
  onStateChange(subgraph, state, before) {
    if (before === 'closed') log.warn({ subgraph }, `Subgraph "${subgraph}" fails: it is left to recover.`);
    if (state === 'closed') log.info({ subgraph }, `Subgraph "${subgraph}" answers again.`);
  },
});

/** Nothing is reported to anybody, and what nobody reads is not computed. */
const withoutApolloDefaults = [
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
