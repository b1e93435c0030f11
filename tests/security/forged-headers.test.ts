import type { IncomingHttpHeaders } from 'node:http';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { type KeyRing, signCall, verifyCall } from '@wenshu/schema/signature.ts';
import { expect, test } from 'vitest';
import { answering, startFaultServer } from '../support/fault-server.ts';
import { startInProcess } from '../support/federation.ts';
import { keyRing } from '../support/signing.ts';

const sdl = 'type Query { name: String }';
const query = '{"query":"{ name }"}';

/** The headers that a subgraph gets when the gateway is asked with `forged` ones. */
async function headersAtSubgraph(forged: Record<string, string>, keys?: KeyRing) {
  const received: IncomingHttpHeaders[] = [];
  await using names = await startFaultServer((call) => {
    received.push(call.request.headers);
    answering({ name: 'East' })(call);
  });
  await using hub = await startInProcess(
    { names: { sdl } },
    { subgraphs: (name) => createHttpSubgraph(name, names.url, { keys }) },
  );
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...forged },
    body: query,
  });
  expect(await response.json()).toEqual({ data: { name: 'East' } });
  return received[0] ?? {};
}

const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('of the headers of a client only its request id and its trace reach a subgraph', async () => {
  const forgedCall = signCall(
    keyRing('forged'),
    'names',
    { method: 'POST', target: '/graphql', contentType: 'application/json', body: query },
    { caller: { kind: 'department', department: 'PROPAGANDA', role: 'auditor', user: 'mallory' } },
  );
  const received = await headersAtSubgraph(
    {
      ...forgedCall,
      authorization: 'Bearer x',
      cookie: 'session=x',
      'x-forwarded-for': '10.0.0.1',
      'x-wenshu-role': 'auditor',
      'x-request-id': 'r-1',
      traceparent: trace,
      tracestate: 'vendor=1',
    },
    keyRing('a'),
  );
  expect(Object.keys(received).sort()).toEqual([
    'accept',
    'connection',
    'content-digest',
    'content-length',
    'content-type',
    'host',
    'signature',
    'signature-input',
    'traceparent',
    'tracestate',
    'x-request-id',
    'x-wenshu-caller',
  ]);
  for (const name of ['content-digest', 'signature', 'signature-input', 'x-wenshu-caller']) {
    expect(received[name]).not.toBe(forgedCall[name]);
  }
  const call = { method: 'POST', url: '/graphql', headers: received };
  expect(verifyCall(keyRing('a'), 'names', call).asker).toEqual({});
});

test('a gateway without keys passes on neither a forged identity nor the caller', async () => {
  const received = await headersAtSubgraph({
    'x-wenshu-caller': 'e30',
    signature: 'x',
    'signature-input': 'x',
  });
  for (const name of ['x-wenshu-caller', 'signature', 'signature-input', 'content-digest']) {
    expect(received).not.toHaveProperty(name);
  }
});
