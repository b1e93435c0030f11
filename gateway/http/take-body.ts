import { refusal } from './reply.ts';
import { readBody } from './request.ts';
import type { Step } from './step.ts';

/** Hands a request on when its body is here: until then it takes no room from others, however slowly it comes. */
export const takeBody =
  (maxBytes: number): Step =>
  async (incoming, next) => {
    const text = await readBody(incoming.request, maxBytes);
    if (text !== undefined) {
      incoming.text = text;
      return next(incoming);
    }
    return refusal('BODY_TOO_LARGE', `The request is larger than ${maxBytes} bytes.`, {
      connection: 'close',
    });
  };
