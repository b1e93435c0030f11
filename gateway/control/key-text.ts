import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

export type Environment = 'live' | 'test';

export type KeyText = {
  readonly environment: Environment;
  readonly id: string;
  /** Full text of the key. */
  readonly text: string;
};

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const form = /^(wsk_(live|test)_([0-9A-Za-z]{12})_[0-9A-Za-z]{32,64})([0-9A-Za-z]{6})$/;

/** Length of the secret: 32 digits of base 62 are 190 bits. */
const secretLength = 32;
/** Length of the checksum: six digits of base 62 can hold any CRC-32. */
const checksumLength = 6;

/** Makes a new key, as in `wsk_live_4fK…_…`: environment, id of 12 digits, secret, checksum. */
export function makeKey(environment: Environment): KeyText {
  const id = randomText(12);
  const body = `wsk_${environment}_${id}_${randomText(secretLength)}`;
  return { environment, id, text: body + checksumOf(body) };
}

/** Splits a key into its parts. Returns undefined for a malformed or mistyped key, which then needs no look-up. */
export function readKey(text: string): KeyText | undefined {
  const [, body, environment, id, checksum] = form.exec(text) ?? [];
  if (!body || !id || checksumOf(body) !== checksum) return undefined;
  return { environment: environment as Environment, id, text };
}

/** Returns random digits of base 62. */
export const randomText = (length: number): string =>
  Array.from({ length }, () => digits[randomInt(digits.length)]).join('');

function checksumOf(body: string): string {
  let text = '';
  for (let rest = crc32(body); text.length < checksumLength; rest = Math.floor(rest / digits.length)) {
    text = digits[rest % digits.length] + text;
  }
  return text;
}
