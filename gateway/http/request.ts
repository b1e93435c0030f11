import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const saneRequestId = /^[\w.:-]{1,128}$/;

/** The caller's `x-request-id` where it can stand in a log line, or a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneRequestId.test(given) ? given : randomUUID();
}

/** Of the machine at the other end of the connection. */
export const clientAddressOf = ({ socket }: IncomingMessage): string | undefined => socket.remoteAddress;

/** Reads a body as text; undefined as soon as it is larger than it may be. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else resolve(undefined);
  });
  request.on('end', () =>
    resolve((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString()),
  );
  request.on('close', () => {
    if (!request.complete) reject(new Error('The caller went away before the request was whole.'));
  });
  return promise;
}
