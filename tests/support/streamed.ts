import type { Json } from '@wenshu/gateway/lib/json.ts';
import type { StreamedEvent } from '@wenshu/kit/open-stream.ts';
import type { Subgraph } from '@wenshu/kit/subgraph.ts';
import { type Asker, type KeyRing, signCall } from '@wenshu/schema/signature.ts';
import { EventSourceParserStream } from 'eventsource-parser/stream';

/** What a test asks a subgraph for. */
export type StreamAsked = {
  readonly query: string;
  readonly variables?: Json;
  readonly rowFilters?: Readonly<Record<string, string>>;
  readonly after?: string;
};

/** A stream that a test reads event by event. */
export type Stream = {
  next(): Promise<IteratorResult<StreamedEvent>>;
  /** Leaves the stream. */
  leave(): void;
};

/** Opens streams of a subgraph in one of its two ways. */
export type OpenStream = (asked: StreamAsked, asker?: Asker) => Stream;

/** Opens streams by a call of the function. */
export const openHere =
  ({ openStream }: Pick<Subgraph, 'openStream'>): OpenStream =>
  (asked, asker) => {
    const leaving = new AbortController();
    return reading(openStream({ ...asked, signal: leaving.signal }, asker), leaving);
  };

/** Opens streams over HTTP, as a gateway with these keys. Their reading rejects when the connection ends before the stream. */
export const openOverHttp =
  (url: string, audience: string, keys: KeyRing): OpenStream =>
  (asked, asker = {}) => {
    const leaving = new AbortController();
    return reading(eventsOf(post(url, audience, keys, asked, asker, leaving.signal)), leaving);
  };

/** Sends the call that opens a stream. */
export function post(
  url: string,
  audience: string,
  keys: KeyRing,
  { query, variables, rowFilters, after }: StreamAsked,
  asker: Asker,
  signal?: AbortSignal,
): Promise<Response> {
  const body = JSON.stringify({ query, variables, extensions: { rowFilters, after } });
  const call = { method: 'POST', target: '/graphql', contentType: 'application/json', body } as const;
  return fetch(url, {
    method: call.method,
    headers: {
      'content-type': call.contentType,
      accept: 'text/event-stream',
      ...signCall(keys, audience, call, asker),
    },
    body,
    ...(signal && { signal }),
  });
}

async function* eventsOf(answered: Promise<Response>): AsyncGenerator<StreamedEvent> {
  const response = await answered;
  if (response.status !== 200 || !response.body) {
    throw new Error(`${response.status} ${await response.text()}`);
  }
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, id, data } of messages) {
    if (event === 'complete') return;
    yield { ...(event === 'next' && JSON.parse(data)), ...(id !== undefined && { position: id }) };
  }
  throw new Error('The stream broke.');
}

function reading(events: AsyncIterable<StreamedEvent>, leaving: AbortController): Stream {
  const iterator = events[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    leave: () => leaving.abort(),
  };
}
