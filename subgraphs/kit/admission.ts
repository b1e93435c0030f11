import type { IncomingMessage } from 'node:http';
import { HubError } from '@wenshu/schema/errors.ts';
import { type Asker, type KeyRing, unauthenticated, verifyCall } from '@wenshu/schema/signature.ts';
import { createReplayGuard } from './replay-guard.ts';

/** A call that may be answered. */
export type Admitted = { readonly body: Buffer; readonly asker: Asker };

/** Reads a call that may be answered. Throws a `HubError` for any other. */
export type Admit = (request: IncomingMessage) => Promise<Admitted>;

/** Above what a gateway asks at once: keys of some ten thousand entities. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Admits what the gateway signed for this subgraph just now, once. A stranger's body is not even read. */
export function admitSigned(subgraph: string, keys: KeyRing): Admit {
  const takeOnce = createReplayGuard();
  return async (request) => {
    const signed = verifyCall(keys, subgraph, request);
    const body = await readBody(request);
    if (!signed.covers(body)) throw unauthenticated('The body is not the one that was signed.');
    takeOnce(signed);
    return { body, asker: signed.asker };
  };
}

/** Admits everybody, and believes nobody who says for whom he asks. */
export const admitAll: Admit = async (request) => ({ body: await readBody(request), asker: {} });

function readBody(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
    else reject(new HubError('BODY_TOO_LARGE', `The request is larger than ${maxBodyBytes} bytes.`));
  });
  request.on('end', () => resolve(Buffer.concat(chunks)));
  request.on('close', () => {
    if (!request.complete) reject(new Error('The gateway went away before the request was whole.'));
  });
  return promise;
}
