import { randomBytes } from 'node:crypto';
import { replyTo } from '../../http/answer-refused.ts';
import type { Handler, Incoming } from '../../http/incoming.ts';
import type { Reply } from '../../http/reply.ts';
import { isObject } from '../../lib/json.ts';
import { Refusal } from '../../request/refusal.ts';
import type { StartOperation } from '../stream.ts';
import { readAsked } from './asked.ts';
import { eventStreamHeaders, eventStreamOf } from './event-stream.ts';
import type { Timing } from './pushed-answer.ts';
import { ownerOf } from './renewal.ts';
import { ReservedStream } from './reserved-stream.ts';

export type SingleConnectionOptions = Timing & {
  readonly start: StartOperation;
  readonly operationsPerConnection: number;
  /** The time in which a client must open the stream that it has reserved. */
  readonly startWaitMs: number;
};

export type SingleConnection = {
  readonly handler: Handler;
  /** Ends all streams. */
  leave(): void;
};

/** The maximum number of streams that a caller has reserved or open at a time. */
const streamsPerCaller = 100;

/**
 * Answers many operations on one event stream: the single connection mode of
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 * A stream belongs to the caller that reserved it: nobody else can use its token.
 */
export function createSingleConnection(options: SingleConnectionOptions): SingleConnection {
  const streams = new Map<string, ReservedStream>();

  function reserve(incoming: Incoming): Reply {
    const owner = ownerOf(incoming);
    const own = [...streams.values()].filter((each) => each.owner === owner);
    if (own.length >= streamsPerCaller) throw tooManyStreams();
    const token = randomBytes(32).toString('base64url');
    const stream = new ReservedStream(owner, eventStreamOf(options), options, () => streams.delete(token));
    streams.set(token, stream);
    return plain(201, token);
  }

  function findStream(incoming: Incoming): ReservedStream {
    const stream = streams.get(tokenOf(incoming) ?? '');
    if (stream?.owner !== ownerOf(incoming)) throw noSuchStream();
    return stream;
  }

  const methods: Readonly<Record<string, Handler>> = {
    PUT(incoming) {
      if (tokenOf(incoming) === undefined) return reserve(incoming);
      findStream(incoming).renew(incoming);
      return plain(200, '');
    },
    GET(incoming) {
      if (!incoming.headers.get('accept')?.includes('text/event-stream')) throw notAccepted();
      const stream = findStream(incoming);
      if (stream.isOpen) return conflict(incoming, streamIsOpen());
      stream.open();
      return stream.answer.reply(eventStreamHeaders, () => stream.close());
    },
    async POST(incoming) {
      const stream = findStream(incoming);
      const asked = readAsked(incoming);
      const id = operationIdIn(asked.body);
      if (stream.has(id)) return conflict(incoming, operationRuns(id));
      await stream.start(incoming, asked, id);
      return plain(202, '');
    },
    DELETE(incoming) {
      const id = new URLSearchParams(incoming.search).get('operationId');
      if (!id) throw noOperationId();
      findStream(incoming).cancel(id);
      return plain(200, '');
    },
  };

  return {
    handler(incoming) {
      const { method = '' } = incoming.request;
      const handle = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (!handle) throw wrongMethod(method);
      return handle(incoming);
    },
    leave() {
      for (const stream of [...streams.values()]) stream.close();
    },
  };
}

const tokenOf = ({ headers, search }: Incoming) =>
  headers.get('x-graphql-event-stream-token') ?? new URLSearchParams(search).get('token') ?? undefined;

function operationIdIn(body: unknown): string {
  const extensions = isObject(body) ? body.extensions : undefined;
  const id = isObject(extensions) ? extensions.operationId : undefined;
  if (typeof id !== 'string' || id === '') throw noOperationId();
  return id;
}

const plain = (status: number, body: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body,
});

/** The status of the protocol, where `CONFLICT` of a mutation has 200. */
const conflict = (incoming: Incoming, refusal: Refusal): Reply => ({
  ...replyTo(refusal, incoming.headers),
  status: 409,
});

const noSuchStream = () =>
  new Refusal('NOT_FOUND', 'There is no such stream of yours. Reserve one by PUT, and open it soon.', {
    messageZh: '没有属于您的此事件流。请以 PUT 预留,并尽快打开。',
  });

const streamIsOpen = () =>
  new Refusal('CONFLICT', 'This stream is already open.', { messageZh: '此事件流已经打开。' });

const operationRuns = (id: string) =>
  new Refusal('CONFLICT', `An operation "${id}" already runs on this stream.`, {
    messageZh: `此事件流上已有操作“${id}”。`,
  });

const noOperationId = () =>
  new Refusal(
    'BAD_REQUEST',
    'The id of the operation is missing: "extensions.operationId", or for DELETE "?operationId=".',
    {
      messageZh: '缺少操作的编号:“extensions.operationId”,或 DELETE 时的“?operationId=”。',
    },
  );

const notAccepted = () =>
  new Refusal('BAD_REQUEST', 'A stream is opened with the header "accept: text/event-stream".', {
    messageZh: '打开事件流须附请求头 "accept: text/event-stream"。',
  });

const tooManyStreams = () =>
  new Refusal('TOO_MANY_SUBSCRIPTIONS', `You have reached the limit of ${streamsPerCaller} event streams.`, {
    messageZh: `您的事件流已达上限(${streamsPerCaller} 个)。`,
  });

const wrongMethod = (method: string) =>
  new Refusal(
    'METHOD_NOT_ALLOWED',
    `An event stream is reserved by PUT, opened by GET and used by POST and DELETE, not by ${method}.`,
    { messageZh: `事件流以 PUT 预留,以 GET 打开,以 POST 和 DELETE 使用,不能用 ${method}。` },
    { allow: 'GET, POST, PUT, DELETE' },
  );
