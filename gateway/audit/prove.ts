import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isSigned } from './checkpoint.ts';
import { hashOf, type Line, parseLine, splitLines } from './line.ts';
import { merklePath, rootFromPath } from './merkle.ts';
import type { AuditRecord, CheckpointRecord } from './record.ts';
import { listSegments } from './segments.ts';

/** A proof that a checkpoint signs a record. It needs no other record. */
export type InclusionProof = {
  readonly record: AuditRecord;
  /** The audit path of RFC 6962, section 2.1.1: hashes in hex, from the record up. */
  readonly path: readonly string[];
  readonly checkpoint: CheckpointRecord;
};

/** Makes the proof for a record. Throws if there is no such record, or no checkpoint signs it yet. */
export async function proveRecord(folder: string, sequence: number): Promise<InclusionProof> {
  const lines = await linesAround(folder, sequence);
  const record = lines.find((line) => line.record.sequence === sequence)?.record;
  if (!record) throw new Error(`There is no record ${sequence} in ${folder}.`);
  if (record.kind === 'checkpoint')
    throw new Error(`Record ${sequence} is a checkpoint: it is signed itself.`);
  const checkpoint = lines
    .map((line) => line.record)
    .find((each): each is CheckpointRecord => each.kind === 'checkpoint' && each.sequence > sequence);
  if (!checkpoint) {
    throw new Error(
      `No checkpoint signs record ${sequence} yet. One comes within a minute, or when the gateway stops.`,
    );
  }
  const { first, last } = checkpoint;
  const leaves = lines
    .filter((line) => line.record.sequence >= first && line.record.sequence <= last)
    .map(({ hash }) => hash);
  return { record, path: merklePath(leaves, sequence - first), checkpoint };
}

/** Returns why a proof is invalid; undefined if it holds. */
export function refuteProof(
  { record, path, checkpoint }: InclusionProof,
  key: KeyObject,
): string | undefined {
  if (!isSigned(checkpoint, key)) return 'The checkpoint is not signed with this key.';
  if (record.gateway !== checkpoint.gateway) return 'Record and checkpoint are of different gateways.';
  const { first, last, root } = checkpoint;
  const leaf = hashOf(JSON.stringify(record));
  return rootFromPath(leaf, record.sequence - first, last - first + 1, path) === root
    ? undefined
    : `Record ${record.sequence} is not as it was when the checkpoint was signed.`;
}

/** Reads the lines of the file that holds a record. The checkpoint that signs the record is in the same file. */
async function linesAround(folder: string, sequence: number): Promise<readonly Line[]> {
  const segment = (await listSegments(folder)).findLast(({ first }) => first <= sequence);
  if (!segment) return [];
  return splitLines(await readFile(segment.file)).lines.flatMap((line) => parseLine(line) ?? []);
}
