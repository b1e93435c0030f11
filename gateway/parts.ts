import { payerOf } from '@wenshu/schema/caller.ts';
import { type AccessOptions, createAdmission } from './admission/admit.ts';
import { mayDo } from './admission/permissions.ts';
import {
  openRequestLimits,
  type RequestLimitHooks,
  type RequestLimitSettings,
} from './admission/request-limits.ts';
import { settings as admissionSettings } from './admission/settings.ts';
import { shedLoad } from './admission/shed-load.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { KeyUsage } from './control/key-usage.ts';
import { settings as executionSettings } from './execution/settings.ts';
import { settings as exportSettings } from './export/settings.ts';
import type { Agreements } from './governance/agreements.ts';
import { authorizeBySecurity } from './governance/authorize-by-security.ts';
import { createGovernance, type Governance } from './governance/governance.ts';
import { noPolicies, type Policies } from './governance/policies.ts';
import { askOutcomeIn } from './graph/ask-outcome.ts';
import { createHubGraph, type HubGraph } from './graph/hub-graph.ts';
import { type GraphOptions, logBreakers, openGraph, readSupergraph } from './graph/open-graph.ts';
import type { ReadinessCheck } from './graph/readiness.ts';
import type { ClientAddressOf } from './http/client-address.ts';
import type { Handler } from './http/incoming.ts';
import { settings as httpSettings } from './http/settings.ts';
import { type Log, silent, withoutValues } from './lib/log.ts';
import { pickValues, type Settled, type SomeValuesOf, withDefaults } from './lib/setting.ts';
import { settings as planningSettings } from './planning/settings.ts';
import type { GatewayContext } from './request/context.ts';
import type { FindFieldAccesses } from './response/audit-answers.ts';
import { recordChanges } from './response/record-changes.ts';
import type { SettleOptions } from './response/settle-changes.ts';
import type { RelationLimits } from './semijoin/relation-limits.ts';
import { settings as semijoinSettings } from './semijoin/settings.ts';
import { settings as subscriptionSettings } from './subscriptions/settings.ts';
import { createMetrics, type Metrics, type RuleFigures, type WebhookFigures } from './telemetry/metrics.ts';
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
  ...subscriptionSettings,
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
    /** How the rules are doing that the hub carries out by itself. */
    readonly ruleStatus?: () => readonly RuleFigures[];
    /** What became of deliveries of webhooks; undefined without any. */
    readonly webhookFigures?: () => WebhookFigures | undefined;
    /** How changes are followed up whose outcome is not known. */
    readonly settling?: Pick<SettleOptions, 'graceMs' | 'retryMs'>;
    readonly log?: Log;
    /** Where spans of requests are sent. */
    readonly tracing?: TracingOptions | undefined;
    /** Whether a caller may get an explanation with `x-wenshu-explain: 1`. Default: no caller may. */
    readonly mayExplain?: (context: GatewayContext) => boolean;
  };

/** Options with the defaults of settings that are not given. */
type SettledOptions = Settled<typeof gatewaySettings, GatewayOptions>;

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens the parts of a gateway, each with only those above it. `opening` closes them, the last one first. */
export async function openParts(given: GatewayOptions, opening: AsyncDisposableStack) {
  const options: SettledOptions = withDefaults(gatewaySettings, given);
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
  const graphOptions = {
    ...graphOptionsOf(options, governance, metrics, log),
    regionsWithout: (code: string) => regions.without(code, graph.ask),
  };
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
  const loadShedder = shedLoad(options.maxInFlight, ({ admitted }) => payerOf(admitted?.caller));
  const access = { governance, admission, mayExplain, mayIntrospect };
  const { askForCaller } = graph;
  const changes = recordChanges({
    supergraphOf: graphs.supergraphOf,
    audit: options.audit,
    askOutcome: askOutcomeIn(graphs),
    log,
    ...options.settling,
  });
  opening.defer(changes.close);
  return {
    options,
    log,
    metrics,
    tracing,
    ...access,
    graphOptions,
    graphs,
    askForCaller,
    changes,
    limits,
    loadShedder,
  };
}

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
