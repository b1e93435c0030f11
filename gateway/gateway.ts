import { payerOf } from '@wenshu/schema/caller.ts';
import {
  type AccessOptions,
  admitCallers,
  admitOnlyFor,
  arrivalOf,
  createAdmission,
} from './admission/admit.ts';
import { noProtoVariable } from './admission/no-proto-variable.ts';
import { mayDo } from './admission/permissions.ts';
import {
  openRequestLimits,
  type RequestLimitHooks,
  type RequestLimitSettings,
  standardRequestLimits,
} from './admission/request-limits.ts';
import { settings as admissionSettings } from './admission/settings.ts';
import { shedLoad } from './admission/shed-load.ts';
import { startGraphqlServer } from './apollo/server.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { KeyUsage } from './control/key-usage.ts';
import { createExportHandler } from './export/export-handler.ts';
import { type ExportLimits, standardExportLimits } from './export/export-run.ts';
import type { Agreements } from './governance/agreements.ts';
import { authorizeBySecurity } from './governance/authorize-by-security.ts';
import { createGovernance, type Governance } from './governance/governance.ts';
import { noPolicies, type Policies } from './governance/policies.ts';
import { keepGraph } from './graph/graph-manager.ts';
import { createHubGraph, type HubGraph } from './graph/hub-graph.ts';
import { type GraphOptions, logBreakers, openGraph } from './graph/open-graph.ts';
import { checkOfAudit, checksOf, createReadiness, type ReadinessCheck } from './graph/readiness.ts';
import { serveSchema } from './graph/schema-page.ts';
import { allowOrigins } from './http/allow-origins.ts';
import { answerRefusals } from './http/answer-refused.ts';
import type { ClientAddressOf } from './http/client-address.ts';
import { compressAnswers } from './http/compress-answers.ts';
import { serveFrontPage } from './http/front-page.ts';
import type { Handler } from './http/incoming.ts';
import { readJsonBody } from './http/json-body.ts';
import type { ConnectionLimits } from './http/limit-connections.ts';
import { demandJson, refuseMisuse } from './http/refuse-misuse.ts';
import { json } from './http/reply.ts';
import { createHttpServer, type StopTimes } from './http/server.ts';
import { settings as httpSettings } from './http/settings.ts';
import { inOrder, type Step } from './http/step.ts';
import { takeBody } from './http/take-body.ts';
import type { WriteLimits } from './http/write-answer.ts';
import { type Log, silent, withoutValues } from './lib/log.ts';
import { defaultsOf } from './lib/setting.ts';
import { settings as planningSettings } from './planning/settings.ts';
import type { GatewayContext } from './request/context.ts';
import {
  auditAnswers,
  type FindFieldAccesses,
  fieldAccessesBySharing,
  noteAccess,
} from './response/audit-answers.ts';
import { hideSuggestions } from './response/hide-suggestions.ts';
import { maskErrors } from './response/mask-errors.ts';
import { noteKeyUse } from './response/note-key-use.ts';
import { noteResponse } from './response/note-response.ts';
import { answerOnce, type Pipeline } from './response/pipeline.ts';
import { recordRequests } from './response/record-requests.ts';
import { respondWith } from './response/response-step.ts';
import type { RelationLimits } from './semijoin/relation-limits.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { settings as telemetrySettings } from './telemetry/settings.ts';
import { startTracing, type TracingOptions } from './telemetry/tracing.ts';
import { createHttpSubgraph } from './upstream/http-subgraph.ts';
import { type SubgraphLimits, standardLimits } from './upstream/policy.ts';
import type { Subgraph } from './upstream/subgraph.ts';

export type GatewayOptions = RequestLimitHooks & {
  /** SDL of any Federation v2 supergraph. */
  readonly supergraphSdl: string;
  /** The graph that the control plane already has. */
  readonly graph?: HubGraph;
  /** Returns how a subgraph is called; undefined for HTTP at the address in the supergraph. */
  readonly subgraphs?: (name: string, url: string) => Subgraph | undefined;
  /** Further checks of `/readyz` by name, such as the database. */
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** Which callers are admitted. Without it, the gateway does not authenticate. */
  readonly access?: AccessOptions | undefined;
  /** Returns the client's address. Default: the other end of the connection. */
  readonly clientAddressOf?: ClientAddressOf | undefined;
  /** Where the usage of partners' keys is recorded. */
  readonly keyUsage?: KeyUsage | undefined;
  /** Decides who meets a `@policy` of the supergraph. Default: nobody. */
  readonly policies?: Policies | undefined;
  /** Agreements between departments. They apply when access control is on. */
  readonly agreements?: Agreements | undefined;
  /** Returns the fields that an operation reads, for the audit log. Default: by `@sharing`. */
  readonly fieldAccesses?: FindFieldAccesses;
  /** Handler of `/graphiql`. */
  readonly graphiql?: Handler | undefined;
  /** Limits of calls to subgraphs. Default: `standardLimits`. */
  readonly subgraphLimits?: Partial<SubgraphLimits>;
  /** Time after which a request is answered with the data that has arrived, in milliseconds. */
  readonly requestTimeoutMs?: number;
  /** Maximum number of graph requests in progress. More are refused at once. */
  readonly maxInFlight?: number;
  /** Limits of exports. Default: `standardExportLimits`. */
  readonly exportLimits?: Partial<ExportLimits>;
  readonly maxBodyBytes?: number;
  /** Origins whose pages may ask the gateway from a browser, such as `https://app.example.cn`. Default: none. */
  readonly corsOrigins?: readonly string[];
  /** Whether every caller is warned that subgraphs read synthetic rows unless a query filters them. */
  readonly isTrial?: boolean;
  /** Time within which a request must arrive completely, in milliseconds. */
  readonly receiveTimeoutMs?: number;
  /** Limits of open connections. Default: `standardConnectionLimits`. */
  readonly connectionLimits?: ConnectionLimits;
  /** Limits of slow readers. Default: `standardWriteLimits`. */
  readonly writeLimits?: Partial<WriteLimits>;
  /** Limits of requests. Default: `standardRequestLimits`. */
  readonly admission?: Partial<RequestLimitSettings>;
  /** Timeout of planning an operation, in milliseconds. An operation that exceeds it is refused for a while. */
  readonly planTimeoutMs?: number;
  /** Planning time of one caller in a minute, in milliseconds. */
  readonly planBudgetMs?: number;
  /** Maximum number of compiled operations. */
  readonly operationsKept?: number;
  /** Limits of conditions and orders on related data. Default: `standardRelationLimits`. */
  readonly relationLimits?: Partial<RelationLimits>;
  /** Whether identical concurrent fetches of callers with equal rights share one call. Default: true. */
  readonly sharesFetches?: boolean;
  /** For `@override(label:)`: whether a label applies to a request. */
  readonly isLabelActive?: (label: string, context: GatewayContext) => boolean;
  /** Log that records every answer. Its owner closes it after the gateway. */
  readonly audit?: AuditLog | undefined;
  readonly log?: Log;
  /** Whether `/metrics` answers. Default: true. */
  readonly metrics?: boolean;
  /** Number of operations that have metrics under their own name. */
  readonly operationsNamed?: number;
  /** Where spans of requests are sent. */
  readonly tracing?: TracingOptions | undefined;
  /** Whether a caller may get an explanation with `x-wenshu-explain: 1`. Default: no caller may. */
  readonly mayExplain?: (context: GatewayContext) => boolean;
};

export type Gateway = {
  readonly supergraph: Supergraph;
  /**
   * Answers new requests from another supergraph, and running ones from the old. Rejects and changes nothing when the
   * SDL is invalid.
   */
  replaceSupergraph(sdl: string): Promise<void>;
  /** Starts to answer requests. Resolves with the address; port 0 takes any free one. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>;
  /** Stops: `/readyz` fails, new connections are refused. Resolves when the last answer is sent or its time is over. */
  stop(times?: StopTimes): Promise<void>;
};

/** Default settings of several rooms. */
const standard = defaultsOf({
  maxInFlight: admissionSettings.maxInFlight,
  requestTimeoutMs: admissionSettings.requestTimeoutMs,
  maxBodyBytes: httpSettings.maxBodyBytes,
  corsOrigins: httpSettings.corsOrigins,
  stop: httpSettings.stop,
  planTimeoutMs: planningSettings.planTimeoutMs,
  operationsNamed: telemetrySettings.operationsNamed,
});

/** Creates a gateway: opens its parts and connects the steps of a request. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { audit, maxInFlight, requestTimeoutMs, corsOrigins, isTrial = false } = { ...standard, ...options };
  await using opening = new AsyncDisposableStack();
  const parts = await openParts(options, opening);
  const { log, metrics, admission, graphs, graphOptions, limits, mayExplain } = parts;
  const pipeline = pipelineOf(parts, options);

  const loadShedder = shedLoad(maxInFlight, ({ admitted }) => payerOf(admitted?.caller));
  const { answer, stop: stopAnswering } = await startGraphqlServer({
    graphs,
    pipeline,
    requestTimeoutMs,
    log,
  });
  opening.defer(stopAnswering);
  const exported = createExportHandler({
    costOf: limits.costOf,
    checkExportCost: limits.checkExportCost,
    chargeExport: limits.chargeExport,
    graphs,
    answer,
    once: pipeline,
    exportLimits: { ...standardExportLimits, ...options.exportLimits },
    requestTimeoutMs,
    mayExplain,
    admitAgain: async (incoming) => admission?.admit(arrivalOf(incoming)),
    log,
  });
  const capacity = [loadShedder.step, keepGraph(graphs)];
  const readiness = createReadiness(() => readinessChecks(parts, options), log);
  const routes: Readonly<Record<string, Handler>> = {
    '/graphql': inOrder([...stepsOf('answer', parts, options), ...capacity], (incoming) =>
      answer(incoming, readJsonBody(incoming), pipeline),
    ),
    '/export': inOrder([...stepsOf('export', parts, options), ...capacity], exported),
    '/readyz': readiness.handler,
    '/schema.graphql': inOrder([answerRefusals, admitCallers(admission)], serveSchema(parts)),
    ...furtherRoutes(parts, options),
  };
  const http = createHttpServer({ ...routes, '/': serveFrontPage(new Set(Object.keys(routes))) }, log, {
    ...options,
    headers: isTrial ? { 'x-wenshu-trial': 'synthetic' } : undefined,
    steps: [allowOrigins(corsOrigins), compressAnswers],
  });
  metrics?.watch({
    requestsInFlight: () => loadShedder.inFlight,
    operationsKept: () => graphs.current.executor.operationsKept,
    subgraphs: () => graphs.current.subgraphs,
    isRateStoreUp: () => limits.isStoreUp,
    auditSpace: () => audit?.space.bytes,
  });

  const opened = opening.move();
  const stopAll = async (times: StopTimes) => {
    readiness.stop();
    await http.stop(times);
    await opened.disposeAsync();
  };
  let stopped: Promise<void> | undefined;
  return {
    get supergraph() {
      return graphs.current.supergraph;
    },
    async replaceSupergraph(sdl) {
      await graphs.use(await openGraph(sdl, graphOptions));
    },
    async listen(port, host = '0.0.0.0') {
      const address = await http.listen(port, host);
      return { port: address.port, url: `http://localhost:${address.port}` };
    },
    async stop(times = standard.stop) {
      stopped ??= stopAll(times);
      await stopped;
    },
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens the parts of a gateway, each with only those above it. `opening` closes them, the last one first. */
async function openParts(options: GatewayOptions, opening: AsyncDisposableStack) {
  const log = withoutValues(options.log ?? silent);
  const mayExplain = (context: GatewayContext) =>
    (options.mayExplain?.(context) ?? false) && mayDo(context.caller, 'explain');
  const mayIntrospect = options.mayIntrospect ?? (({ caller }) => mayDo(caller, 'introspect'));
  const { operationsNamed = standard.operationsNamed } = options;
  const metrics = options.metrics === false ? undefined : createMetrics(operationsNamed);
  const tracing = options.tracing && (await startTracing(options.tracing));
  if (tracing) opening.defer(tracing.close);
  const { graphs, ask, regions } = options.graph ?? createHubGraph(log);
  const governance = options.access && createGovernance({ agreements: options.agreements, regions });
  const admission = options.access && createAdmission(options.access, log, regions.isRegion);
  const graphOptions = graphOptionsOf(options, governance, metrics, log);
  opening.defer(graphs.close);
  await graphs.use(await openGraph(options.supergraphSdl, graphOptions));
  if (governance) opening.defer(governance.close);
  governance?.start(graphs.current.supergraph, ask);
  const limits = await openRequestLimits(
    { ...standardRequestLimits, ...options.admission },
    { ...options, mayIntrospect },
    (listener) => graphs.announce(({ supergraph }) => listener(supergraph)),
    log,
  );
  opening.defer(limits.close);
  const access = { governance, admission, mayExplain, mayIntrospect };
  return { log, metrics, tracing, ...access, graphOptions, graphs, limits };
}

/** Steps of a graph request before its operation. */
const stepsOf = (
  kind: 'answer' | 'export',
  { log, metrics, tracing, admission }: Parts,
  { audit, maxBodyBytes = standard.maxBodyBytes }: GatewayOptions,
): readonly Step[] => [
  recordRequests({
    log,
    metrics,
    tracing,
    audit: audit && auditAnswers(audit, { kind, knowsCallers: admission !== undefined }),
  }),
  answerRefusals,
  ...(kind === 'answer' ? [refuseMisuse] : []),
  demandJson,
  admitCallers(admission),
  takeBody(maxBodyBytes),
];

/** Steps of an operation: document, validation, price, execution and response. */
const pipelineOf = (
  { log, graphs, limits, mayIntrospect, mayExplain }: Parts,
  { audit, fieldAccesses = fieldAccessesBySharing, keyUsage }: GatewayOptions,
): Pipeline => ({
  checkDocument: limits.checkDocument,
  validation: { rules: [noProtoVariable], maxErrors: maxValidationErrors },
  ...answerOnce(limits, graphs),
  respond: respondWith([
    maskErrors(log),
    hideSuggestions(mayIntrospect),
    ...(audit ? [noteAccess(fieldAccesses, (schema) => graphs.ofSchema(schema).supergraph)] : []),
    noteResponse(mayExplain),
    ...(keyUsage ? [noteKeyUse(keyUsage)] : []),
  ]),
});

const readinessChecks = (
  { graphs, admission, log }: Parts,
  { audit, readiness }: GatewayOptions,
): Readonly<Record<string, ReadinessCheck>> => ({
  ...checksOf(graphs.current.subgraphs, log),
  ...readiness,
  ...(admission && { identityProvider: admission.ready }),
  ...(audit && { auditLog: checkOfAudit(audit) }),
});

/** Routes that ask the graph nothing. */
const furtherRoutes = (
  { metrics, admission }: Parts,
  { graphiql }: GatewayOptions,
): Readonly<Record<string, Handler>> => ({
  '/healthz': () => json(200, { status: 'ok' }),
  ...(metrics && {
    '/metrics': inOrder([answerRefusals, admitOnlyFor('readMetrics', admission)], () => metrics.page()),
  }),
  ...(graphiql && { '/graphiql': graphiql }),
});

/** Maximum validation errors in an answer. A short document could have one for each of its tokens. */
const maxValidationErrors = 20;

const graphOptionsOf = (
  options: GatewayOptions,
  governance: Governance | undefined,
  metrics: Metrics | undefined,
  log: Log,
): GraphOptions => ({
  connect: (name, url) => options.subgraphs?.(name, url) ?? createHttpSubgraph(name, url),
  limits: { ...standardLimits, ...options.subgraphLimits },
  observer: { ...logBreakers(log), ...(metrics && { onRetry: metrics.onRetry }) },
  planTimeoutMs: options.planTimeoutMs ?? standard.planTimeoutMs,
  planBudgetMs: options.planBudgetMs,
  operationsKept: options.operationsKept ?? 1_000,
  sharesFetches: options.sharesFetches ?? true,
  relationLimits: options.relationLimits,
  isLabelActive: options.isLabelActive ?? (() => false),
  authorizeBy: (supergraph) =>
    authorizeBySecurity(supergraph, options.policies ?? noPolicies, governance?.authorizeBy(supergraph), log),
  log,
});
