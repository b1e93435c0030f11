import { hash } from 'node:crypto';
import type { AuditRecord } from './record.ts';

/** The previous hash of the first record of a chain. */
export const noHash = '0'.repeat(64);

export const hashOf = (canonical: string | Uint8Array): string => hash('sha256', canonical);

/**
 * Builds lines of the log. Each is a JSON object that contains the record byte for byte as it was hashed. The memory
 * is reused, because allocating it for each write would be most of the work (`tests/bench/audit.ts`).
 */
export class Lines {
  #memory = Buffer.allocUnsafeSlow(64 * 1024);
  #size = 0;

  /** The bytes that were added since the last clear; valid until the next. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#size);
  }

  clear(): void {
    this.#size = 0;
  }

  /** Adds a record, given in two parts. Returns its hash. */
  add(recordHead: string, recordRest: Uint8Array): string {
    const start = this.#size + recordStart;
    // One UTF-16 unit takes at most three bytes in UTF-8.
    this.#makeRoom(start + 3 * recordHead.length + recordRest.length + tail.length);
    const memory = this.#memory;
    const restStart = start + memory.write(recordHead, start);
    memory.set(recordRest, restStart);
    const recordEnd = restStart + recordRest.length;
    const recordHash = hashOf(memory.subarray(start, recordEnd));
    memory.write(head + recordHash + middle, this.#size);
    this.#size = recordEnd + memory.write(tail, recordEnd);
    return recordHash;
  }

  #makeRoom(size: number) {
    if (size <= this.#memory.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * size);
    larger.set(this.bytes);
    this.#memory = larger;
  }
}

export type Line = { readonly hash: string; readonly record: AuditRecord };

const head = '{"hash":"';
const middle = '","record":';
const tail = '}\n';
const hashEnd = head.length + noHash.length;
const recordStart = hashEnd + middle.length;

/** Parses a line without its line end; undefined if it is no record or its hash is wrong. */
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

/** Splits a file into lines without their ends; `rest` holds the bytes after the last line end. */
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
