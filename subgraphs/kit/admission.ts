import type { IncomingMessage } from 'node:http';
import { HubError } from '@wenshu/schema/errors.ts';
import { type Asker, type KeyRing, unauthenticated, verifyCall } from '@wenshu/schema/signature.ts';
import { createReplayGuard } from './replay-guard.ts';

/** An admitted call. */
export type Admitted = { readonly body: Buffer; readonly asker: Asker };

/** Reads and admits a call. Throws a `HubError` for a call that is not admitted. */
export type Admit = (request: IncomingMessage) => Promise<Admitted>;

/** Maximum size of a body. It is larger than any call of a gateway: keys of some ten thousand entities. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Admits calls that the gateway signed for this subgraph just now, each once. The body of an unauthenticated call is not read. */
export function admitSigned(subgraph: string, keys: KeyRing): Admit {
  const takeOnce = createReplayGuard();
  return async (request) => {
    const signed = verifyCall(keys, subgraph, request);
    const body = await readBody(request);
    if (!signed.covers(body))
      throw unauthenticated('The body is not the one that was signed.', '请求体与签名不符。');
    takeOnce(signed);
    return { body, asker: signed.asker };
  };
}

/** Admits every call, but ignores the caller that it states. */
export const admitAll: Admit = async (request) => ({ body: await readBody(request), asker: {} });

const tooLarge = new HubError('BODY_TOO_LARGE', `The request is larger than ${maxBodyBytes} bytes.`, {
  messageZh: `请求超过 ${maxBodyBytes} 字节。`,
});

function readBody(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
    else reject(tooLarge);
  });
  request.on('end', () => resolve(Buffer.concat(chunks)));
  request.on('close', () => {
    if (!request.complete) reject(new Error('The gateway went away before the request was whole.'));
  });
  return promise;
}
