import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Opened, StreamedEvent } from './open-stream.ts';

const heartbeatMs = 10_000;

/** Whether a call asks for a stream of events. */
export const wantsEvents = ({
  method,
  headers: { accept, 'content-type': type },
}: IncomingMessage): boolean =>
  method === 'POST' &&
  accept?.includes('text/event-stream') === true &&
  type?.startsWith('application/json') === true;

/**
 * Sends events in the form of graphql-sse, with the position of each as its id. `complete` says that the stream ended by itself; a stream
 * that breaks, or that the closing subgraph leaves, ends without it, so that the gateway opens it again.
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export async function sendEvents(
  response: ServerResponse,
  { events, signal }: Extract<Opened, { readonly events: unknown }>,
  everyMs = heartbeatMs,
): Promise<void> {
  response
    .writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    })
    .flushHeaders();
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, everyMs);
  try {
    for await (const event of events) {
      if (!response.write(textOf(event))) await drained(response, signal);
    }
    response.write('event: complete\ndata: \n\n');
  } catch {
    // Its cause is logged where it happened.
  } finally {
    clearInterval(heartbeat);
    // A gateway that has stopped reading would keep the closing subgraph waiting.
    if (response.writableNeedDrain) response.destroy();
    else response.end();
  }
}

function textOf({ position, ...result }: StreamedEvent): string {
  const id = position === undefined ? '' : `id: ${position}\n`;
  if (result.data === undefined && !result.errors) return `event: position\n${id}data: \n\n`;
  return `event: next\n${id}data: ${JSON.stringify(result)}\n\n`;
}

/** Resolves when the reader has caught up or has left, or when the signal aborts. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const go = () => {
    response.off('drain', go).off('close', go);
    signal.removeEventListener('abort', go);
    resolve();
  };
  response.on('drain', go).on('close', go);
  signal.addEventListener('abort', go);
  return promise;
}
