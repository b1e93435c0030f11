import type { Handler } from '../../http/incoming.ts';
import type { Step } from '../../http/step.ts';
import type { TakeConnection } from '../../http/upgrades.ts';
import { acceptedStream } from './accepted.ts';
import { answerByEventStream } from './event-stream.ts';
import { answerByMultipart } from './multipart.ts';
import { createSingleConnection } from './single-connection.ts';
import { createWebSockets, type WebSocketOptions } from './web-socket.ts';

export type TransportOptions = WebSocketOptions;

/** The ways on which clients receive the events of their operations. */
export type Transports = {
  /** Answers requests of clients that prefer a stream to a single answer. */
  readonly answerByStream: Step;
  /** Answers requests for event streams that carry several operations. */
  readonly singleConnection: Handler;
  readonly takeWebSocket: TakeConnection;
  /** Ends the connections without operations too, so that their clients connect elsewhere. */
  leave(): void;
};

export function createTransports(options: TransportOptions): Transports {
  const { start } = options;
  const handlers = {
    'event stream': answerByEventStream(start, options),
    multipart: answerByMultipart(start, options),
  };
  const single = createSingleConnection(options);
  const sockets = createWebSockets(options);
  return {
    answerByStream(incoming, next) {
      const kind = acceptedStream(incoming);
      return kind ? handlers[kind](incoming) : next(incoming);
    },
    singleConnection: single.handler,
    takeWebSocket: sockets.take,
    leave() {
      single.leave();
      sockets.leave();
    },
  };
}
