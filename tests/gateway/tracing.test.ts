import { execFile } from 'node:child_process';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import { expect, test } from 'vitest';
import { supergraphOf } from '../support/federation.ts';
import { startTraceReceiver } from '../support/trace-receiver.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callersSpan = '00f067aa0ba902b7';
const traced = { traceparent: `00-${traceId}-${callersSpan}-01`, tracestate: 'city=7' };

/** A subgraph that notes the headers it gets. */
async function startSubgraph() {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    request.resume().on('end', () => response.end('{"data":{"_0_park":{"id":"p1"},"park":{"id":"p1"}}}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  return { url, received, [Symbol.dispose]: () => server.close().closeAllConnections() };
}

/** Asks a gateway one question, and lets it end: its spans are sent by then. */
async function askOnce(url: string, headers: Record<string, string>, options: Partial<GatewayOptions>) {
  const parks = { sdl: 'type Query { park: Park } type Park { id: ID! }' };
  const gateway = await createGateway({
    supergraphSdl: supergraphOf({ parks }, new Map([['parks', url]])),
    ...options,
  });
  const { port } = await gateway.listen(0, '127.0.0.1');
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    body: '{"query":"query Park { park { id } }"}',
    headers: { 'content-type': 'application/json', connection: 'close', 'x-request-id': 'r1', ...headers },
  });
  expect(await response.json()).toEqual({ data: { park: { id: 'p1' } } });
  await gateway.stop();
}

test('a request, its plan and its fetches are spans of the trace of the caller, which goes on in the subgraph', async () => {
  using subgraph = await startSubgraph();
  await using receiver = await startTraceReceiver();
  const tracing = { endpoint: receiver.endpoint, serviceName: 'hub', sampledPart: 0 };
  await askOnce(subgraph.url, traced, { tracing });

  const spanOf = (name: string) => receiver.spans.find((span) => span.name === name);
  const request = spanOf('graphql Park');
  expect(receiver.spans).toHaveLength(3);
  expect(request).toMatchObject({
    service: 'hub',
    traceId,
    parentSpanId: callersSpan,
    attributes: {
      'graphql.operation.name': 'Park',
      'http.response.status_code': 200,
      'wenshu.request_id': 'r1',
      'wenshu.outcome': 'ok',
      'wenshu.plan.cache': 'miss',
    },
  });
  expect(spanOf('plan')).toMatchObject({ traceId, parentSpanId: request?.spanId });
  const fetching = spanOf('fetch parks');
  expect(fetching).toMatchObject({
    traceId,
    parentSpanId: request?.spanId,
    attributes: { 'wenshu.subgraph': 'parks' },
  });
  expect(subgraph.received).toMatchObject([
    { traceparent: `00-${traceId}-${fetching?.spanId}-01`, tracestate: 'city=7' },
  ]);
});

test('a request without a trace begins one', async () => {
  using subgraph = await startSubgraph();
  await using receiver = await startTraceReceiver();
  const tracing = { endpoint: receiver.endpoint, serviceName: 'hub', sampledPart: 1 };
  await askOnce(subgraph.url, { traceparent: 'nonsense' }, { tracing });
  const [own] = new Set(receiver.spans.map((span) => span.traceId));
  expect(own).toMatch(/^[\da-f]{32}$/);
  expect(subgraph.received).toMatchObject([{ traceparent: expect.stringContaining(`00-${own}-`) }]);
});

test('a caller that is not traced leaves no spans', async () => {
  using subgraph = await startSubgraph();
  await using receiver = await startTraceReceiver();
  const tracing = { endpoint: receiver.endpoint, serviceName: 'hub', sampledPart: 1 };
  await askOnce(subgraph.url, { traceparent: `00-${traceId}-${callersSpan}-00` }, { tracing });
  expect(receiver.spans).toEqual([]);
  expect(subgraph.received).toMatchObject([{ traceparent: expect.stringMatching(`^00-${traceId}-.*-00$`) }]);
});

test('a gateway that traces nothing passes the trace of the caller on, and no nonsense', async () => {
  using subgraph = await startSubgraph();
  await askOnce(subgraph.url, traced, {});
  await askOnce(subgraph.url, { traceparent: 'nonsense' }, {});
  await askOnce(subgraph.url, {}, {});
  expect(subgraph.received.map(({ traceparent, tracestate }) => ({ traceparent, tracestate }))).toEqual([
    traced,
    { traceparent: undefined, tracestate: undefined },
    { traceparent: undefined, tracestate: undefined },
  ]);
});

test('a receiver that is gone costs no answer, and does not keep the gateway from ending', async () => {
  using subgraph = await startSubgraph();
  const tracing = { endpoint: 'http://127.0.0.1:1', serviceName: 'hub', sampledPart: 1 };
  await askOnce(subgraph.url, {}, { tracing });
});

/** Prints what is loaded of the libraries that make and send spans. */
const loadGateway = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      if (/opentelemetry.(sdk|exporter|resources)/.test(specifier)) console.log(specifier);
      return next(specifier, context);
    },
  });
  await import(${JSON.stringify(import.meta.resolve('@wenshu/gateway/gateway.ts'))});
`;

test('a gateway that traces nothing loads nothing for it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', loadGateway]);
  expect(stdout).toBe('');
});
