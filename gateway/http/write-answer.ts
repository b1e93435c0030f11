import type { ServerResponse } from 'node:http';
import { type Chunk, isStream, type Reply } from './reply.ts';

/** What readers may keep from others by taking nothing of their answers. */
export type WriteLimits = {
  /** How long a reader may take nothing; one that takes longer is cut off. */
  readonly idleMs: number;
  /** How many bytes may wait for readers; beyond it, `stallMs` are enough. */
  readonly heldBytes: number;
};

export const standardWriteLimits: WriteLimits = { idleMs: 30_000, heldBytes: 16 * 1024 * 1024 };

const stallMs = 2_000;
const lookMs = 1_000;

/** What a reader is handed at a time, in bytes or UTF-16: each that it has taken shows that it reads. */
const sliceSize = 64 * 1024;

/** What is handed over at once, in UTF-16: most answers, which the kernel takes whole. */
const smallAnswer = 256 * 1024;

/** Writes answers as fast as they are read; who takes nothing of his is cut off. */
export function createAnswerWriter({ idleMs, heldBytes }: WriteLimits) {
  let held = 0;

  /** Cuts the reader off when it stands still; gives what ends that, and what is called for each progress. */
  function watch(response: ServerResponse, bytes: number) {
    let left = bytes;
    let stoodMs = 0;
    held += left;
    const every = Math.min(lookMs, idleMs);
    const timer = setInterval(() => {
      stoodMs += every;
      if (stoodMs >= idleMs || (stoodMs >= stallMs && held > heldBytes)) response.destroy();
    }, every);
    const progress = (taken: number) => {
      stoodMs = 0;
      held -= Math.min(taken, left);
      left -= Math.min(taken, left);
    };
    const end = () => {
      clearInterval(timer);
      progress(left);
    };
    return { progress, end };
  }

  /** `ownBytes` is 0 for what is held anyway. */
  async function writeSlices(response: ServerResponse, body: Chunk, ownBytes: number) {
    const reader = watch(response, ownBytes);
    try {
      for (const slice of slicesOf(body)) {
        await taken(response, slice);
        reader.progress(slice.length);
      }
    } finally {
      reader.end();
    }
  }

  /** All headers at once: Node keeps those that are set one by one, to be changed. */
  return async (response: ServerResponse, reply: Reply): Promise<void> => {
    const { status, headers, body } = reply;
    if (isStream(reply)) {
      response.writeHead(status, headers);
      for await (const chunk of reply.body) await writeSlices(response, chunk, Buffer.byteLength(chunk));
      response.end();
      return;
    }
    const whole = body as Chunk;
    const bytes = Buffer.byteLength(whole);
    headers['content-length'] ??= String(bytes);
    response.writeHead(status, headers);
    if (typeof whole === 'string' && whole.length <= smallAnswer) {
      response.end(whole);
      if (response.writableLength > 0) response.once('close', watch(response, bytes).end);
      return;
    }
    await writeSlices(response, whole, typeof whole === 'string' ? bytes : 0);
    response.end();
  };
}

/** Without a copy of the whole. */
function* slicesOf(body: Chunk): Generator<Uint8Array> {
  if (typeof body !== 'string') {
    for (let at = 0; at < body.length; at += sliceSize) yield body.subarray(at, at + sliceSize);
    return;
  }
  for (let at = 0, end = 0; at < body.length; at = end) {
    end = Math.min(at + sliceSize, body.length);
    // Not between the two halves of a character.
    if (end < body.length && body.codePointAt(end - 1) !== body.charCodeAt(end - 1)) end -= 1;
    yield Buffer.from(body.slice(at, end));
  }
}

/** Resolves when it is out, rejects where the reader goes away. */
function taken(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leave = () => reject(new Error('The reader went away before its answer was out.'));
  response.once('close', leave);
  response.write(bytes, (cause) => {
    response.off('close', leave);
    if (cause) reject(cause);
    else resolve();
  });
  return promise;
}
