import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../log.ts';
import { type Reply, refusal } from './reply.ts';
import { requestIdOf } from './request.ts';

export type Handler = (request: IncomingMessage, search: string, requestId: string) => Promise<Reply> | Reply;

/** Serves one handler for each path. Every answer carries the id of its request. */
export function createHttpServer(routes: Readonly<Record<string, Handler>>, log: Log): Server {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = requestIdOf(request);
    response.setHeader('x-request-id', requestId);
    try {
      const [path = '/', search] = (request.url ?? '/').split(/(?=\?)/, 2);
      const handler = Object.hasOwn(routes, path) ? routes[path] : undefined;
      const reply = handler
        ? await handler(request, search ?? '', requestId)
        : refusal('NOT_FOUND', `There is nothing at ${path}. The graph is at /graphql.`);
      // A server that goes keeps no connection open.
      if (!server.listening) response.setHeader('connection', 'close');
      await write(response, reply);
    } catch (cause) {
      log.error({ requestId, cause }, 'A request could not be answered.');
      if (response.headersSent) response.destroy();
      else await write(response, refusal('INTERNAL_SERVER_ERROR', 'This request could not be answered.'));
    }
  };
  const server = createServer((request, response) => void handle(request, response));
  return server;
}

async function write(response: ServerResponse, { status, headers, body }: Reply): Promise<void> {
  if (typeof body === 'string') {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
    return;
  }
  response.writeHead(status, headers);
  await pipeline(Readable.from(body), response);
}

/** Listens, or rejects with a reason that an operator understands. */
export function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      error.code === 'EADDRINUSE'
        ? new Error(`Port ${port} is in use by another program. Set PORT to a free one.`, { cause: error })
        : error,
    ),
  );
  server.listen(port, host, () => resolve(server.address() as AddressInfo));
  return promise;
}

/** Takes no new connection, and waits until every running request has its answer. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  await promise;
}
