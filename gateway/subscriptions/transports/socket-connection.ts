import { statusOf } from '@wenshu/schema/errors.ts';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, MessageType, type Server, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Incoming } from '../../http/incoming.ts';
import { notAnswered } from '../../http/reply.ts';
import { incomingOn } from '../../http/upgrades.ts';
import type { Log } from '../../lib/log.ts';
import type { Admitted } from '../../request/context.ts';
import { inAskedLanguage } from '../../request/language.ts';
import { notAllowed, Refusal } from '../../request/refusal.ts';
import type { Sink, StartOperation, StreamEvent } from '../stream.ts';
import { cursorIn } from './asked.ts';
import { encodeText } from './encode-once.ts';
import { goingAway } from './going-away.ts';
import type { Timing } from './pushed-answer.ts';
import { type Admit, ownerOf, takeCredentials, withHeadersOf } from './renewal.ts';
import { argumentsOf, SocketOperation } from './socket-operation.ts';
import { tooManyOperations } from './too-many-operations.ts';

/** https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number */
const serviceRestart = 1012;
const tryAgainLater = 1013;

/** The number of bytes that may wait for a client beside its events: a client that asks and does not read is cut off. */
const mostAnswerBytes = 1024 * 1024;

export type ConnectionOptions = Timing & {
  readonly start: StartOperation;
  readonly admit: Admit;
  readonly operationsPerConnection: number;
  readonly log: Log;
};

type Payload = Record<string, unknown> | undefined;

/** A WebSocket of a client, and the operations that run on it. */
export class SocketConnection {
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #operations = new Set<SocketOperation>();
  /** The request that opened it, with the headers of `connection_init`. */
  #incoming: Incoming;
  /** The time for which the client has not answered the last heartbeat; undefined if it has. */
  #beatWaitMs: number | undefined;

  constructor(socket: WebSocket, incoming: Incoming, options: ConnectionOptions) {
    this.#socket = socket;
    this.#incoming = incoming;
    this.#options = options;
  }

  /** Speaks the protocol until the connection closes. */
  serve(protocol: Server<SocketConnection>, onClose: () => void): void {
    const socket = this.#socket;
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => this.#answer(() => socket.send(text)),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (listener) =>
          socket.on('message', (data, isBinary) => {
            if (isBinary) return socket.close(CloseCode.BadRequest, 'Messages are text');
            listener(String(data)).catch((cause) => this.#fail(cause));
          }),
      },
      this,
    );
    const timer = setInterval(() => this.#beat(), this.#options.heartbeatMs);
    // A frame that is too large or broken: the library of WebSockets closes the connection with the code for it.
    socket.on('error', () => {});
    socket.on('ping', (data) => this.#answer(() => socket.pong(data)));
    socket.on('pong', () => {
      this.#beatWaitMs = undefined;
    });
    socket.once('close', (code, reason) => {
      clearInterval(timer);
      onClose();
      for (const operation of [...this.#operations]) this.#end(operation);
      closed(code, String(reason)).catch((cause) => this.#fail(cause));
    });
  }

  /** Admits the caller of `connection_init`. Rejects with a Refusal. */
  async begin(payload: Payload): Promise<void> {
    const incoming = withHeadersOf(payload, this.#incoming);
    incoming.admitted = await this.#admit(incoming);
    this.#incoming = incoming;
  }

  /** Goes on with newer credentials of the same caller, if the payload has any. Rejects with a Refusal. */
  async renew(payload: Payload): Promise<void> {
    if (payload?.authorization === undefined) return;
    const newer = withHeadersOf(payload, this.#incoming, 'credentials');
    newer.admitted = await this.#admit(newer);
    if (ownerOf(newer) !== ownerOf(this.#incoming)) throw otherCaller();
    takeCredentials(this.#incoming, newer);
    for (const operation of this.#operations) {
      takeCredentials(operation.incoming, newer);
      operation.renew();
    }
  }

  /** Starts an operation, or returns why it is refused. */
  async subscribe(id: string, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const operation = new SocketOperation(incomingOn(this.#incoming));
    const { start, operationsPerConnection } = this.#options;
    try {
      if (this.#operations.size >= operationsPerConnection) throw tooManyOperations(operationsPerConnection);
      this.#operations.add(operation);
      // As for each request: what the caller may do can have changed since it connected.
      operation.incoming.admitted = await this.#admit(operation.incoming);
      const asked = { body: payload, after: cursorIn(payload) };
      operation.started(await start(operation.incoming, asked, this.#sinkOf(operation, id)));
      return argumentsOf(operation);
    } catch (cause) {
      this.#end(operation);
      return [this.#errorOf(cause instanceof Refusal ? cause : this.#fault(cause))];
    }
  }

  /** Ends the connection, so that the client connects again by itself. */
  leave(): void {
    this.#socket.close(serviceRestart, reasonOf('GOING_AWAY', goingAway(this.#incoming.headers).message));
  }

  async #admit(incoming: Incoming): Promise<Admitted | undefined> {
    try {
      return await this.#options.admit(incoming);
    } catch (cause) {
      throw cause instanceof Refusal ? cause : this.#fault(cause);
    }
  }

  #sinkOf(operation: SocketOperation, id: string): Sink {
    const socket = this.#socket;
    const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":`);
    const send = (event: StreamEvent) => {
      if (operation.hasEnded || socket.readyState !== socket.OPEN) return;
      socket.send(Buffer.concat([head, encodeText(event), tail]), { binary: false });
    };
    return {
      get pendingBytes() {
        return socket.bufferedAmount;
      },
      next: send,
      end: (last) => {
        if (last) send(last);
        this.#end(operation);
      },
      leave: () => this.leave(),
    };
  }

  #end(operation: SocketOperation): void {
    this.#operations.delete(operation);
    operation.end();
  }

  /** Sends an answer to a message. */
  #answer(send: () => void): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > mostAnswerBytes) socket.terminate();
    else send();
  }

  #beat(): void {
    const { heartbeatMs, writeIdleMs } = this.#options;
    if (this.#beatWaitMs === undefined) {
      this.#beatWaitMs = 0;
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
      return;
    }
    this.#beatWaitMs += heartbeatMs;
    if (this.#beatWaitMs >= writeIdleMs) this.#socket.terminate();
  }

  /** Closes the connection after a refusal, or a message that the library does not know. */
  #fail(cause: unknown): void {
    if (cause instanceof Refusal) this.#socket.close(closeCodeOf(cause), this.#reasonOf(cause));
    else this.#socket.close(CloseCode.BadRequest, 'Unexpected message');
  }

  #reasonOf(refusal: Refusal): string {
    return reasonOf(refusal.code, this.#errorOf(refusal).message);
  }

  #errorOf({ message, extensions: { http: _, ...extensions } }: Refusal): GraphQLError {
    const asked = inAskedLanguage({ message, extensions }, this.#incoming.headers);
    return new GraphQLError(asked.message, { extensions: asked.extensions });
  }

  /** Logs a fault of the gateway, and returns what the client is told. */
  #fault(cause: unknown): Refusal {
    this.#options.log.error(
      { requestId: this.#incoming.requestId, cause },
      'A message could not be answered.',
    );
    return new Refusal('INTERNAL_SERVER_ERROR', notAnswered.message, { messageZh: notAnswered.messageZh });
  }
}

const tail = Buffer.from('}');

/** Clients connect again after these codes, perhaps with another token. */
const closeCodeOf = ({ code }: Refusal) =>
  statusOf[code] === 429 || statusOf[code] >= 500 ? tryAgainLater : CloseCode.Forbidden;

/** A reason has at most 123 bytes. */
function reasonOf(code: string, message: string): string {
  const reason = `${code}: ${message}`;
  return Buffer.byteLength(reason) <= 123 ? reason : code;
}

const otherCaller = () =>
  notAllowed('A connection goes on with newer credentials of the same caller only.', {
    messageZh: '一个连接只能以同一调用方的新凭据继续。',
  });
