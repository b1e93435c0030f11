import type { ServerResponse } from 'node:http';
import type { Log } from '../lib/log.ts';
import { type Chunk, isStream, type Reply } from './reply.ts';

/** The limits for clients that do not read their answers. */
export type WriteLimits = {
  /** The time in milliseconds without progress after which a client is cut off. */
  readonly idleMs: number;
  /**
   * The number of bytes that may wait for clients. Above it, the clients that have read nothing for longest are cut
   * off.
   */
  readonly heldBytes: number;
};

/** The time in milliseconds without progress after which a client counts as stalled when room is needed. */
const stallMs = 500;
const lookMs = 250;

/** The size of one write, in bytes or UTF-16 units. Each completed write shows that the client reads. */
const sliceSize = 64 * 1024;

/** The size, in UTF-16 units, up to which an answer is written at once. The kernel takes most such answers whole. */
const smallAnswer = 256 * 1024;

/** A client that has not read all of its answer. */
type Reader = {
  readonly response: ServerResponse;
  readonly requestId: string | undefined;
  left: number;
  stoodMs: number;
};

/** The clients that have not read all of their answers. Those that do not read are cut off. */
class Readers {
  readonly #limits: WriteLimits;
  readonly #log: Log;
  readonly #readers = new Set<Reader>();
  readonly #every: number;
  #held = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: WriteLimits, log: Log) {
    this.#limits = limits;
    this.#log = log;
    this.#every = Math.min(lookMs, limits.idleMs);
  }

  watch(response: ServerResponse, { headers }: Reply, bytes: number): Reader {
    const reader: Reader = { response, requestId: headers['x-request-id'], left: bytes, stoodMs: 0 };
    this.#readers.add(reader);
    this.#held += bytes;
    this.#timer ??= setInterval(() => this.#look(), this.#every);
    this.#makeRoom();
    return reader;
  }

  progress(reader: Reader, taken: number): void {
    const bytes = Math.min(taken, reader.left);
    reader.stoodMs = 0;
    reader.left -= bytes;
    this.#held -= bytes;
  }

  leave(reader: Reader): void {
    this.progress(reader, reader.left);
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    for (const reader of this.#readers) {
      reader.stoodMs += this.#every;
      if (reader.stoodMs >= this.#limits.idleMs) this.#cutOff(reader);
    }
    this.#makeRoom();
  }

  /** Makes room for other clients. A single client may be as slow as it likes. */
  #makeRoom(): void {
    const { heldBytes } = this.#limits;
    if (this.#held <= heldBytes || this.#readers.size === 1) return;
    const slowest = [...this.#readers]
      .filter(({ stoodMs, left }) => stoodMs >= stallMs && left > 0)
      .toSorted((a, b) => b.stoodMs - a.stoodMs);
    for (const reader of slowest) {
      if (this.#held > heldBytes) this.#cutOff(reader);
    }
  }

  #cutOff(reader: Reader): void {
    const { response, requestId, left, stoodMs } = reader;
    const held = this.#held;
    this.#log.warn(
      { requestId, left, stoodMs, held },
      'A reader that took nothing of its answer was cut off.',
    );
    response.destroy();
    this.leave(reader);
  }
}

/** Creates a writer of answers, which cuts off clients that do not read. */
export function createAnswerWriter(limits: WriteLimits, log: Log) {
  const readers = new Readers(limits, log);

  /** Writes a body in slices. `ownBytes` is the memory that the body itself takes; 0 if it is kept anyway. */
  async function writeSlices(response: ServerResponse, reply: Reply, body: Chunk, ownBytes: number) {
    const reader = readers.watch(response, reply, ownBytes);
    try {
      for (const slice of slicesOf(body)) {
        await taken(response, slice);
        readers.progress(reader, slice.length);
      }
    } finally {
      readers.leave(reader);
    }
  }

  /** Writes the headers at once: headers that are set one by one cost more in Node (bench case `small`). */
  return async (response: ServerResponse, reply: Reply): Promise<void> => {
    const { status, headers, body } = reply;
    if (isStream(reply)) {
      response.writeHead(status, headers);
      for await (const chunk of reply.body)
        await writeSlices(response, reply, chunk, Buffer.byteLength(chunk));
      response.end();
      return;
    }
    if (typeof body === 'function') {
      response.writeHead(status, headers);
      return body(response);
    }
    const whole = body as Chunk;
    const bytes = Buffer.byteLength(whole);
    // https://www.rfc-editor.org/rfc/rfc9110#section-8.6
    if (status !== 204) headers['content-length'] ??= String(bytes);
    response.writeHead(status, headers);
    if (typeof whole === 'string' && whole.length <= smallAnswer) {
      response.end(whole);
      if (response.writableLength === 0) return;
      const reader = readers.watch(response, reply, bytes);
      response.once('close', () => readers.leave(reader));
      return;
    }
    await writeSlices(response, reply, whole, typeof whole === 'string' ? bytes : 0);
    response.end();
  };
}

/** Splits a body into slices without copying the whole. */
function* slicesOf(body: Chunk): Generator<Uint8Array> {
  if (typeof body !== 'string') {
    for (let at = 0; at < body.length; at += sliceSize) yield body.subarray(at, at + sliceSize);
    return;
  }
  for (let at = 0, end = 0; at < body.length; at = end) {
    end = Math.min(at + sliceSize, body.length);
    // A slice must not end between the two halves of a character.
    if (end < body.length && body.codePointAt(end - 1) !== body.charCodeAt(end - 1)) end -= 1;
    yield Buffer.from(body.slice(at, end));
  }
}

/** Writes bytes. Resolves when they are sent; rejects if the client leaves. */
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
