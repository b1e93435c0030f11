import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Call, Outcome, RequestFacts, RequestTrace } from '../request/record.ts';
import { parseTraceparent } from '../request/trace.ts';

export type TracingOptions = {
  /** Base address of an OTLP/HTTP receiver, as in `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** Fraction of requests that are traced, from 0 to 1, when the caller has not decided. */
  readonly sampledPart: number;
};

export type Tracing = {
  startRequest(headers: IncomingHttpHeaders): RequestTrace;
  /** Sends the remaining spans. */
  close(): Promise<void>;
};

/** Timeout for the last spans of a stopping gateway, in milliseconds. */
const lastSpansMs = 1_000;

/** Starts to send spans to an OpenTelemetry collector. Its libraries are imported here, only when they are used. */
export async function startTracing({ endpoint, serviceName, sampledPart }: TracingOptions): Promise<Tracing> {
  const [{ createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace }, sdk, exporter, resources] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sampledPart) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new exporter.OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }),
      }),
    ],
  });
  const tracer = provider.getTracer('wenshu');

  function callerContext(headers: IncomingHttpHeaders) {
    const parent = parseTraceparent(headers.traceparent);
    if (!parent) return ROOT_CONTEXT;
    const { tracestate } = headers;
    return trace.setSpanContext(ROOT_CONTEXT, {
      ...parent,
      isRemote: true,
      ...(typeof tracestate === 'string' && { traceState: createTraceState(tracestate) }),
    });
  }

  return {
    startRequest(headers) {
      const parent = callerContext(headers);
      const span = tracer.startSpan('graphql', { kind: SpanKind.SERVER }, parent);
      const context = trace.setSpan(parent, span);
      return {
        traceId: span.spanContext().traceId,
        startCall({ subgraph }) {
          const fetching = tracer.startSpan(`fetch ${subgraph}`, { kind: SpanKind.CLIENT }, context);
          const { traceId, spanId, traceFlags, traceState } = fetching.spanContext();
          const flags = traceFlags.toString(16).padStart(2, '0');
          const state = traceState?.serialize();
          return {
            headers: {
              traceparent: `00-${traceId}-${spanId}-${flags}`,
              ...(state && { tracestate: state }),
            },
            end(call) {
              fetching.setAttributes(attributesOf(call));
              const hasFailed = call.failure && call.failure !== 'abandoned';
              if (hasFailed) fetching.setStatus({ code: SpanStatusCode.ERROR });
              fetching.end();
            },
          };
        },
        end(facts, status, outcome) {
          const { operation, planning } = facts;
          if (planning && !planning.wasKept) {
            tracer.startSpan('plan', { startTime: planning.startedAt }, context).end(planning.endedAt);
          }
          if (operation?.name) span.updateName(`graphql ${operation.name}`);
          span.setAttributes(attributesOfRequest(facts, status, outcome));
          if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async close() {
      // An unreachable receiver must not keep the gateway from stopping.
      await Promise.race([provider.shutdown(), wait(lastSpansMs, undefined, { ref: false })]).catch(() => {});
    },
  };
}

const attributesOf = ({ subgraph, entitiesAsked, failure }: Call) => ({
  'wenshu.subgraph': subgraph,
  ...(entitiesAsked !== undefined && { 'wenshu.entities.asked': entitiesAsked }),
  ...(failure && failure !== 'abandoned' && { 'error.type': failure }),
});

const attributesOfRequest = (
  { options, operation, planning, errorCodes }: RequestFacts,
  status: number,
  outcome: Outcome,
) => ({
  'http.response.status_code': status,
  'wenshu.request_id': options.requestId,
  'wenshu.outcome': outcome,
  ...(operation && { 'graphql.document.hash': operation.hash }),
  ...(operation?.name && { 'graphql.operation.name': operation.name }),
  ...(planning && { 'wenshu.plan.cache': planning.wasKept ? 'hit' : 'miss' }),
  ...(errorCodes.length > 0 && { 'wenshu.error_codes': [...errorCodes] }),
});
