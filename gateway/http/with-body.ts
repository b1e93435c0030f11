import type { RequestRecord } from '../request/record.ts';
import { type Reply, refusal } from './reply.ts';
import { readBody } from './request.ts';
import type { Incoming } from './server.ts';

type Handler = (incoming: Incoming, record: RequestRecord, text: string) => Promise<Reply>;

/** Hands a request on when its body is here: until then it takes no room from others, however slowly it comes. */
export const withBody =
  (maxBytes: number, handler: Handler) =>
  async (incoming: Incoming, record: RequestRecord): Promise<Reply> => {
    const text = await readBody(incoming.request, maxBytes);
    if (text !== undefined) return handler(incoming, record, text);
    return refusal('BODY_TOO_LARGE', `The request is larger than ${maxBytes} bytes.`, {
      connection: 'close',
    });
  };
