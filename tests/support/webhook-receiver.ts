import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** A request of a webhook, as it arrived. */
export type ReceivedMessage = {
  readonly path: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type WebhookReceiver = AsyncDisposable & {
  /** Address of its port, without a path. */
  readonly url: string;
  readonly received: ReceivedMessage[];
  /** Answers a request. By default: 204. */
  answer: (response: ServerResponse, message: ReceivedMessage) => unknown;
  /** Returns what came to a path, as the library of the receiver verifies it. */
  events(path: string, secret: string): readonly Readonly<Record<string, unknown>>[];
};

export const take = (response: ServerResponse) => response.writeHead(204).end();
/** Answers with a status. */
export const answering = (status: number) => (response: ServerResponse) => response.writeHead(status).end();

/** Takes messages of webhooks over HTTP, as a system of a partner does. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedMessage[] = [];
  const server = createServer(async (request, response) => {
    const { url = '', headers } = request;
    const message = {
      path: url,
      id: String(headers['webhook-id']),
      headers: headers as Record<string, string>,
      body: await text(request),
    };
    received.push(message);
    receiver.answer(response, message);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: take,
    events: (path, secret) =>
      received
        .filter((message) => message.path === path)
        .map(({ body, headers }) => new Webhook(secret).verify(body, headers) as Record<string, unknown>),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}
