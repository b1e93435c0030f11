import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../lib/log.ts';
import { Refusal } from '../request/refusal.ts';
import { replyTo } from './answer-refused.ts';
import type { ClientAddressOf } from './client-address.ts';
import { endWithAnswer } from './end-with-answer.ts';
import type { Incoming } from './incoming.ts';
import { notAnswered, refusal } from './reply.ts';
import { headersOf, requestIdOf, splitUrl } from './request.ts';

/** Takes over a connection whose client asks for WebSocket. Rejects with a Refusal, which is answered. */
export type TakeConnection = (incoming: Incoming, socket: Duplex, head: Buffer) => Promise<void>;

export type Upgrades = {
  /** Returns whether a request asks for another protocol where there is one. Every other request is answered as usual. */
  isUpgrade(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Cuts off the connections that are still open. */
  closeAll(): void;
};

/** Creates the upgrades to WebSocket by path. */
export function createUpgrades(
  paths: Readonly<Record<string, TakeConnection>>,
  { clientAddressOf, log }: { readonly clientAddressOf: ClientAddressOf; readonly log: Log },
): Upgrades {
  const open = new Set<Duplex>();
  const takerAt = (path: string) => (Object.hasOwn(paths, path) ? paths[path] : undefined);

  return {
    isUpgrade: ({ url, headers }) =>
      headers.upgrade?.toLowerCase() === 'websocket' && takerAt(splitUrl(url).path) !== undefined,
    async handle(request, socket, head) {
      socket.on('error', () => {});
      const left = new AbortController();
      open.add(socket);
      socket.once('close', () => {
        open.delete(socket);
        left.abort();
      });
      const clientAddress = clientAddressOf(request);
      const { path, search } = splitUrl(request.url);
      const take = takerAt(path);
      if (clientAddress === undefined || !take) return void socket.destroy();
      const incoming: Incoming = {
        request,
        headers: headersOf(request),
        clientAddress,
        search,
        requestId: requestIdOf(request),
        signal: left.signal,
        record: undefined,
        admitted: undefined,
        text: '',
      };
      try {
        await take(incoming, socket, head);
      } catch (cause) {
        if (socket.destroyed) return;
        const { requestId, headers } = incoming;
        const isRefused = cause instanceof Refusal;
        if (!isRefused) log.error({ requestId, cause }, 'A connection could not be upgraded.');
        const reply = isRefused
          ? replyTo(cause, headers)
          : refusal('INTERNAL_SERVER_ERROR', notAnswered, headers);
        reply.headers['x-request-id'] = requestId;
        endWithAnswer(socket, reply);
      }
    },
    closeAll() {
      for (const socket of open) socket.destroy();
    },
  };
}

/** Returns the message of one operation on a connection, as if it had come as a request of its own. */
export const incomingOn = (connection: Incoming): Incoming => ({
  ...connection,
  requestId: randomUUID(),
  record: undefined,
});
