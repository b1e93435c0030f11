import type { Readable } from 'node:stream';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Dispatcher } from 'undici';
import { isObject } from '../lib/json.ts';
import { SubgraphFailure, tooLarge, unreachable, unreadable } from '../request/errors.ts';
import type { StreamedEvent, SubgraphResponse } from './subgraph.ts';

export type EventStreamCall = {
  readonly dispatcher: Dispatcher;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Time in which the stream must open, in milliseconds. */
  readonly openTimeoutMs: number;
  /** Time without a heartbeat after which the stream counts as broken, in milliseconds; 0 for a subgraph that may have none. */
  readonly silenceMs: number;
  /** The size in bytes above which an event is not read. */
  readonly maxEventBytes: number;
};

/**
 * Opens a subscription over Server-Sent Events, as GraphQL over SSE has it in its distinct connections mode. Rejects with a SubgraphFailure.
 * https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md
 */
export async function* openEventStream(name: string, call: EventStreamCall): AsyncGenerator<StreamedEvent> {
  const { dispatcher, openTimeoutMs, silenceMs, signal, path, headers, body } = call;
  try {
    const response = await dispatcher.request({
      method: 'POST',
      path,
      headers: { ...headers, accept: 'text/event-stream' },
      body,
      signal,
      headersTimeout: openTimeoutMs,
      bodyTimeout: silenceMs,
    });
    const type = String(response.headers['content-type'] ?? '');
    if (!type.startsWith('text/event-stream')) {
      yield await refusalIn(name, response);
      return;
    }
    yield* eventsIn(name, response.body, call.maxEventBytes);
  } catch (cause) {
    if (signal.aborted) return;
    throw cause instanceof SubgraphFailure ? cause : unreachable(name, cause);
  }
  if (!signal.aborted) throw unreachable(name, new Error('The stream ended without "complete".'));
}

/** Yields the events of a stream. Returns at its `complete`; throws at its end without one. */
async function* eventsIn(name: string, body: Readable, maxEventBytes: number): AsyncGenerator<StreamedEvent> {
  const messages: EventSourceMessage[] = [];
  let sinceEvent = 0;
  const parser = createParser({
    onEvent(message) {
      sinceEvent = 0;
      messages.push(message);
    },
  });
  body.setEncoding('utf8');
  for await (const chunk of body) {
    sinceEvent += Buffer.byteLength(chunk);
    parser.feed(chunk);
    for (const message of messages.splice(0)) {
      if (message.event === 'complete') return;
      const event = eventOf(name, message);
      if (event) yield event;
    }
    if (sinceEvent > maxEventBytes) throw tooLarge(name, maxEventBytes);
  }
  throw unreachable(name, new Error('The stream ended without "complete".'));
}

function eventOf(name: string, { event, id, data }: EventSourceMessage): StreamedEvent | undefined {
  const at = id === undefined ? {} : { position: id };
  if (event === 'position' || (data === '' && id !== undefined)) return at;
  if (event !== undefined && event !== 'next') return undefined;
  return { ...responseIn(name, data), ...at };
}

/** A request that is refused before the stream begins is answered with a result. */
async function refusalIn(
  name: string,
  { body, statusCode }: Dispatcher.ResponseData,
): Promise<StreamedEvent> {
  const text = await body.text();
  if (statusCode >= 500) throw unreachable(name, new Error(`HTTP ${statusCode}`));
  return responseIn(name, text);
}

function responseIn(name: string, text: string): SubgraphResponse {
  try {
    const response: unknown = JSON.parse(text);
    if (isObject(response) && (isObject(response.data) || Array.isArray(response.errors))) return response;
  } catch (cause) {
    throw unreadable(name, cause);
  }
  throw unreadable(name);
}
