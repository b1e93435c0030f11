import type { KeyObject } from 'node:crypto';
import { headOf, restOf } from './canonical.ts';
import { makeCheckpoint } from './checkpoint.ts';
import { Lines, noHash } from './line.ts';
import type { CheckpointRecord, Entry } from './record.ts';

/** The end of a chain, from which it grows. */
export type Head = {
  /** The sequence of the last record; 0 if there is none. */
  readonly sequence: number;
  readonly hash: string;
  /** Hashes of the records that no checkpoint signs yet. */
  readonly unsigned: readonly string[];
};

export const noHead: Head = { sequence: 0, hash: noHash, unsigned: [] };

export type ChainOptions = {
  readonly gateway: string;
  readonly key: KeyObject;
  /** The number of records after which a checkpoint follows. */
  readonly checkpointEvery: number;
};

/** An entry before it has its place in the chain: when it was noted, and the second part of its text. */
export type Noted = { readonly kind: Entry['kind']; readonly time: string; readonly rest: Uint8Array };

/** Turns an entry into text at once. The text is small, and does not keep the objects of the request alive. */
export const noted = (entry: Entry, time: string): Noted => ({
  kind: entry.kind,
  time,
  rest: Buffer.from(restOf(entry)),
});

/** The growth of a chain. It takes effect when it is written. */
export type Growth = {
  /** The lines to append, one for each record. */
  readonly lines: Buffer;
  readonly head: Head;
  /** The place of each entry, in the order of the entries. */
  readonly receipts: readonly Receipt[];
  readonly checkpoints: readonly CheckpointRecord[];
};

/** The sequence and the hash of a record. */
export type Receipt = { readonly sequence: number; readonly hash: string };

/**
 * Links entries to the end of a chain. With `isClosed` a checkpoint signs all records that are unsigned. The lines
 * are put into `into`.
 */
export function grow(
  head: Head,
  entries: readonly Noted[],
  { gateway, key, checkpointEvery }: ChainOptions,
  isClosed: boolean,
  into = new Lines(),
): Growth {
  let { sequence, hash: previous } = head;
  let unsigned = [...head.unsigned];
  const receipts: Receipt[] = [];
  const checkpoints: CheckpointRecord[] = [];
  into.clear();

  const nextLink = (time: string) => ({ sequence: sequence + 1, previous, gateway, time });
  const add = ({ kind, time, rest }: Noted) => {
    previous = into.add(headOf(nextLink(time), kind), rest);
    sequence += 1;
  };
  const signUnsigned = (time: string) => {
    const link = nextLink(time);
    const checkpoint = makeCheckpoint(link, unsigned, key);
    add(noted(checkpoint, time));
    checkpoints.push({ ...link, ...checkpoint });
    unsigned = [];
  };

  for (const entry of entries) {
    add(entry);
    unsigned.push(previous);
    receipts.push({ sequence, hash: previous });
    if (unsigned.length >= checkpointEvery) signUnsigned(entry.time);
  }
  if (isClosed && unsigned.length > 0) signUnsigned(new Date().toISOString());
  return { lines: into.bytes, head: { sequence, hash: previous, unsigned }, receipts, checkpoints };
}
