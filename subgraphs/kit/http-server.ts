import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { HubError, statusOf } from '@wenshu/schema/errors.ts';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';
import { type HeldSnapshot, snapshotPath } from '@wenshu/schema/snapshot.ts';
import type { Admit, Admitted } from './admission.ts';
import { sendEvents, wantsEvents } from './event-stream.ts';
import type { OnError } from './on-error.ts';
import type { Opened } from './open-stream.ts';

/** Answers an admitted call. */
export type AnswerCall = (request: IncomingMessage, call: Admitted, signal: AbortSignal) => Promise<Response>;

export type HttpServerOptions = {
  readonly admit: Admit;
  readonly answer: AnswerCall;
  /** Opens a snapshot and holds it while the caller stays connected. */
  readonly openSnapshot?: (signal: AbortSignal) => Promise<HeldSnapshot>;
  /** Opens the stream of an admitted call. */
  readonly openStream: (call: Admitted, signal: AbortSignal) => Promise<Opened>;
  /** Called with the reason why a call was refused. */
  readonly onRefused: (reason: string) => void;
  readonly onError: OnError;
  /** If set, only clients with a certificate of this authority get a connection. */
  readonly tls?: MutualTls | undefined;
};

const limits = {
  // The caller is sent in a header, and a partner can have many scopes.
  maxHeaderSize: 64 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
};

/** Creates the HTTP server. `/healthz` answers everybody; all other paths answer only admitted calls. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { admit, answer, openSnapshot, openStream, onRefused, onError, tls } = options;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = requestIdOf(request);
    if (request.url === '/healthz') return writeJson(response, 200, { status: 'ok' });
    try {
      const { body, asker } = await admit(request);
      if (openSnapshot && request.url === snapshotPath) {
        return await hold(response, await openSnapshot(whenLeft(response)));
      }
      const call = { body, asker: { ...asker, ...(requestId && { requestId }) } };
      if (wantsEvents(request)) {
        const opened = await openStream(call, whenLeft(response));
        return 'errors' in opened
          ? writeJson(response, 400, opened, graphqlJson)
          : await sendEvents(response, opened);
      }
      const answered = await answer(request, call, whenLeft(response));
      const text = await answered.text();
      response
        .writeHead(answered.status, Object.fromEntries(answered.headers))
        .end(request.method === 'HEAD' ? undefined : text);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      if (error instanceof HubError) onRefused(error.message);
      else onError(error, requestId);
      refuse(response, error instanceof HubError ? error : unexpected);
    }
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => void handle(request, response);
  return tls
    ? createTlsServer({ ...limits, ...tls, requestCert: true, rejectUnauthorized: true }, listener)
    : createServer(limits, listener);
}

/** Returns the gateway's id of the request; undefined if it does not have the form of an id. */
function requestIdOf({ headers }: IncomingMessage): string | undefined {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : undefined;
}

/** Sends the snapshot's description and ends the response when the snapshot is released. */
async function hold(response: ServerResponse, { id, asOf, ended }: HeldSnapshot): Promise<void> {
  response
    .writeHead(200, { 'content-type': 'application/x-ndjson' })
    .write(`${JSON.stringify({ id, asOf })}\n`);
  await ended;
  response.end();
}

const unexpected = new HubError('INTERNAL_SERVER_ERROR', 'This request could not be answered.', {
  messageZh: '无法答复该请求。',
});

function refuse(response: ServerResponse, { message, code, extensions }: HubError): void {
  // The rest of the request is not read.
  response.setHeader('connection', 'close');
  writeJson(response, statusOf[code], { errors: [{ message, extensions }] });
}

const graphqlJson = 'application/graphql-response+json';

function writeJson(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(JSON.stringify(body));
}

/** Returns a signal that aborts when the caller disconnects before its answer was sent. */
function whenLeft(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
