import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { noHead, type Receipt } from './chain.ts';
import { isSigned } from './checkpoint.ts';
import { type Line, parseLine, splitLines } from './line.ts';
import { merkleRoot } from './merkle.ts';
import type { AuditRecord, CheckpointRecord, Interruption, Link } from './record.ts';
import { listSegments, type Segment } from './segments.ts';
import { parsePublicKey, publicKeyText } from './signing-key.ts';

export type VerifyOptions = {
  /**
   * The public key of the gateway, from another source. Without it, the chain is checked with the key that it
   * contains.
   */
  readonly key?: KeyObject | undefined;
  /**
   * A record that is known to have been written. A log that ends before it, or has another record there, is not
   * sound.
   */
  readonly expected?: Receipt | undefined;
  /** A trusted checkpoint to begin with. Records before it need not exist. */
  readonly from?: CheckpointRecord | undefined;
};

export type Verdict = Sound | Unsound;

export type Sound = {
  readonly isSound: true;
  readonly gateway: string;
  readonly first: number;
  readonly head: Receipt;
  readonly checkpoints: number;
  /** The records in which the log itself reports that events may be missing. */
  readonly interruptions: readonly (Link & Interruption)[];
  /** The number of records after the last checkpoint: chained, but not signed yet. */
  readonly unsigned: number;
};

export type Unsound = {
  readonly isSound: false;
  /** The first record that differs from what was written. */
  readonly sequence: number;
  readonly reason: string;
  readonly file?: string | undefined;
};

/** Verifies a chain from its files alone, and finds the first record that differs from what was written. */
export async function verifyChain(folder: string, options: VerifyOptions = {}): Promise<Verdict> {
  const { expected, from } = options;
  const segments = await listSegments(folder);
  const begin = from ? segments.findLastIndex(({ first }) => first <= from.sequence) : 0;
  const check = new ChainCheck(options);
  for (const segment of segments.slice(Math.max(begin, 0))) {
    const problem = check.segment(segment, await readSettled(segment.file));
    if (problem)
      return { isSound: false, sequence: check.next, reason: problem, file: basename(segment.file) };
  }
  const verdict = check.end();
  if (!verdict) return { isSound: false, sequence: check.next, reason: 'is not there' };
  const { head } = verdict;
  if (expected && head.sequence < expected.sequence) {
    const reason = `is not there: the log ends with ${head.sequence}, and ${expected.sequence} was written`;
    return { isSound: false, sequence: head.sequence + 1, reason };
  }
  return verdict;
}

/** Reads a file. It waits for the end of a line that a running gateway is writing. */
async function readSettled(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  if (splitLines(bytes).rest.length === 0) return bytes;
  await wait(settledMs);
  return await readFile(file);
}

const settledMs = 200;

/** The check of a chain. It returns a problem as the second part of a sentence that begins with `record 7`. */
class ChainCheck {
  readonly #expected: Receipt | undefined;
  readonly #from: CheckpointRecord | undefined;
  #key: KeyObject | undefined;
  #gateway: string | undefined;
  #first: number | undefined;
  #head: Receipt = noHead;
  #unsigned: string[] = [];
  #checkpoints = 0;
  readonly #interruptions: (Link & Interruption)[] = [];

  constructor({ key, expected, from }: VerifyOptions) {
    this.#expected = expected;
    this.#from = from;
    this.#key = key;
    this.#gateway = from?.gateway;
    if (from) this.#head = { sequence: from.sequence - 1, hash: from.previous };
  }

  /** The sequence that must follow. */
  get next(): number {
    return this.#head.sequence + 1;
  }

  segment(segment: Segment, bytes: Buffer): string | undefined {
    const { lines, rest } = splitLines(bytes);
    const isStart = this.#first === undefined && this.#from !== undefined;
    if (!isStart && segment.first !== this.next) {
      return `is not there: a file begins with ${segment.first}`;
    }
    // In the file of the trusted checkpoint, the records before it are skipped.
    const skipped = isStart ? this.next - segment.first : 0;
    for (const line of lines.slice(Math.max(skipped, 0))) {
      const problem = this.#line(parseLine(line));
      if (problem) return problem;
    }
    return rest.length > 0 ? 'is torn: its file ends in the middle of it' : undefined;
  }

  end(): Sound | undefined {
    const [first, gateway] = [this.#first, this.#gateway];
    if (first === undefined || gateway === undefined) return undefined;
    return {
      isSound: true,
      gateway,
      first,
      head: this.#head,
      checkpoints: this.#checkpoints,
      interruptions: this.#interruptions,
      unsigned: this.#unsigned.length,
    };
  }

  #line(line: Line | undefined): string | undefined {
    if (!line) return 'is not what was written: it does not have the hash that it says';
    const { record, hash } = line;
    const problem = this.#checkLink(record) ?? this.#checkGenesis(record) ?? this.#checkCheckpoint(record);
    if (problem) return problem;
    if (this.#expected?.sequence === record.sequence && this.#expected.hash !== hash) {
      return 'is not the one that was expected';
    }
    this.#take(record, hash);
    return undefined;
  }

  #checkLink({ kind, sequence, gateway, previous }: AuditRecord): string | undefined {
    if (sequence !== this.next) return `is not there: ${sequence} stands in its place`;
    if (this.#gateway !== undefined && gateway !== this.#gateway) return `is of the chain of ${gateway}`;
    if (previous !== this.#head.hash) return 'does not follow the record before it';
    const isFirst = this.#first === undefined && this.#from !== undefined;
    return isFirst && kind !== 'checkpoint' ? 'is no checkpoint to begin with' : undefined;
  }

  #checkGenesis(record: AuditRecord): string | undefined {
    if (record.kind !== 'genesis') return record.sequence === 1 ? 'is no beginning of a chain' : undefined;
    if (record.sequence !== 1) return 'begins a chain in the middle of another';
    if (this.#key && publicKeyText(this.#key) !== record.publicKey) {
      return 'names another key than the one given';
    }
    this.#key ??= parsePublicKey(record.publicKey);
    return this.#key ? undefined : 'names no key';
  }

  #checkCheckpoint(record: AuditRecord): string | undefined {
    if (record.kind !== 'checkpoint') return undefined;
    if (!this.#key) return 'cannot be verified without the key of its gateway';
    if (!isSigned(record, this.#key)) return 'is a checkpoint that the key of its gateway did not sign';
    // The records of the trusted checkpoint need not exist, so the checkpoint must equal the trusted one.
    if (this.#from?.sequence === record.sequence) {
      return JSON.stringify(record) === JSON.stringify(this.#from)
        ? undefined
        : 'is not the checkpoint to begin with';
    }
    const unsigned = this.#unsigned;
    const { sequence } = this.#head;
    const isOfThese = record.last === sequence && record.first === sequence - unsigned.length + 1;
    return isOfThese && unsigned.length > 0 && record.root === merkleRoot(unsigned)
      ? undefined
      : 'is a checkpoint of other records than those before it';
  }

  #take(record: AuditRecord, hash: string): void {
    this.#gateway = record.gateway;
    this.#first ??= record.sequence;
    this.#head = { sequence: record.sequence, hash };
    if (record.kind === 'interruption') this.#interruptions.push(record);
    if (record.kind === 'checkpoint') {
      this.#unsigned = [];
      this.#checkpoints += 1;
    } else this.#unsigned.push(hash);
  }
}
