import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type Question = { readonly query: string; readonly variables?: Record<string, unknown> };

/** Answers a call of a subgraph; the first call is number 1. */
export type Behaviour = (call: {
  readonly number: number;
  readonly question: Question;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}) => void;

export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  /** Questions to the server, in order. */
  readonly questions: readonly Question[];
  /** Sets the behaviour from now on. */
  behave(behaviour: Behaviour): void;
  /** Closes all connections and stops listening; `start` brings it back at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export const answering =
  (data: unknown): Behaviour =>
  ({ response }) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));

export const status =
  (code: number, body = ''): Behaviour =>
  ({ response }) =>
    response.writeHead(code).end(body);

/** Takes the question and never answers. */
export const hanging: Behaviour = () => {};

/** Resets the connection. */
export const resetting: Behaviour = ({ request }) => request.socket.resetAndDestroy();

/** Starts a subgraph, as a real HTTP server, that misbehaves on demand. */
export async function startFaultServer(first: Behaviour): Promise<FaultServer> {
  const questions: Question[] = [];
  let behaviour = first;
  let port = 0;
  const server = createServer(async (request, response) => {
    const question = (await json(request)) as Question;
    questions.push(question);
    behaviour({ number: questions.length, question, request, response });
  });
  const start = async () => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    questions,
    behave: (next) => {
      behaviour = next;
    },
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
