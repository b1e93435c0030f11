import { type KeyObject, sign, verify } from 'node:crypto';
import { statementOf } from './canonical.ts';
import { merkleRoot } from './merkle.ts';
import type { Checkpoint, CheckpointRecord, Link } from './record.ts';

/** Makes the checkpoint that signs the unsigned records before it, given by their hashes. */
export function makeCheckpoint(link: Link, unsigned: readonly string[], key: KeyObject): Checkpoint {
  const last = link.sequence - 1;
  const checkpoint = {
    kind: 'checkpoint',
    first: last - unsigned.length + 1,
    last,
    root: merkleRoot(unsigned),
  } as const;
  const signature = sign(null, Buffer.from(statementOf(link, checkpoint)), key);
  return { ...checkpoint, signature: signature.toString('base64') };
}

/** Returns whether this key signed the checkpoint. */
export const isSigned = (record: CheckpointRecord, key: KeyObject): boolean =>
  verify(
    null,
    Buffer.from(statementOf(record, record)),
    key,
    Buffer.from(String(record.signature), 'base64'),
  );
