import type { KeyObject } from 'node:crypto';
import { grow, type Head, type Noted, noted, type Receipt } from './chain.ts';
import type { Outage } from './group-commit.ts';
import { Lines } from './line.ts';
import type { CheckpointRecord, Entry } from './record.ts';
import type { SegmentWriter } from './segments.ts';

export type ChainWriterOptions = {
  readonly gateway: string;
  readonly key: KeyObject;
  readonly segments: SegmentWriter;
  /** The end of the chain as it was found. */
  readonly head: Head;
  /** Whether the end was compared with the head in the database. */
  readonly isCompared: boolean;
  readonly checkpointEvery: number;
  /** The size in bytes above which a file ends with the next checkpoint. */
  readonly segmentBytes: number;
  readonly onCheckpoint: ((checkpoint: CheckpointRecord) => void) | undefined;
};

/** Writes the records of a chain, and signs them. */
export class ChainWriter {
  readonly #options: ChainWriterOptions;
  readonly #lines = new Lines();
  #head: Head;
  #isCompared: boolean;
  #isCheckpointDue = false;
  /** The reason why nothing may be written any more. */
  #halted: string | undefined;

  constructor(options: ChainWriterOptions) {
    this.#options = options;
    this.#head = options.head;
    this.#isCompared = options.isCompared;
  }

  /** The last durable record. */
  get head(): Head {
    return this.#head;
  }

  /**
   * Whether the log was compared with the head in the database. Until then it may end with a forged tail, so nothing
   * is signed, which would confirm that tail, and no record is promised to be durable.
   */
  get isCompared(): boolean {
    return this.#isCompared;
  }

  /** Notes that the log was compared. `refutation` says why nothing may be written any more. */
  noteCompared(refutation: string | undefined): void {
    this.#halted = refutation;
    this.#isCompared = refutation === undefined;
  }

  /** Signs with the next write, also if it brings no record. */
  signNext(): void {
    this.#isCheckpointDue = true;
  }

  /** Makes entries durable, all or none, and returns their places in the chain. Records the outage, if there is one. */
  async write(entries: readonly Noted[], outage?: Outage): Promise<readonly Receipt[]> {
    if (this.#halted) throw Object.assign(new Error(this.#halted), { code: 'CHANGED' });
    const { gateway, key, segments, segmentBytes, onCheckpoint } = this.#options;
    const all = outage ? [...entries, now({ kind: 'interruption', ...outage })] : entries;
    // A file ends with a checkpoint, so that it can be verified, and continued from, without the file before it.
    const isFull = this.#isCompared && segments.size >= segmentBytes;
    const isToSign = isFull || (this.#isCompared && this.#isCheckpointDue);
    const checkpointEvery = this.#isCompared ? this.#options.checkpointEvery : Number.POSITIVE_INFINITY;
    const growth = grow(this.#head, all, { gateway, key, checkpointEvery }, isToSign, this.#lines);
    if (growth.lines.length === 0) return [];
    await segments.append(growth.lines, this.#head.sequence + 1);
    this.#head = growth.head;
    if (isToSign) this.#isCheckpointDue = false;
    if (isFull) await segments.rotate();
    for (const checkpoint of growth.checkpoints) onCheckpoint?.(checkpoint);
    return growth.receipts;
  }
}

/** Turns an entry into one of this moment. */
export const now = (entry: Entry): Noted => noted(entry, isoTime(Date.now()));

let lastMs = 0;
let lastIso = '';

/** Formats a time as ISO 8601. Many records are of one millisecond, so the last text is kept (`tests/bench/audit.ts`). */
function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms;
    lastIso = new Date(ms).toISOString();
  }
  return lastIso;
}
