import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Makes cursors whose content is encrypted and authenticated. */
export type CursorSeal = {
  seal(value: unknown): string;
  /** Returns the content of a cursor; undefined when it was not sealed with this secret. */
  open(cursor: string): unknown;
};

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** Cursors are padded to a multiple of this length, so that it does not show the size of the numbers in them. */
const paddedTo = 64;

/** Creates a seal. `secret` has 32 bytes and is the same for every gateway. */
export const sealWith = (secret: Buffer): CursorSeal => ({
  seal(value) {
    const text = JSON.stringify(value);
    const padded = text.padEnd(Math.ceil(Buffer.byteLength(text) / paddedTo) * paddedTo);
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, secret, nonce);
    const sealed = [sealing.update(padded, 'utf8'), sealing.final()];
    return Buffer.concat([nonce, sealing.getAuthTag(), ...sealed]).toString('base64url');
  },
  open(cursor) {
    const bytes = Buffer.from(cursor, 'base64url');
    const nonce = bytes.subarray(0, nonceBytes);
    try {
      const opening = createDecipheriv(cipher, secret, nonce, { authTagLength: tagBytes });
      opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const padded = [opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()];
      return JSON.parse(Buffer.concat(padded).toString());
    } catch {
      return undefined;
    }
  },
});
