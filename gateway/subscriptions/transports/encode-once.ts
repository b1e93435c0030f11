import type { StreamEvent } from '../stream.ts';

/** Encodes an event once for all subscribers that receive it one after the other. */
export function encodeOnce(encode: (event: StreamEvent) => string): (event: StreamEvent) => Uint8Array {
  let last: StreamEvent | undefined;
  let bytes: Uint8Array = Buffer.alloc(0);
  return (event) => {
    if (event !== last) bytes = Buffer.from(encode(event));
    last = event;
    return bytes;
  };
}

export const encodeText = encodeOnce(({ text }) => text);
