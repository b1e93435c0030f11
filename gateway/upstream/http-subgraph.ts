import type { IncomingHttpHeaders } from 'node:http';
import { createInterface } from 'node:readline';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';
import { type KeyRing, signCall } from '@wenshu/schema/signature.ts';
import { type HeldSnapshot, snapshotPath } from '@wenshu/schema/snapshot.ts';
import { type Dispatcher, Pool } from 'undici';
import { defaultsOf } from '../lib/setting.ts';
import type { GatewayContext } from '../request/context.ts';
import { failed, SubgraphFailure, tooLarge, unreachable, unreadable } from '../request/errors.ts';
import { openEventStream } from './event-stream.ts';
import { settings } from './settings.ts';
import type { Subgraph, SubgraphRequest, SubgraphResponse } from './subgraph.ts';

export type HttpOptions = {
  /** The time in milliseconds that connecting may take. */
  readonly connectTimeoutMs?: number;
  /** The size in bytes above which an answer is not read to its end. */
  readonly maxResponseBytes?: number;
  /** The keys that sign every call and the caller in it. Without them, the call does not carry the caller. */
  readonly keys?: KeyRing | undefined;
  /** The gateway's certificate, and the authority that must have signed the subgraph's. Only for https. */
  readonly tls?: MutualTls | undefined;
};

/** Time in which a stream must open, in milliseconds. */
const openTimeoutMs = 10_000;
/** Time after which a stream of our own subgraphs is broken: they send a heartbeat every ten seconds. In milliseconds. */
const silenceMs = 30_000;

const standard = defaultsOf(settings.subgraphHttp);

/** Creates a subgraph that is called by GraphQL over HTTP, on connections that stay open. */
export function createHttpSubgraph(name: string, address: string, options: HttpOptions = {}): Subgraph {
  const { connectTimeoutMs, maxResponseBytes, keys, tls } = { ...standard, ...options };
  const url = parseAddress(name, address);
  if (tls && url.protocol !== 'https:') {
    throw new Error(`Subgraph "${name}" is to be asked over TLS, but its address is "${address}".`);
  }
  const path = `${url.pathname}${url.search}`;
  const pool = new Pool(url.origin, {
    connectTimeout: connectTimeoutMs,
    keepAliveTimeout: 60_000,
    // The policy of the subgraph ends calls, with one limit for all their parts.
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(tls && { connect: tls }),
  });

  // A call that several callers share is signed for the first of them. All of them have the same access policy
  // (`sharingWith` in execution/run.ts), so the subgraph answers each of them alike.
  const ask: Subgraph = (request, context) => {
    const { query, operationName, variables, rowFilters, evidence, unknownNames } = request;
    const { promise, resolve, reject } = Promise.withResolvers<SubgraphResponse>();
    const reader = new AnswerReader(name, maxResponseBytes, request, resolve, reject);
    // What is sent beside the question is part of the body: the signature covers it, and headers have a smaller limit.
    const isMore = rowFilters || evidence || unknownNames;
    const extensions = keys && isMore && { rowFilters, evidence, unknownNames };
    const body = JSON.stringify({ query, operationName, variables, extensions });
    const call = { method: 'POST', target: path, contentType: 'application/json', body } as const;
    const headers = {
      'content-type': call.contentType,
      accept: 'application/graphql-response+json, application/json',
      'x-request-id': context.requestId,
      ...request.headers,
      ...(keys && signCall(keys, name, call, context)),
    };
    pool.dispatch({ method: call.method, path, headers, body }, reader);
    return promise;
  };
  /** The open connection holds the snapshot. The subgraph releases it when either side ends the connection. */
  const openSnapshot = async (context: GatewayContext, signal: AbortSignal): Promise<HeldSnapshot> => {
    const call = { method: 'POST', target: snapshotPath, contentType: 'application/json', body: '' } as const;
    const { statusCode, body } = await pool.request({
      method: call.method,
      path: call.target,
      headers: {
        'content-type': call.contentType,
        'x-request-id': context.requestId,
        ...(keys && signCall(keys, name, call, context)),
      },
      body: call.body,
      signal,
    });
    if (statusCode !== 200) {
      await body.dump();
      throw unreachable(name, new Error(`HTTP ${statusCode}`));
    }
    const lines = createInterface({ input: body })[Symbol.asyncIterator]();
    const { id, asOf } = JSON.parse((await lines.next()).value ?? '');
    return { id, asOf, ended: lines.next().then(ignore, ignore) };
  };
  /** Our own subgraphs get the position in the signed body, others as a browser sends it. */
  const openStream: Subgraph['openStream'] = (request, context) => {
    const { query, operationName, variables, rowFilters, after, signal } = request;
    const extensions = keys && (rowFilters || after !== undefined) ? { rowFilters, after } : undefined;
    const body = JSON.stringify({ query, operationName, variables, extensions });
    const call = { method: 'POST', target: path, contentType: 'application/json', body } as const;
    const headers = {
      'content-type': call.contentType,
      'x-request-id': context.requestId,
      ...(!keys && after !== undefined && { 'last-event-id': after }),
      ...request.headers,
      ...(keys && signCall(keys, name, call, context)),
    };
    return openEventStream(name, {
      dispatcher: pool,
      path,
      headers,
      body,
      signal,
      openTimeoutMs,
      silenceMs: keys ? silenceMs : 0,
      maxEventBytes: maxResponseBytes,
    });
  };
  return Object.assign(ask, {
    openStream,
    ...(keys && { openSnapshot }),
    connections: () => ({ open: pool.stats.connected, idle: pool.stats.free }),
    close: () => pool.destroy(),
  });
}

const ignore = () => {};

/**
 * Reads one answer. Undici calls it directly, because streams and their promises would cost more than the call itself
 * (bench case `small`).
 */
class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #name: string;
  readonly #maxBytes: number;
  readonly #request: SubgraphRequest;
  readonly #resolve: (response: SubgraphResponse) => void;
  readonly #reject: (failure: SubgraphFailure) => void;
  readonly #chunks: Buffer[] = [];
  #stopListening = ignore;
  #bytes = 0;
  #status = 0;
  #contentType: string | string[] | undefined;

  constructor(
    name: string,
    maxBytes: number,
    request: SubgraphRequest,
    resolve: (response: SubgraphResponse) => void,
    reject: (failure: SubgraphFailure) => void,
  ) {
    this.#name = name;
    this.#maxBytes = maxBytes;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    const { signal } = this.#request;
    if (!signal) return;
    if (signal.aborted) return controller.abort(signal.reason);
    const onAbort = () => controller.abort(signal.reason);
    signal.addEventListener('abort', onAbort);
    this.#stopListening = () => signal.removeEventListener('abort', onAbort);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders) {
    this.#status = status;
    this.#contentType = headers['content-type'];
    if (Number(headers['content-length']) > this.#maxBytes) this.#refuse(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer) {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#refuse(controller);
    else this.#chunks.push(chunk);
  }

  onResponseEnd() {
    this.#stopListening();
    this.#request.onBytes?.(this.#bytes);
    const [only = Buffer.alloc(0)] = this.#chunks;
    const whole = this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : only;
    this.#read(whole.toString());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error) {
    this.#stopListening();
    this.#reject(error instanceof SubgraphFailure ? error : unreachable(this.#name, error));
  }

  #refuse(controller: Dispatcher.DispatchController) {
    this.#chunks.length = 0;
    controller.abort(tooLarge(this.#name, this.#maxBytes));
  }

  #read(text: string) {
    const name = this.#name;
    // The answer may repeat what callers sent, so it does not go into the log.
    const inShort = () =>
      new Error(`HTTP ${this.#status} with ${this.#bytes} bytes of ${this.#contentType ?? 'no type'}`);
    // The subgraph refuses the gateway, not the caller, who cannot change that.
    if (this.#status === 401) return this.#reject(failed(name, inShort()));
    if (notNow.has(this.#status)) return this.#reject(unreachable(name, inShort()));
    if (this.#status >= 500 && !this.#isGraphql()) return this.#reject(failed(name, inShort()));
    try {
      this.#resolve(JSON.parse(text));
    } catch {
      this.#reject(unreadable(name, inShort()));
    }
  }

  /** No proxy answers with this type, so the body is the subgraph's own answer, whatever the status is. */
  #isGraphql() {
    return String(this.#contentType).startsWith('application/graphql-response+json');
  }
}

/** Bad Gateway, Service Unavailable, Gateway Timeout: the subgraph has not processed the call. */
const notNow = new Set([502, 503, 504]);

function parseAddress(name: string, address: string): URL {
  const url = URL.parse(address);
  if (url) return url;
  throw new Error(`Subgraph "${name}" has no address: the supergraph says "${address}".`);
}
