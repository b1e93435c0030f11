import { hash } from 'node:crypto';
import type { AuditRecord } from './record.ts';

/** The hash that the first record of a chain has before it. */
export const noHash = '0'.repeat(64);

export const hashOf = (canonical: string | Uint8Array): string => hash('sha256', canonical);

/** A line of the log: one object of JSON, in which the record stands byte for byte as it was hashed. */
export const lineOf = (recordHash: string, canonical: string): string =>
  `${head}${recordHash}${middle}${canonical}}\n`;

export type Line = { readonly hash: string; readonly record: AuditRecord };

const head = '{"hash":"';
const middle = '","record":';
const hashEnd = head.length + noHash.length;
const recordStart = hashEnd + middle.length;

/** Reads a line without its end; undefined where it is none, or does not have the hash that it says. */
export function parseLine(bytes: Buffer): Line | undefined {
  const recordHash = bytes.toString('latin1', head.length, hashEnd);
  const canonical = bytes.subarray(recordStart, -1);
  const isFramed =
    bytes.toString('latin1', 0, head.length) === head &&
    bytes.toString('latin1', hashEnd, recordStart) === middle &&
    bytes.at(-1) === closingBrace;
  if (!isFramed || hashOf(canonical) !== recordHash) return undefined;
  try {
    const record = JSON.parse(canonical.toString());
    return Number.isInteger(record?.sequence) ? { hash: recordHash, record } : undefined;
  } catch {
    return undefined;
  }
}

const closingBrace = '}'.charCodeAt(0);

/** The lines of a file, without their ends; what stands after the last end is `rest`. */
export function splitLines(bytes: Buffer): { readonly lines: readonly Buffer[]; readonly rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(lineEnd); end !== -1; end = bytes.indexOf(lineEnd, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return { lines, rest: bytes.subarray(start) };
}

const lineEnd = '\n'.charCodeAt(0);
