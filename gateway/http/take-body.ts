import { refusal } from './reply.ts';
import { readBody } from './request.ts';
import type { Step } from './step.ts';

/**
 * Reads the body, then calls the next step. Until the body is complete the request takes no capacity from others,
 * however slowly it arrives.
 */
export const takeBody =
  (maxBytes: number): Step =>
  async (incoming, next) => {
    const text = await readBody(incoming.request, maxBytes);
    if (text !== undefined) {
      incoming.text = text;
      return next(incoming);
    }
    const words = {
      message: `The request is larger than ${maxBytes} bytes.`,
      messageZh: `请求超过 ${maxBytes} 字节。`,
    };
    return refusal('BODY_TOO_LARGE', words, incoming.headers, { connection: 'close' });
  };
