import { admitCallers, admitOnlyFor, arrivalOf } from './admission/admit.ts';
import { chargeOperation } from './admission/check-cost.ts';
import { noProtoVariable } from './admission/no-proto-variable.ts';
import { startGraphqlServer } from './apollo/server.ts';
import { createExportHandler } from './export/export-handler.ts';
import { keepGraph } from './graph/graph-manager.ts';
import { openGraph } from './graph/open-graph.ts';
import { checkOfAudit, checksOf, createReadiness, type ReadinessCheck } from './graph/readiness.ts';
import { serveSchema } from './graph/schema-page.ts';
import { allowOrigins } from './http/allow-origins.ts';
import { answerRefusals } from './http/answer-refused.ts';
import { compressAnswers } from './http/compress-answers.ts';
import { serveFrontPage } from './http/front-page.ts';
import type { Handler } from './http/incoming.ts';
import { readJsonBody } from './http/json-body.ts';
import { demandJson, refuseMisuse } from './http/refuse-misuse.ts';
import { json } from './http/reply.ts';
import { createHttpServer, type StopTimes } from './http/server.ts';
import { inOrder, type Step } from './http/step.ts';
import { takeBody } from './http/take-body.ts';
import { varyByLanguage } from './http/vary.ts';
import { type GatewayOptions, openParts, type Parts } from './parts.ts';
import { type ActAsSystem, createActAsSystem } from './response/act-as-system.ts';
import { auditAnswers, fieldAccessesBySharing, noteAccess } from './response/audit-answers.ts';
import { withNames } from './response/find-names.ts';
import { hideSuggestions } from './response/hide-suggestions.ts';
import { giveLegacyStatus } from './response/legacy-status.ts';
import { maskErrors } from './response/mask-errors.ts';
import { noteKeyUse } from './response/note-key-use.ts';
import { noteResponse } from './response/note-response.ts';
import { type AnswerOperation, type OperationStep, sortSteps } from './response/operation-steps.ts';
import { recordRequests } from './response/record-requests.ts';
import { speakLanguage } from './response/speak-language.ts';
import { withEvidence } from './response/take-evidence.ts';
import { createSubscriptions } from './subscriptions/subscriptions.ts';
import { createTransports } from './subscriptions/transports/transports.ts';
import type { Supergraph } from './supergraph/supergraph.ts';

/** Maximum validation errors in an answer. A short document could have one for each of its tokens. */
const maxValidationErrors = 20;

/** Steps of a request before its operation, in order. */
const requestSteps = (kind: 'answer' | 'export' | 'stream', parts: Parts): readonly Step[] => [
  recordAll(kind === 'export' ? 'export' : 'answer', parts),
  answerRefusals,
  ...(kind === 'answer' ? [refuseMisuse] : []),
  demandJson,
  admitCallers(parts.admission),
  takeBody(parts.options.maxBodyBytes),
  parts.loadShedder.step,
  keepGraph(parts.graphs),
];

/** Steps of an operation that comes as a message on a connection, whose caller is admitted. */
const messageSteps = (parts: Parts): readonly Step[] => [
  recordAll('answer', parts),
  answerRefusals,
  parts.loadShedder.step,
  keepGraph(parts.graphs),
];

const recordAll = (
  kind: 'answer' | 'export',
  { log, metrics, tracing, admission, options: { audit } }: Parts,
) =>
  recordRequests({
    log,
    metrics,
    tracing,
    audit: audit && auditAnswers(audit, { kind, knowsCallers: admission !== undefined }),
  });

/** Steps of an operation, in order. `execute` begins with authorization. An export replaces steps by name. */
const operationSteps = ({
  log,
  graphs,
  askForCaller,
  changes,
  limits,
  mayIntrospect,
  mayExplain,
  options: { audit, fieldAccesses = fieldAccessesBySharing, keyUsage },
}: Parts): readonly OperationStep[] => [
  { name: 'checkDocument', read: limits.checkDocument },
  { name: 'validate', validate: { rules: [noProtoVariable], maxErrors: maxValidationErrors } },
  { name: 'price', admit: chargeOperation(limits) },
  { name: 'admitChanges', admit: changes.admit },
  {
    name: 'execute',
    execute: withEvidence(
      graphs.supergraphOf,
      askForCaller,
      withNames(graphs.supergraphOf, askForCaller, (request) =>
        graphs.ofSchema(request.schema).executor.execute(request),
      ),
    ),
  },
  { name: 'maskErrors', respond: maskErrors(log) },
  { name: 'recordChanges', respond: changes.respond },
  { name: 'hideSuggestions', respond: hideSuggestions(mayIntrospect) },
  ...(audit ? [{ name: 'noteAccess', respond: noteAccess(fieldAccesses, graphs.supergraphOf) }] : []),
  { name: 'noteResponse', respond: noteResponse(mayExplain) },
  { name: 'speakLanguage', respond: speakLanguage },
  ...(keyUsage ? [{ name: 'noteKeyUse', respond: noteKeyUse(keyUsage) }] : []),
  { name: 'giveLegacyStatus', respond: giveLegacyStatus },
];

export type Gateway = {
  readonly supergraph: Supergraph;
  /**
   * Answers new requests from another supergraph, and running ones from the old. Rejects and changes nothing when the
   * SDL is invalid.
   */
  replaceSupergraph(sdl: string): Promise<void>;
  /** Carries out a mutation as the hub itself. */
  readonly actAsSystem: ActAsSystem;
  /** Starts to answer requests. Resolves with the address; port 0 takes any free one. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>;
  /** Stops: `/readyz` fails, new connections are refused. Resolves when the last answer is sent or its time is over. */
  stop(times?: StopTimes): Promise<void>;
};

/** Creates a gateway: opens its parts and connects the steps of a request. */
export async function createGateway(given: GatewayOptions): Promise<Gateway> {
  await using opening = new AsyncDisposableStack();
  const parts = await openParts(given, opening);
  const { options, log, metrics, admission, graphs, graphOptions, limits, mayExplain, loadShedder } = parts;
  const { audit, requestTimeoutMs, exportLimits, isTrial = false } = options;
  const steps = operationSteps(parts);
  const sorted = sortSteps(steps);

  const { answer, stop: stopAnswering } = await startGraphqlServer({
    graphs,
    validation: sorted.validate,
    requestTimeoutMs,
    log,
  });
  opening.defer(stopAnswering);
  const exported = createExportHandler({
    pricing: limits.pricing,
    checkExportCost: limits.checkExportCost,
    chargeExport: limits.chargeExport,
    graphs,
    answer,
    operationSteps: steps,
    exportLimits,
    requestTimeoutMs,
    mayExplain,
    admitAgain: async (incoming) => admission?.admit(arrivalOf(incoming)),
    log,
  });
  const live = openSubscriptions(parts, steps, answer);
  opening.defer(async () => live.subscriptions.close());
  const readiness = createReadiness(() => readinessChecks(parts), log);
  const routes: Readonly<Record<string, Handler>> = {
    '/graphql': inOrder([...requestSteps('answer', parts), live.transports.answerByStream], (incoming) =>
      answer(incoming, readJsonBody(incoming), sorted),
    ),
    '/graphql/stream': inOrder(requestSteps('stream', parts), live.transports.singleConnection),
    '/export': inOrder(requestSteps('export', parts), exported),
    '/readyz': readiness.handler,
    '/schema.graphql': inOrder([answerRefusals, admitCallers(admission)], serveSchema(parts)),
    ...furtherRoutes(parts),
  };
  const http = createHttpServer({ ...routes, '/': serveFrontPage(new Set(Object.keys(routes))) }, log, {
    ...options,
    headers: isTrial ? { 'x-wenshu-trial': 'synthetic' } : undefined,
    steps: [allowOrigins(options.corsOrigins), varyByLanguage, compressAnswers],
    upgrades: { '/graphql': live.transports.takeWebSocket },
    onStop: live.leave,
  });
  metrics?.watch({
    requestsInFlight: () => loadShedder.inFlight,
    operationsKept: () => graphs.current.executor.operationsKept,
    subgraphs: () => graphs.current.subgraphs,
    isRateStoreUp: () => limits.isStoreUp,
    auditSpace: () => audit?.space.bytes,
    rules: options.ruleStatus ?? (() => []),
    webhooks: () => options.webhookFigures?.(),
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
    actAsSystem: createActAsSystem(graphs, parts.changes, sorted.execute),
    async replaceSupergraph(sdl) {
      await graphs.use(await openGraph(sdl, graphOptions));
    },
    async listen(port, host = '0.0.0.0') {
      await parts.changes.settleOnce();
      const address = await http.listen(port, host);
      return { port: address.port, url: `http://localhost:${address.port}` };
    },
    async stop(times = options.stop) {
      stopped ??= stopAll(times);
      await stopped;
    },
  };
}

/** Opens the subscriptions, and the ways on which clients receive them. */
function openSubscriptions(parts: Parts, operationSteps: readonly OperationStep[], answer: AnswerOperation) {
  const { options, metrics, admission, limits, log } = parts;
  const { audit } = options;
  const subscriptions = createSubscriptions({
    ...parts,
    answer,
    operationSteps,
    messageSteps: messageSteps(parts),
    requestTimeoutMs: options.requestTimeoutMs,
    charge: limits.charge,
    limits: options.subscriptionLimits,
    listener: metrics,
    audit: audit && auditAnswers(audit, { knowsCallers: admission !== undefined }),
    admitAgain: admission && ((incoming) => admission.admit(arrivalOf(incoming))),
  });
  const transports = createTransports({
    ...options,
    start: subscriptions.start,
    admit: (incoming) => admission?.admit(arrivalOf(incoming)),
    log,
  });
  const leave = () => {
    subscriptions.leave();
    transports.leave();
  };
  return { subscriptions, transports, leave };
}

const readinessChecks = ({
  graphs,
  admission,
  log,
  options: { audit, readiness },
}: Parts): Readonly<Record<string, ReadinessCheck>> => ({
  ...checksOf(graphs.current.subgraphs, log),
  ...readiness,
  ...(admission && { identityProvider: admission.ready }),
  ...(audit && { auditLog: checkOfAudit(audit) }),
});

/** Routes that ask the graph nothing. */
const furtherRoutes = ({
  metrics,
  admission,
  options: { graphiql },
}: Parts): Readonly<Record<string, Handler>> => ({
  '/healthz': () => json(200, { status: 'ok' }),
  ...(metrics && {
    '/metrics': inOrder([answerRefusals, admitOnlyFor('readMetrics', admission)], () => metrics.page()),
  }),
  ...(graphiql && { '/graphiql': graphiql }),
});
