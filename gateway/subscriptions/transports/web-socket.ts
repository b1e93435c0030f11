import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { allowSockets } from '../../http/allow-origins.ts';
import type { TakeConnection } from '../../http/upgrades.ts';
import { Refusal } from '../../request/refusal.ts';
import { type ConnectionOptions, SocketConnection } from './socket-connection.ts';
import { openStreamOf } from './socket-operation.ts';

export type WebSocketOptions = ConnectionOptions & {
  /** The time in which a client must send `connection_init`. */
  readonly startWaitMs: number;
  /** The maximum size of a message. */
  readonly maxBodyBytes: number;
  /** Origins whose pages may open a WebSocket, beside the gateway's own. */
  readonly corsOrigins: readonly string[];
};

export type WebSockets = {
  readonly take: TakeConnection;
  /** Tells all clients to connect again, elsewhere. */
  leave(): void;
};

/**
 * Serves operations over WebSocket: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 * The library speaks the protocol. Events pass it by, because it would write the text of each once more for each subscriber.
 */
export function createWebSockets(options: WebSocketOptions): WebSockets {
  const { admit, startWaitMs, maxBodyBytes, corsOrigins } = options;
  const mayConnect = allowSockets(corsOrigins);
  const connections = new Set<SocketConnection>();
  const protocol = makeServer<Record<string, unknown> | undefined, SocketConnection>({
    connectionInitWaitTimeout: startWaitMs,
    onConnect: ({ extra, connectionParams }) => extra.begin(connectionParams),
    onPing: ({ extra, acknowledged }, payload) => (acknowledged ? extra.renew(payload) : undefined),
    onSubscribe: ({ extra }, id, payload) => extra.subscribe(id, payload),
    execute: openStreamOf,
    subscribe: openStreamOf,
  });
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: maxBodyBytes,
    handleProtocols,
  });

  return {
    async take(incoming, socket, head) {
      if (!mayConnect(incoming.headers)) throw foreignPage();
      if (hasCredentials(incoming.headers)) incoming.admitted = await admit(incoming);
      if (socket.destroyed) return;
      sockets.handleUpgrade(incoming.request, socket, head, (opened) => {
        const connection = new SocketConnection(opened, incoming, options);
        connections.add(connection);
        connection.serve(protocol, () => connections.delete(connection));
      });
    },
    leave() {
      for (const connection of [...connections]) connection.leave();
    },
  };
}

/** Pages in a browser cannot send these headers. They send them in `connection_init`. */
const hasCredentials = (headers: ReadonlyMap<string, string>) =>
  headers.has('authorization') || headers.has('x-api-key');

const foreignPage = () =>
  new Refusal(
    'FORBIDDEN',
    'Pages of this origin may not connect. The operator can allow them: CORS_ORIGINS.',
    {
      messageZh: '不允许来自该源的网页连接。运维人员可在 CORS_ORIGINS 中允许。',
    },
  );
