import { type Kind, setting, type ValuesOf } from '../lib/setting.ts';
import { anyText, isHttpAddress, onOrOff, part, wholeNumber } from '../lib/setting-kinds.ts';
import type { TracingOptions } from './tracing.ts';

/** Address of the receiver. The error message does not repeat the value, because it may contain a password. */
const receiver: Kind<string> = {
  parse: (text) => (isHttpAddress(text) ? text : undefined),
  rule: () => 'must be like http://collector:4318',
};

export const settings = {
  metrics: setting('METRICS', 'Turns /metrics on (1) or off (0).', onOrOff, '1'),
  operationsNamed: setting(
    'METRICS_OPERATIONS',
    'The maximum number of operations with metrics under their own names. Further operations count as "other".',
    wholeNumber,
    '200',
  ),
  explain: setting(
    'EXPLAIN',
    'Allows (1) or forbids (0) explanations of answers by the header x-wenshu-explain: 1 (default: 1 for wenshu start, 0 for wenshu gateway).',
    onOrOff,
  ),
  tracing: {
    endpoint: setting(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'The address that receives OpenTelemetry traces, by OTLP over HTTP. Without it, there are no traces.',
      receiver,
    ),
    serviceName: setting(
      'OTEL_SERVICE_NAME',
      'The name of the gateway in traces.',
      anyText,
      'wenshu-gateway',
    ),
    sampledPart: setting(
      'OTEL_TRACES_SAMPLER_ARG',
      'The share of the requests that is traced, from 0 to 1, unless the caller has decided.',
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
