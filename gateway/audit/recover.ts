import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { type Head, noHead } from './chain.ts';
import { parseLine, splitLines } from './line.ts';
import type { AuditRecord, CheckpointRecord, Genesis } from './record.ts';
import { listSegments, ownerOnly, type Segment } from './segments.ts';

export type Recovered = {
  readonly head: Head;
  /** The last record; undefined in a new chain. */
  readonly last: AuditRecord | undefined;
  /** The last record that shows the signing key of the chain, if the last file has one. */
  readonly witness: Genesis | CheckpointRecord | undefined;
  /** The file to continue, and the size of its valid part. */
  readonly segment: { readonly file: string; readonly size: number } | undefined;
  /** Whether the gateway closed the log when it stopped. True for a new chain. */
  readonly isClosed: boolean;
  /** The incomplete record of a killed process, and the file to which it was moved. */
  readonly torn: { readonly bytes: number; readonly keptIn: string } | undefined;
};

/**
 * Finds the end of a chain from which it continues. A file begins after a checkpoint, so the last file with a record
 * is enough. A torn tail was never acknowledged, and is moved to a file of its own. Rejects if the damage is more
 * than a torn tail.
 */
export async function recover(folder: string): Promise<Recovered> {
  const segments = [...(await listSegments(folder))];
  let torn: Recovered['torn'];
  for (let segment = segments.pop(); segment; segment = segments.pop()) {
    const found = readEnd(segment, await readFile(segment.file));
    await refuseForeignStart(segment, found.previous, segments.at(-1));
    if (found.rest.length > 0) torn = await putAside(segment.file, found.size, found.rest);
    if (found.last) return { ...found, segment: { file: segment.file, size: found.size }, torn };
    await rm(segment.file);
  }
  return { head: noHead, last: undefined, witness: undefined, segment: undefined, isClosed: true, torn };
}

function readEnd({ file, first }: Segment, bytes: Buffer) {
  const { lines } = splitLines(bytes);
  let sequence = first - 1;
  let hash: string | undefined;
  let previous: string | undefined;
  let unsigned: string[] = [];
  let last: AuditRecord | undefined;
  let witness: Recovered['witness'];
  let isClosed = false;
  let size = 0;
  for (const [index, bytesOfLine] of lines.entries()) {
    const line = parseLine(bytesOfLine);
    const follows = line && line.record.sequence === sequence + 1 && (!hash || line.record.previous === hash);
    if (!follows) {
      if (lines.slice(index).some((each) => parseLine(each))) throw damaged(file, sequence + 1);
      break;
    }
    sequence += 1;
    hash = line.hash;
    previous ??= line.record.previous;
    isClosed = line.record.kind === 'checkpoint' && last?.kind === 'stop';
    last = line.record;
    size += bytesOfLine.length + 1;
    if (last.kind === 'genesis' || last.kind === 'checkpoint') witness = last;
    if (last.kind === 'checkpoint') unsigned = [];
    else unsigned.push(hash);
  }
  const head: Head = hash === undefined ? noHead : { sequence, hash, unsigned };
  return { head, last, witness, previous, isClosed, size, rest: bytes.subarray(size) };
}

/** Throws if a file does not continue the file before it, unless that was archived. */
async function refuseForeignStart(
  { file, first }: Segment,
  previous: string | undefined,
  before: Segment | undefined,
) {
  if (!before || previous === undefined) return;
  const end = splitLines(await readFile(before.file)).lines.at(-1);
  if ((end && parseLine(end)?.hash) !== previous) throw damaged(file, first);
}

/** Makes the error for damage that no crash explains: an operator has to look at it. */
const damaged = (file: string, sequence: number) =>
  new Error(
    `The audit log is damaged at sequence ${sequence}, in ${file}; wenshu audit verify says how. ` +
      'Keep its folder as evidence, move it away, and start again: that begins a new chain.',
  );

async function putAside(file: string, size: number, rest: Buffer) {
  const keptIn = `${file}.torn-at-${size}`;
  await writeFile(keptIn, rest, { flush: true, mode: ownerOnly });
  await truncate(file, size);
  return { bytes: rest.length, keptIn };
}
