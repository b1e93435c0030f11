import type { ServerResponse } from 'node:http';
import type { Handler, Incoming } from '../../http/incoming.ts';
import { readJsonBody } from '../../http/json-body.ts';
import type { Reply } from '../../http/reply.ts';
import { isObject } from '../../lib/json.ts';
import type { Sink, StartOperation, StreamEvent, Subscribed } from '../stream.ts';

/** Heartbeats keep their own time, so that they tell nothing of events. In milliseconds. */
const heartbeatMs = 12_000;

/** Whether a request asks for its answer as an event stream. */
export const wantsEventStream = ({ request: { headers } }: Incoming): boolean =>
  /\btext\/event-stream\b/.test(headers.accept ?? '');

/**
 * Answers operations as event streams, in the distinct connections mode of GraphQL over SSE:
 * https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md
 */
export const serveEventStreams =
  (start: StartOperation): Handler =>
  async (incoming) => {
    const { request, headers, signal } = incoming;
    const body = request.method === 'GET' ? bodyOfSearch(incoming.search) : readJsonBody(incoming);
    const after = headers.get('last-event-id') ?? afterIn(body);
    const sink = new EventStreamSink();
    const subscribed = await start(incoming, { body, after }, sink);
    signal.addEventListener('abort', () => subscribed.cancel(), { once: true });
    if (signal.aborted) subscribed.cancel();
    return sink.reply(subscribed);
  };

/** Returns `extensions.after` of a body. */
export function afterIn(body: unknown): string | undefined {
  const extensions = isObject(body) ? body.extensions : undefined;
  const after = isObject(extensions) ? extensions.after : undefined;
  return typeof after === 'string' ? after : undefined;
}

function bodyOfSearch(search: string): Record<string, unknown> {
  const parameters = new URLSearchParams(search);
  const parsed = (name: string) => {
    const text = parameters.get(name);
    if (text === null) return {};
    try {
      return { [name]: JSON.parse(text) as unknown };
    } catch {
      return { [name]: text };
    }
  };
  const texts = ['query', 'operationName', 'documentId'].flatMap((name) => {
    const text = parameters.get(name);
    return text === null ? [] : [[name, text]];
  });
  return { ...Object.fromEntries(texts), ...parsed('variables'), ...parsed('extensions') };
}

/** Writes events to a response. What comes before the response is there waits. */
class EventStreamSink implements Sink {
  #response: ServerResponse | undefined;
  #early = '';
  #hasEnded = false;
  #heartbeat: NodeJS.Timeout | undefined;

  begin(cursor: string): void {
    this.#write(`id: ${cursor}\n\n`);
  }

  next(event: StreamEvent): void {
    this.#write(eventText(event));
  }

  end(last?: StreamEvent): void {
    this.#write(`${last ? eventText(last) : ''}event: complete\ndata:\n\n`);
    this.#end();
  }

  leave(): void {
    this.#end();
  }

  get pendingBytes(): number {
    return this.#response ? this.#response.writableLength : this.#early.length;
  }

  reply(subscribed: Subscribed): Reply {
    return {
      status: 200,
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
      body: '',
      start: (response) => {
        this.#response = response;
        response.write(`: \n\n${this.#early}`);
        this.#early = '';
        if (this.#hasEnded) response.end();
        else this.#heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs);
        response.once('close', () => clearInterval(this.#heartbeat));
      },
      cancel: () => subscribed.cancel(),
    };
  }

  #write(text: string): void {
    if (this.#hasEnded) return;
    if (this.#response) this.#response.write(text);
    else this.#early += text;
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearInterval(this.#heartbeat);
    this.#response?.end();
  }
}

const eventText = ({ text, cursor }: StreamEvent): string =>
  `event: next\n${cursor === undefined ? '' : `id: ${cursor}\n`}data: ${text}\n\n`;
