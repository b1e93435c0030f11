import { type Kind, setting, type ValuesOf } from '../lib/setting.ts';
import { anyText, isHttpAddress, onOrOff, part, wholeNumber } from '../lib/setting-kinds.ts';
import type { TracingOptions } from './tracing.ts';

/** Address of the receiver. The error message does not repeat the value, because it may contain a password. */
const receiver: Kind<string> = {
  parse: (text) => (isHttpAddress(text) ? text : undefined),
  rule: () => 'must be like http://collector:4318',
};

export const settings = {
  metrics: setting('METRICS', 'Whether /metrics answers: 1 or 0.', onOrOff, '1'),
  operationsNamed: setting(
    'METRICS_OPERATIONS',
    'How many operations have metrics under their own name.',
    wholeNumber,
    '200',
  ),
  explain: setting(
    'EXPLAIN',
    'Whether x-wenshu-explain: 1 explains an answer: 1 or 0 (default: 1 for start, 0 for gateway).',
    onOrOff,
  ),
  tracing: {
    endpoint: setting(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'Where OpenTelemetry traces go, by OTLP over HTTP; without it none are made.',
      receiver,
    ),
    serviceName: setting('OTEL_SERVICE_NAME', 'Name of the gateway in traces.', anyText, 'wenshu-gateway'),
    sampledPart: setting(
      'OTEL_TRACES_SAMPLER_ARG',
      'Part of the requests that is traced, from 0 to 1, where the caller has not decided.',
      part,
      '1',
    ),
  },
};

export const tracingOf = ({
  endpoint,
  ...options
}: ValuesOf<typeof settings>['tracing']): TracingOptions | undefined =>
  endpoint === undefined ? undefined : { endpoint, ...options };
