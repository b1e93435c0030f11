import type { KeyObject } from 'node:crypto';
import { headOf, restOf } from './canonical.ts';
import { makeCheckpoint } from './checkpoint.ts';
import { Lines, noHash } from './line.ts';
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

/** An entry as it will stand in its record, but for its place: when it was noted, and the rest of its text. */
export type Noted = { readonly kind: Entry['kind']; readonly time: string; readonly rest: Uint8Array };

/** Written down at once: as text it is small, and outlives the request without what hangs on it. */
export const noted = (entry: Entry, time: string): Noted => ({
  kind: entry.kind,
  time,
  rest: Buffer.from(restOf(entry)),
});

/** What a chain grows by; nothing has happened until it is written. */
export type Growth = {
  /** Of the log, one for each record. */
  readonly lines: Buffer;
  readonly head: Head;
  /** Where each entry came to stand, in their order. */
  readonly receipts: readonly Receipt[];
  readonly checkpoints: readonly CheckpointRecord[];
};

/** Where a record stands, and its hash. */
export type Receipt = { readonly sequence: number; readonly hash: string };

/** Links entries to the end of a chain; with `isClosed` what is left unsigned is signed. The lines are put into `into`. */
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
