import type { KeyObject } from 'node:crypto';
import { canonical } from './canonical.ts';
import { makeCheckpoint } from './checkpoint.ts';
import { hashOf, lineOf, noHash } from './line.ts';
import type { CheckpointRecord, Entry } from './record.ts';

/** The end of a chain. */
export type Head = {
  /** Of the last record; 0 where there is none. */
  readonly sequence: number;
  readonly hash: string;
  /** Hashes of the records that no checkpoint signs yet. */
  readonly unsigned: readonly string[];
};

export const noHead: Head = { sequence: 0, hash: noHash, unsigned: [] };

export type ChainOptions = {
  readonly gateway: string;
  readonly key: KeyObject;
  /** After so many records comes a checkpoint. */
  readonly checkpointEvery: number;
};

/** An entry and when it was noted. */
export type Timed = { readonly entry: Entry; readonly time: string };

/** What a chain grows by; nothing has happened until it is written. */
export type Growth = {
  /** One for each record, with its end. */
  readonly lines: readonly string[];
  readonly head: Head;
  /** Where each entry came to stand, in their order. */
  readonly receipts: readonly Receipt[];
  readonly checkpoints: readonly CheckpointRecord[];
};

/** Where a record stands, and its hash. */
export type Receipt = { readonly sequence: number; readonly hash: string };

/** Links entries to the end of a chain; with `isClosed` what is left unsigned is signed. */
export function grow(
  head: Head,
  entries: readonly Timed[],
  { gateway, key, checkpointEvery }: ChainOptions,
  isClosed: boolean,
): Growth {
  let { sequence, hash: previous } = head;
  let unsigned = [...head.unsigned];
  const lines: string[] = [];
  const receipts: Receipt[] = [];
  const checkpoints: CheckpointRecord[] = [];

  const nextLink = (time: string) => ({ sequence: sequence + 1, previous, gateway, time });
  const add = (written: string) => {
    sequence += 1;
    previous = hashOf(written);
    lines.push(lineOf(previous, written));
  };
  const signUnsigned = (time: string) => {
    const link = nextLink(time);
    const checkpoint = makeCheckpoint(link, unsigned, key);
    add(canonical(link, checkpoint));
    checkpoints.push({ ...link, ...checkpoint });
    unsigned = [];
  };

  for (const { entry, time } of entries) {
    add(canonical(nextLink(time), entry));
    unsigned.push(previous);
    receipts.push({ sequence, hash: previous });
    if (unsigned.length >= checkpointEvery) signUnsigned(time);
  }
  if (isClosed && unsigned.length > 0) signUnsigned(new Date().toISOString());
  return { lines, head: { sequence, hash: previous, unsigned }, receipts, checkpoints };
}
