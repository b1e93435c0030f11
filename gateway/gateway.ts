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
} from './admission/request-limits.ts';
import { settings as admissionSettings } from './admission/settings.ts';
import { shedLoad } from './admission/shed-load.ts';
import { startGraphqlServer } from './apollo/server.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { KeyUsage } from './control/key-usage.ts';
import { settings as executionSettings } from './execution/settings.ts';
import { createExportHandler } from './export/export-handler.ts';
import { settings as exportSettings } from './export/settings.ts';
import type { Agreements } from './governance/agreements.ts';
import { authorizeBySecurity } from './governance/authorize-by-security.ts';
import { createGovernance, type Governance } from './governance/governance.ts';
import { noPolicies, type Policies } from './governance/policies.ts';
import { keepGraph } from './graph/graph-manager.ts';
import { createHubGraph, type HubGraph } from './graph/hub-graph.ts';
import { type GraphOptions, logBreakers, openGraph, readSupergraph } from './graph/open-graph.ts';
import { checkOfAudit, checksOf, createReadiness, type ReadinessCheck } from './graph/readiness.ts';
import { answerRefusals } from './http/answer-refused.ts';
import type { ClientAddressOf } from './http/client-address.ts';
import { readJsonBody } from './http/json-body.ts';
import { json } from './http/reply.ts';
import { createHttpServer, type Handler, type StopTimes } from './http/server.ts';
import { settings as httpSettings } from './http/settings.ts';
import { inOrder, type Step } from './http/step.ts';
import { takeBody } from './http/take-body.ts';
import { type Log, silent, withoutValues } from './lib/log.ts';
import { pickValues, type Settled, type SomeValuesOf, withDefaults } from './lib/setting.ts';
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
import { settings as semijoinSettings } from './semijoin/settings.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { settings as telemetrySettings } from './telemetry/settings.ts';
import { startTracing, type TracingOptions } from './telemetry/tracing.ts';
import { createHttpSubgraph } from './upstream/http-subgraph.ts';
import { settings as upstreamSettings } from './upstream/settings.ts';
import type { Subgraph } from './upstream/subgraph.ts';

/** The settings of a gateway. Each is declared in the room that it sets. */
export const gatewaySettings = {
  ...executionSettings,
  ...exportSettings,
  ...httpSettings,
  ...planningSettings,
  ...semijoinSettings,
  subgraphLimits: upstreamSettings.subgraphLimits,
  requestTimeoutMs: admissionSettings.requestTimeoutMs,
  maxInFlight: admissionSettings.maxInFlight,
  admission: admissionSettings.requestLimits,
  metrics: telemetrySettings.metrics,
  operationsNamed: telemetrySettings.operationsNamed,
};

/** The settings of a gateway that differ from their defaults, and its connections to the rest of its process. */
export type GatewayOptions = SomeValuesOf<typeof gatewaySettings> &
  RequestLimitHooks & {
    /** SDL of any Federation v2 supergraph. */
    readonly supergraphSdl: string;
    /** The graph over `supergraphSdl`, when the control plane already has it. */
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
    /** Maximum size of the answers that wait for slow readers, in bytes. */
    readonly heldBytes?: number;
    /** Whether every caller is warned that subgraphs read synthetic rows unless a query filters them. */
    readonly isTrial?: boolean;
    /** Limits of requests, with the store in which several gateways count together. */
    readonly admission?: Partial<RequestLimitSettings>;
    /** Limits of conditions and orders on related data. */
    readonly relationLimits?: Partial<RelationLimits>;
    /** Whether identical concurrent fetches of callers with equal rights share one call. Default: true. */
    readonly sharesFetches?: boolean;
    /** For `@override(label:)`: whether a label applies to a request. */
    readonly isLabelActive?: (label: string, context: GatewayContext) => boolean;
    /** Log that records every answer. Its owner closes it after the gateway. */
    readonly audit?: AuditLog | undefined;
    readonly log?: Log;
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

/** Options with the defaults of settings that are not given. */
type SettledOptions = Settled<typeof gatewaySettings, GatewayOptions>;

/** Creates a gateway: opens its parts and connects the steps of a request. */
export async function createGateway(given: GatewayOptions): Promise<Gateway> {
  const options: SettledOptions = withDefaults(gatewaySettings, given);
  const { audit, maxInFlight, requestTimeoutMs, exportLimits, isTrial = false } = options;
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
    exportLimits,
    requestTimeoutMs,
    mayExplain,
    admitAgain: async (incoming) => admission?.admit(arrivalOf(incoming)),
    log,
  });
  const capacity = [loadShedder.step, keepGraph(graphs)];
  const readiness = createReadiness(() => readinessChecks(parts, options), log);
  const http = createHttpServer(
    {
      '/graphql': inOrder([...stepsOf('answer', parts, options), ...capacity], (incoming) =>
        answer(incoming, readJsonBody(incoming), pipeline),
      ),
      '/export': inOrder([...stepsOf('export', parts, options), ...capacity], exported),
      '/readyz': readiness.handler,
      ...furtherRoutes(parts, options),
    },
    log,
    { ...options, headers: isTrial ? { 'x-wenshu-trial': 'synthetic' } : undefined },
  );
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
    async stop(times = options.stop) {
      stopped ??= stopAll(times);
      await stopped;
    },
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens the parts of a gateway, each with only those above it. `opening` closes them, the last one first. */
async function openParts(options: SettledOptions, opening: AsyncDisposableStack) {
  const log = withoutValues(options.log ?? silent);
  const mayExplain = (context: GatewayContext) =>
    (options.mayExplain?.(context) ?? false) && mayDo(context.caller, 'explain');
  const mayIntrospect = options.mayIntrospect ?? (({ caller }) => mayDo(caller, 'introspect'));
  const metrics = options.metrics ? createMetrics(options.operationsNamed) : undefined;
  const tracing = options.tracing && (await startTracing(options.tracing));
  if (tracing) opening.defer(tracing.close);
  const graph = options.graph ?? createHubGraph(readSupergraph(options.supergraphSdl), log);
  const { regions } = graph;
  const governance = options.access && createGovernance({ agreements: options.agreements, regions });
  const admission = options.access && createAdmission(options.access, log, regions.isRegion);
  const graphOptions = graphOptionsOf(options, governance, metrics, log);
  const graphs = graph.serve(await openGraph(graph.supergraph.sdl, graphOptions));
  opening.defer(graphs.close);
  if (governance) opening.defer(governance.close);
  governance?.start(graph.supergraph, graph.ask);
  const limits = await openRequestLimits(
    options.admission,
    { ...options, mayIntrospect },
    (listener) => graphs.announce(({ supergraph }) => listener(supergraph)),
    log,
  );
  opening.defer(limits.close);
  const access = { admission, mayExplain, mayIntrospect };
  return { log, metrics, tracing, ...access, graphOptions, graphs, limits };
}

/** Steps of a graph request before its operation. */
const stepsOf = (
  kind: 'answer' | 'export',
  { log, metrics, tracing, admission }: Parts,
  { audit, maxBodyBytes }: SettledOptions,
): readonly Step[] => [
  recordRequests({
    log,
    metrics,
    tracing,
    audit: audit && auditAnswers(audit, { kind, knowsCallers: admission !== undefined }),
  }),
  answerRefusals,
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
  options: SettledOptions,
  governance: Governance | undefined,
  metrics: Metrics | undefined,
  log: Log,
): GraphOptions => ({
  ...pickValues({ ...planningSettings, ...executionSettings, ...semijoinSettings }, options),
  subgraphLimits: options.subgraphLimits,
  connect: (name, url) => options.subgraphs?.(name, url) ?? createHttpSubgraph(name, url),
  observer: { ...logBreakers(log), ...(metrics && { onRetry: metrics.onRetry }) },
  sharesFetches: options.sharesFetches ?? true,
  isLabelActive: options.isLabelActive ?? (() => false),
  authorizeBy: (supergraph) =>
    authorizeBySecurity(supergraph, options.policies ?? noPolicies, governance?.authorizeBy(supergraph), log),
  log,
});
