import type { ServerResponse } from 'node:http';
import { type ErrorCode, statusOf, type Words } from '@wenshu/schema/errors.ts';
import { inAskedLanguage } from '../request/language.ts';

/** An answer before it is written. */
export type Reply = {
  readonly status: number;
  /** Headers of this reply; the server adds its own. */
  readonly headers: Record<string, string>;
  /** The body. Bytes are written unchanged, so that several replies can share them. */
  readonly body: string | Uint8Array | AsyncIterable<Chunk> | WriteBody;
  /**
   * Releases what a streamed body holds. Everybody who drops a reply calls it: a generator that never started does not
   * run its `finally`. Further calls do nothing.
   */
  readonly cancel?: () => void;
};

export type Chunk = string | Uint8Array;

/** Writes a body itself, part by part as they come. Resolves when the answer has ended or the client has left. */
export type WriteBody = (response: ServerResponse) => Promise<void>;

/**
 * Returns the same reply with a callback. `onEnd` runs once, with the number of bytes that were read, when the reply
 * is sent or cancelled, or `signal` aborts.
 */
export function withEnd(
  reply: Reply & { readonly body: AsyncIterable<Chunk> },
  signal: AbortSignal,
  onEnd: (bytes: number) => void,
): Reply {
  let bytes = 0;
  let hasEnded = false;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    signal.removeEventListener('abort', end);
    onEnd(bytes);
  };
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const counted = async function* () {
    try {
      for await (const chunk of reply.body) {
        bytes += Buffer.byteLength(chunk);
        yield chunk;
      }
    } finally {
      end();
    }
  };
  const cancel = () => {
    reply.cancel?.();
    end();
  };
  return { ...reply, body: counted(), cancel };
}

export const isStream = (reply: Reply): reply is Reply & { readonly body: AsyncIterable<Chunk> } =>
  typeof reply.body === 'object' && !(reply.body instanceof Uint8Array);

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

/**
 * Makes a refusal in the form of a GraphQL answer, which every client of the gateway can read. `asked` are the headers
 * of the request, if they were read.
 */
export const refusal = (
  code: ErrorCode,
  { message, messageZh }: Words,
  asked?: ReadonlyMap<string, string>,
  headers?: Record<string, string>,
): Reply =>
  json(
    statusOf[code],
    { errors: [inAskedLanguage({ message, extensions: { code, messageZh } }, asked)] },
    headers,
  );

export const notAnswered: Words = {
  message: 'This request could not be answered.',
  messageZh: '无法答复该请求。',
};
