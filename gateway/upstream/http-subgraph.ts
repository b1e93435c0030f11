import type { IncomingHttpHeaders } from 'node:http';
import { createInterface } from 'node:readline';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';
import { type KeyRing, signCall } from '@wenshu/schema/signature.ts';
import { type HeldSnapshot, snapshotPath } from '@wenshu/schema/snapshot.ts';
import { type Dispatcher, Pool } from 'undici';
import { defaultsOf } from '../lib/setting.ts';
import type { GatewayContext } from '../request/context.ts';
import { failed, SubgraphFailure, tooLarge, unreachable, unreadable } from '../request/errors.ts';
import { settings } from './settings.ts';
import type { Subgraph, SubgraphRequest, SubgraphResponse } from './subgraph.ts';

export type HttpOptions = {
  /** How long it may take to connect. */
  readonly connectTimeoutMs?: number;
  /** A larger answer is not read to its end. */
  readonly maxResponseBytes?: number;
  /** With them every call is signed, and says who asks; nobody is told of that otherwise. */
  readonly keys?: KeyRing | undefined;
  /** What the gateway shows, and what the subgraph's certificate has to be signed by. Only for https. */
  readonly tls?: MutualTls | undefined;
};

const standard = defaultsOf(settings.subgraphHttp);

/** Asks a subgraph by GraphQL over HTTP, on connections that stay open. */
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
    // The policy of the subgraph ends calls, in time for all their parts.
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(tls && { connect: tls }),
  });

  // A call that several callers share is signed for the one who asked first: all who share it have the same
  // rights (`sharingWith` in executor.ts), so a subgraph answers it alike whoever of them it is told of.
  const ask: Subgraph = (request, context) => {
    const { query, operationName, variables, rowFilters } = request;
    const { promise, resolve, reject } = Promise.withResolvers<SubgraphResponse>();
    const reader = new AnswerReader(name, maxResponseBytes, request, resolve, reject);
    // It is part of the body because the signature vouches for that, and because there can be more of it than headers hold.
    const extensions = keys && rowFilters && { rowFilters };
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
  /** The connection is the hold: the subgraph lets go when it ends, whoever ends it. */
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
  return Object.assign(ask, {
    ...(keys && { openSnapshot }),
    connections: () => ({ open: pool.stats.connected, idle: pool.stats.free }),
    close: () => pool.destroy(),
  });
}

const ignore = () => {};

/** Reads one answer. Undici calls it directly: on this path streams and their promises would cost more than the call. */
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
    // What it says may repeat what callers sent: it is not for the log.
    const inShort = () =>
      new Error(`HTTP ${this.#status} with ${this.#bytes} bytes of ${this.#contentType ?? 'no type'}`);
    // The subgraph refuses the gateway, not the caller, who could not mend it.
    if (this.#status === 401) return this.#reject(failed(name, inShort()));
    if (notNow.has(this.#status)) return this.#reject(unreachable(name, inShort()));
    if (this.#status >= 500 && !this.#isGraphql()) return this.#reject(failed(name, inShort()));
    try {
      this.#resolve(JSON.parse(text));
    } catch {
      this.#reject(unreadable(name, inShort()));
    }
  }

  /** Of this type no proxy answers: what stands in it is the subgraph's own word, whatever the status. */
  #isGraphql() {
    return String(this.#contentType).startsWith('application/graphql-response+json');
  }
}

/** Bad Gateway, Service Unavailable, Gateway Timeout: nobody has looked at the question yet, or soon somebody will. */
const notNow = new Set([502, 503, 504]);

function parseAddress(name: string, address: string): URL {
  const url = URL.parse(address);
  if (url) return url;
  throw new Error(`Subgraph "${name}" has no address: the supergraph says "${address}".`);
}
