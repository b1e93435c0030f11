import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const saneRequestId = /^[\w.:-]{1,128}$/;

/** Returns the caller's `x-request-id` if it is safe in a log line, else a new id. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneRequestId.test(given) ? given : randomUUID();
}

/** Returns the headers by lower-case name. Repeated headers are joined with commas. */
export function headersOf(request: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** Splits the address of a request. `search` includes '?', or is ''. */
export function splitUrl(url = '/'): { readonly path: string; readonly search: string } {
  const [path = '/', search = ''] = url.split(/(?=\?)/, 2);
  return { path, search };
}

/** Reads a body as text; resolves to undefined as soon as it is larger than `maxBytes`. */
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
  const leave = () => reject(new Error('The caller went away before the request was whole.'));
  request.on('close', () => {
    if (!request.complete) leave();
  });
  // The caller may have left during authentication; then there are no events.
  if (request.destroyed) leave();
  return promise;
}
