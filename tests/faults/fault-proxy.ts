import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** How the proxy answers in place of the subgraph behind it. */
export type Fault =
  | { readonly kind: 'none' }
  /** The right answer, too late. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The right answer, not before `until`; told of each question that it waits with. */
  | { readonly kind: 'held'; readonly onHeld: () => void; readonly until: Promise<void> }
  /** A TCP reset in place of an answer. */
  | { readonly kind: 'reset' }
  /** Half of the answer that was announced, then the end. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'not JSON' }
  /** Valid JSON of this size, of unknown length until it ends. */
  | { readonly kind: 'large'; readonly bytes: number }
  /** Entities changed on their way; other answers pass. */
  | { readonly kind: 'entities'; readonly change: ChangeEntities };

export type Entity = Record<string, unknown> | null;
export type Representation = { readonly __typename: string; readonly id?: string };
export type ChangeEntities = (
  entities: readonly Entity[],
  asked: readonly Representation[],
) => readonly Entity[];

/** Stands between the gateway and a subgraph, and does to its answers what a broken system does. */
export interface FaultProxy extends AsyncDisposable {
  readonly origin: string;
  fault: Fault;
}

/** `target` is the origin of the subgraph. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const server = createServer((request, response) => {
    // A gateway that hangs up on us is no error of ours.
    response.on('error', () => {});
    answer(proxy.fault, target, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: { kind: 'none' },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}

async function answer(fault: Fault, target: string, request: IncomingMessage, response: ServerResponse) {
  const question = await buffer(request);
  switch (fault.kind) {
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'not JSON':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      return;
    case 'large':
      response.writeHead(200, { 'content-type': 'application/json' });
      Readable.from(largeAnswer(fault.bytes)).pipe(response);
      return;
    case 'held':
      fault.onHeld();
      await fault.until;
      break;
    case 'slow':
      await wait(fault.delayMs);
  }
  const { status, type, body } = await ask(target, request, question);
  const head = { 'content-type': type, 'content-length': body.length };
  if (fault.kind === 'truncated') {
    response.writeHead(status, head).write(body.subarray(0, body.length / 2), () => response.destroy());
  } else if (fault.kind === 'entities') {
    const changed = changeEntities(fault.change, question, body);
    response.writeHead(status, { ...head, 'content-length': changed.length }).end(changed);
  } else {
    response.writeHead(status, head).end(body);
  }
}

async function ask(target: string, { method, url = '/', headers }: IncomingMessage, question: Buffer) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  forward(`${target}${url}`, { method, headers }, resolve).on('error', reject).end(question);
  const answered = await promise;
  const type = answered.headers['content-type'] ?? 'application/json';
  return { status: answered.statusCode ?? 502, type, body: await buffer(answered) };
}

function* largeAnswer(bytes: number) {
  const chunk = 'x'.repeat(64 * 1024);
  yield '{"data":{"_entities":[],"padding":"';
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
  yield '"}}';
}

/** A batched question holds its representations in any of its variables; each list stands for one field of the answer. */
function changeEntities(change: ChangeEntities, question: Buffer, answered: Buffer): Buffer {
  const { variables = {} } = JSON.parse(question.toString()) as { variables?: Record<string, unknown> };
  const { data, ...rest } = JSON.parse(answered.toString()) as { data?: Record<string, Entity[]> };
  const asked = Object.values(variables).find(isRepresentations);
  if (!asked || !data) return answered;
  const changed = Object.entries(data).map(([name, entities]) => [
    name,
    name.startsWith('_e') && entities.length === asked.length ? change(entities, asked) : entities,
  ]);
  return Buffer.from(JSON.stringify({ data: Object.fromEntries(changed), ...rest }));
}

const isRepresentations = (value: unknown): value is Representation[] =>
  Array.isArray(value) && value.length > 0 && typeof value[0]?.__typename === 'string';
