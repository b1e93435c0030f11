import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { HeaderMap } from '@apollo/server';
import type { Log } from '../lib/log.ts';
import type { Admitted } from '../request/context.ts';
import type { RequestRecord } from '../request/record.ts';
import { type ClientAddressOf, createClientAddress } from './client-address.ts';
import {
  type ConnectionLimits,
  limitConnections,
  refuseConnection,
  standardConnectionLimits,
} from './limit-connections.ts';
import { type Reply, refusal } from './reply.ts';
import { headersOf, requestIdOf } from './request.ts';
import { createAnswerWriter, standardWriteLimits, type WriteLimits } from './write-answer.ts';

export type Incoming = {
  readonly request: IncomingMessage;
  /** By lower-case name; what came several times is joined with commas. */
  readonly headers: HeaderMap;
  /** The query string with its question mark, or an empty text. */
  readonly search: string;
  readonly requestId: string;
  /** Where it comes from; undefined where its connection has ended. */
  readonly clientAddress: string | undefined;
  /** Aborted when the caller goes away before its answer is out. */
  readonly signal: AbortSignal;
  /** What is noted down of it: set by the first step of a request for the graph. */
  record: RequestRecord | undefined;
  /** Who asks: set by the step that lets callers in; undefined where everybody is served alike. */
  admitted: Admitted | undefined;
  /** Its body: set by the step that takes it. */
  text: string;
};

export type Handler = (incoming: Incoming) => Promise<Reply> | Reply;

export type HttpServer = {
  /** Listens, or rejects with a reason that an operator understands. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Resolves when every running request has its answer, or its time is over. */
  stop(times: StopTimes): Promise<void>;
};

export type StopTimes = {
  /** How long new connections are still taken, for a balancer to notice that this server goes. */
  readonly noticeMs: number;
  /** How long running requests may take after that. */
  readonly graceMs: number;
};

export type HttpServerOptions = {
  /** How long a request may take to arrive whole. */
  readonly receiveTimeoutMs?: number | undefined;
  readonly clientAddressOf?: ClientAddressOf | undefined;
  /** Of every answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly connectionLimits?: ConnectionLimits | undefined;
  /** What is not named is as in `standardWriteLimits`. */
  readonly writeLimits?: Partial<WriteLimits> | undefined;
};

/** A request that was on its way on an open connection when the listener closed is here after this time. */
const lastRequestMs = 500;

/**
 * Serves one handler for each path. Every answer carries the id of its request. A request that takes longer than
 * `receiveTimeoutMs` to arrive is answered 408: Node would give it five minutes, and look every half a minute.
 */
export function createHttpServer(
  routes: Readonly<Record<string, Handler>>,
  log: Log,
  {
    receiveTimeoutMs = 15_000,
    clientAddressOf = createClientAddress([]),
    connectionLimits = standardConnectionLimits,
    writeLimits,
    headers,
  }: HttpServerOptions = {},
): HttpServer {
  const mayConnect = limitConnections(connectionLimits);
  const write = createAnswerWriter({ ...standardWriteLimits, ...writeLimits }, log);
  /** Connections that have brought no request yet, which Node counts as active. */
  const fresh = new Set<Socket>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    fresh.delete(request.socket);
    // What came on a connection that was refused may be read while it ends.
    if (request.socket.writableEnded) return;
    const requestId = requestIdOf(request);
    const signal = whenLeft(response);
    try {
      const [path = '/', search = ''] = (request.url ?? '/').split(/(?=\?)/, 2);
      const handler = Object.hasOwn(routes, path) ? routes[path] : undefined;
      const reply = handler
        ? await handler({
            request,
            headers: headersOf(request),
            clientAddress: clientAddressOf(request),
            search,
            requestId,
            signal,
            record: undefined,
            admitted: undefined,
            text: '',
          })
        : refusal('NOT_FOUND', `There is nothing at ${path}. The graph is at /graphql.`);
      if (signal.aborted) return;
      await send(response, requestId, reply);
    } catch (cause) {
      if (signal.aborted) return;
      log.error({ requestId, cause }, 'A request could not be answered.');
      if (response.headersSent) response.destroy();
      else {
        const failure = refusal('INTERNAL_SERVER_ERROR', 'This request could not be answered.');
        await send(response, requestId, failure);
      }
    }
  };
  const send = (response: ServerResponse, requestId: string, reply: Reply) => {
    reply.headers['x-request-id'] = requestId;
    Object.assign(reply.headers, headers);
    // Not before the listener is closed: who connects anew in the moment it closes is reset, not refused.
    if (!server.listening) reply.headers.connection = 'close';
    return write(response, reply);
  };
  const limits = {
    headersTimeout: receiveTimeoutMs,
    requestTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: receiveTimeoutMs / 10,
  };
  const server = createServer(limits, (request, response) => void handle(request, response));
  server.on('connection', (socket) => {
    if (!mayConnect(socket)) return refuseConnection(socket);
    fresh.add(socket);
    socket.once('close', () => fresh.delete(socket));
  });

  return {
    async listen(port, host) {
      const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>();
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(`Port ${port} is in use by another program. Set PORT to a free one.`, {
                cause: error,
              })
            : error,
        ),
      );
      server.listen(port, host, () => resolve(server.address() as AddressInfo));
      return await promise;
    },
    async stop({ noticeMs, graceMs }) {
      if (!server.listening) return;
      if (noticeMs > 0) await wait(noticeMs);
      // Who has connected is let in.
      await nextTurn();

      const closed = once(server, 'close');
      // Only the listener: http's own close() cuts idle connections too, and a request may be on its way on one.
      NetServer.prototype.close.call(server);
      const closeIdle = async () => {
        // What has arrived is read first, and is not idle then.
        await nextTurn();
        server.closeIdleConnections();
        for (const socket of fresh) socket.destroy();
      };
      const closeAll = () => {
        log.warn({ graceMs }, 'Requests that did not end in time are cut off.');
        server.closeAllConnections();
      };
      const timers = [setTimeout(closeIdle, Math.min(lastRequestMs, graceMs)), setTimeout(closeAll, graceMs)];
      await closed;
      timers.forEach(clearTimeout);
    },
  };
}

/** Aborts when the connection ends before the answer is out. */
function whenLeft(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
