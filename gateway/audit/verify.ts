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
  /** Public key of the gateway, from elsewhere; without it, the chain is held against the key that it names itself. */
  readonly key?: KeyObject | undefined;
  /** A record that is known to have been written: a log that ends before it, or has another in its place, is not sound. */
  readonly expected?: Receipt | undefined;
  /** Where to begin: a checkpoint that is trusted. What comes before it need not be there. */
  readonly from?: CheckpointRecord | undefined;
};

export type Verdict = Sound | Unsound;

export type Sound = {
  readonly isSound: true;
  readonly gateway: string;
  readonly first: number;
  readonly head: Receipt;
  readonly checkpoints: number;
  /** Where it says itself that something may be missing. */
  readonly interruptions: readonly (Link & Interruption)[];
  /** Records after the last checkpoint: chained, but not signed yet. */
  readonly unsigned: number;
};

export type Unsound = {
  readonly isSound: false;
  /** The first that is not as it was written. */
  readonly sequence: number;
  readonly reason: string;
  readonly file?: string | undefined;
};

/** Reads a chain from its files and nothing else, and finds the first record that is not as it was written. */
export async function verifyChain(folder: string, options: VerifyOptions = {}): Promise<Verdict> {
  const { expected, from } = options;
  const segments = await listSegments(folder);
  const begin = from ? segments.findLastIndex(({ first }) => first <= from.sequence) : 0;
  const check = createCheck(options);
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

/** What a gateway that runs is just writing is waited for. */
async function readSettled(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  if (splitLines(bytes).rest.length === 0) return bytes;
  await wait(settledMs);
  return await readFile(file);
}

const settledMs = 200;

/** Goes along a chain; a problem is said as the rest of `record 7 ...`. */
function createCheck({ key: givenKey, expected, from }: VerifyOptions) {
  let { sequence, hash: previous }: Receipt = noHead;
  let first: number | undefined;
  let gateway = from?.gateway;
  let key = givenKey;
  let unsigned: string[] = [];
  let checkpoints = 0;
  const interruptions: (Link & Interruption)[] = [];
  if (from) {
    sequence = from.sequence - 1;
    previous = from.previous;
  }

  function checkGenesis(record: AuditRecord): string | undefined {
    if (record.kind !== 'genesis') return record.sequence === 1 ? 'is no beginning of a chain' : undefined;
    if (record.sequence !== 1) return 'begins a chain in the middle of another';
    if (key && publicKeyText(key) !== record.publicKey) return 'names another key than the one given';
    key ??= parsePublicKey(record.publicKey);
    return key ? undefined : 'names no key';
  }

  function checkCheckpoint(record: AuditRecord): string | undefined {
    if (record.kind !== 'checkpoint') return undefined;
    if (!key) return 'cannot be verified without the key of its gateway';
    if (!isSigned(record, key)) return 'is a checkpoint that the key of its gateway did not sign';
    // Of the one to begin with, the records are not there to compare; it must be the one that is trusted.
    if (from?.sequence === record.sequence) {
      return JSON.stringify(record) === JSON.stringify(from)
        ? undefined
        : 'is not the checkpoint to begin with';
    }
    const isOfThese = record.last === sequence && record.first === sequence - unsigned.length + 1;
    return isOfThese && unsigned.length > 0 && record.root === merkleRoot(unsigned)
      ? undefined
      : 'is a checkpoint of other records than those before it';
  }

  function checkLine(line: Line | undefined): string | undefined {
    if (!line) return 'is not what was written: it does not have the hash that it says';
    const { record, hash } = line;
    if (record.sequence !== sequence + 1) {
      return `is not there: ${record.sequence} stands in its place`;
    }
    if (gateway !== undefined && record.gateway !== gateway) return `is of the chain of ${record.gateway}`;
    if (record.previous !== previous) return 'does not follow the record before it';
    if (first === undefined && from && record.kind !== 'checkpoint') return 'is no checkpoint to begin with';
    const problem = checkGenesis(record) ?? checkCheckpoint(record);
    if (problem) return problem;
    if (expected?.sequence === record.sequence && expected.hash !== hash) {
      return 'is not the one that was expected';
    }
    gateway = record.gateway;
    first ??= record.sequence;
    sequence = record.sequence;
    previous = hash;
    if (record.kind === 'interruption') interruptions.push(record);
    if (record.kind === 'checkpoint') {
      unsigned = [];
      checkpoints += 1;
    } else unsigned.push(hash);
    return undefined;
  }

  return {
    /** The sequence that has to come. */
    get next() {
      return sequence + 1;
    },
    segment(segment: Segment, bytes: Buffer): string | undefined {
      const { lines, rest } = splitLines(bytes);
      // Where a checkpoint is given to begin with, what comes before it in its file is passed over.
      const skipped = first === undefined && from ? from.sequence - segment.first : 0;
      if (first !== undefined || !from) {
        if (segment.first !== sequence + 1) return `is not there: a file begins with ${segment.first}`;
      }
      for (const line of lines.slice(Math.max(skipped, 0))) {
        const problem = checkLine(parseLine(line));
        if (problem) return problem;
      }
      return rest.length > 0 ? 'is torn: its file ends in the middle of it' : undefined;
    },
    end(): Sound | undefined {
      if (first === undefined || gateway === undefined) return undefined;
      const head = { sequence, hash: previous };
      return { isSound: true, gateway, first, head, checkpoints, interruptions, unsigned: unsigned.length };
    },
  };
}
