import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../lib/log.ts';
import type { ValuesOf } from '../lib/setting.ts';
import { type ClientAddressOf, createClientAddress, createNetworkCheck } from './client-address.ts';
import type { Handler } from './incoming.ts';
import { limitConnections, refuseConnection } from './limit-connections.ts';
import { notAnswered, type Reply, refusal } from './reply.ts';
import { headersOf, requestIdOf, splitUrl } from './request.ts';
import type { settings } from './settings.ts';
import { inOrder, type Step } from './step.ts';
import { createUpgrades, type TakeConnection, type Upgrades } from './upgrades.ts';
import { createAnswerWriter } from './write-answer.ts';

export type HttpServer = {
  /** Starts to listen. Rejects with a reason that an operator understands. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Resolves when every running request is answered or its time is over. */
  stop(times: StopTimes): Promise<void>;
};

type Settings = ValuesOf<typeof settings>;

export type StopTimes = Settings['stop'];

export type HttpServerOptions = Pick<
  Settings,
  'receiveTimeoutMs' | 'trustedProxies' | 'connectionsPerAddress' | 'writeIdleMs'
> & {
  /** Returns the client's address. Default: by the trusted proxies. */
  readonly clientAddressOf?: ClientAddressOf | undefined;
  /** The number of bytes that may wait for clients that do not read their answers. */
  readonly heldBytes?: number | undefined;
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Steps of every request, also of one that is refused or fails. */
  readonly steps?: readonly Step[];
  /** Which connections become WebSockets, by path. */
  readonly upgrades?: Readonly<Record<string, TakeConnection>>;
  /** Called when the server stops and takes no new connections, so that those without an end are ended. */
  readonly onStop?: () => void;
};

const standardHeldBytes = 16 * 1024 * 1024;

/**
 * The time in milliseconds in which a request arrives that was under way on an open connection when the listener
 * closed.
 */
const lastRequestMs = 500;

/**
 * Creates a server with one handler for each path. Every answer carries the id of its request. A request that takes
 * longer than `receiveTimeoutMs` to arrive is answered 408. Node's defaults would allow it five minutes and check
 * every 30 seconds.
 */
export function createHttpServer(
  routes: Readonly<Record<string, Handler>>,
  log: Log,
  {
    receiveTimeoutMs,
    trustedProxies,
    connectionsPerAddress,
    writeIdleMs,
    clientAddressOf = createClientAddress(trustedProxies),
    heldBytes = standardHeldBytes,
    headers,
    steps = [],
    upgrades: upgradePaths = {},
    onStop = () => {},
  }: HttpServerOptions,
): HttpServer {
  const isProxy = trustedProxies.length > 0 ? createNetworkCheck(trustedProxies) : () => false;
  const mayConnect = limitConnections({ perAddress: connectionsPerAddress, isProxy });
  const upgrades = createUpgrades(upgradePaths, { clientAddressOf, log });
  const write = createAnswerWriter({ idleMs: writeIdleMs, heldBytes }, log);
  /** Connections without a request so far, which Node counts as active. */
  const fresh = new Set<Socket>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    fresh.delete(request.socket);
    // Node may still read a request from a refused connection while that ends.
    if (request.socket.writableEnded) return;
    const clientAddress = clientAddressOf(request);
    // A client that is gone has no address. Its request would be counted together with those of others like it.
    if (clientAddress === undefined) return void request.destroy();
    const requestId = requestIdOf(request);
    const signal = whenLeft(response);
    let reply: Reply | undefined;
    try {
      const { path, search } = splitUrl(request.url);
      const handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
      reply = await (handler ?? nothingAt(path))({
        request,
        headers: headersOf(request),
        clientAddress,
        search,
        requestId,
        signal,
        record: undefined,
        admitted: undefined,
        text: '',
      });
      if (!signal.aborted) await send(response, requestId, reply);
    } catch (cause) {
      if (signal.aborted) return;
      log.error({ requestId, cause }, 'A request could not be answered.');
      response.destroy();
    } finally {
      // Its body was not read to its end if the caller left or could not be written to.
      reply?.cancel?.();
    }
  };
  /** Makes a handler that also answers when it fails. */
  const answering =
    (handler: Handler): Handler =>
    async (incoming) => {
      try {
        return await handler(incoming);
      } catch (cause) {
        const { requestId, signal, headers } = incoming;
        if (!signal.aborted) log.error({ requestId, cause }, 'A request could not be answered.');
        return refusal('INTERNAL_SERVER_ERROR', notAnswered, headers);
      }
    };
  const handlers: Readonly<Record<string, Handler>> = Object.fromEntries(
    Object.entries(routes).map(([path, handler]) => [path, inOrder(steps, answering(handler))]),
  );
  const nothingAt = (path: string) =>
    inOrder(steps, ({ headers }) => refusal('NOT_FOUND', nothingAtPath(path), headers));
  const send = (response: ServerResponse, requestId: string, reply: Reply) => {
    reply.headers['x-request-id'] = requestId;
    Object.assign(reply.headers, headers);
    // Set only when the listener is closed: a client that reconnects while it closes is reset, not refused.
    if (!server.listening) reply.headers.connection = 'close';
    return write(response, reply);
  };
  const limits = {
    headersTimeout: receiveTimeoutMs,
    requestTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: receiveTimeoutMs / 10,
    shouldUpgradeCallback: upgrades.isUpgrade,
  };
  const server = createServer(limits, (request, response) => void handle(request, response));
  server.on('upgrade', (request, socket, head) => {
    fresh.delete(request.socket);
    void upgrades.handle(request, socket, head);
  });
  server.on('connection', (socket) => {
    if (!mayConnect(socket)) return refuseConnection(socket);
    fresh.add(socket);
    socket.once('close', () => fresh.delete(socket));
  });

  return {
    listen: (port, host) => listen(server, port, host),
    stop: (times) => stop(server, { fresh, upgrades, onStop }, times, log),
  };
}

const nothingAtPath = (path: string) => ({
  message: `There is nothing at ${path}. The graph is at /graphql.`,
  messageZh: `${path} 处没有内容。图位于 /graphql。`,
});

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      error.code === 'EADDRINUSE'
        ? new Error(`Port ${port} is in use by another program. Set PORT to a free one.`, { cause: error })
        : error,
    ),
  );
  server.listen(port, host, () => resolve(server.address() as AddressInfo));
  return await promise;
}

type Connections = {
  readonly fresh: ReadonlySet<Socket>;
  readonly upgrades: Upgrades;
  readonly onStop: () => void;
};

async function stop(
  server: Server,
  { fresh, upgrades, onStop }: Connections,
  { noticeMs, graceMs }: StopTimes,
  log: Log,
): Promise<void> {
  if (!server.listening) return;
  if (noticeMs > 0) await wait(noticeMs);
  // Connections that are already made are accepted first.
  await nextTurn();

  const closed = once(server, 'close');
  // Closes only the listener: the close() of http also cuts idle connections, on which a request may be under way.
  NetServer.prototype.close.call(server);
  onStop();
  const closeIdle = async () => {
    // Requests that have arrived are read first; their connections are not idle then.
    await nextTurn();
    server.closeIdleConnections();
    for (const socket of fresh) socket.destroy();
  };
  const closeAll = () => {
    log.warn({ graceMs }, 'Requests that did not end in time are cut off.');
    server.closeAllConnections();
    upgrades.closeAll();
  };
  const timers = [setTimeout(closeIdle, Math.min(lastRequestMs, graceMs)), setTimeout(closeAll, graceMs)];
  await closed;
  timers.forEach(clearTimeout);
  // Ends a timer of http.Server as well, which would keep the whole gateway in memory.
  server.close();
}

/** Returns a signal that aborts when the connection ends before the answer is sent. */
function whenLeft(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
