import type { KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Log } from '../log.ts';
import { type ChainOptions, grow, type Noted, noted, type Receipt } from './chain.ts';
import { isSigned } from './checkpoint.ts';
import { createGroupCommit, type Outage } from './group-commit.ts';
import { Lines } from './line.ts';
import { lockFolder } from './lock.ts';
import type { AuditEvent, CheckpointRecord, Entry } from './record.ts';
import { type Recovered, recover } from './recover.ts';
import { writeSegments } from './segments.ts';
import { type KeyFile, openSigningKey, publicKeyText } from './signing-key.ts';

export type AuditLogOptions = {
  /** The chain of one gateway, and of it alone. */
  readonly folder: string;
  readonly gateway: string;
  readonly key: KeyFile;
  readonly log: Log;
  /** A checkpoint comes after so many records, and after so long at the latest where there are new ones. */
  readonly checkpointEvery?: number;
  readonly checkpointMs?: number;
  /** Size above which a file ends with the next checkpoint. */
  readonly segmentBytes?: number;
  /** How many events may wait to be written. */
  readonly queue?: number;
  /** How long a write may take before nobody waits for it any more. */
  readonly patienceMs?: number;
  /** After how long a disk that refused is tried again. */
  readonly retryMs?: number;
  /** Told of each checkpoint when it is durable, to keep it elsewhere. */
  readonly onCheckpoint?: (checkpoint: CheckpointRecord) => void;
};

export type AuditLog = {
  /** Resolves when the event is on the disk for good; rejects with `AuditUnavailable` where it is not known to be. */
  append(event: AuditEvent): Promise<Receipt>;
  /** Returns at once. It is written with the next group, after an outage too, as long as the queue has room. */
  note(event: AuditEvent): void;
  /** Why nothing can be written now; undefined while it can. */
  readonly outage: Outage | undefined;
  /** Writes what waits, signs it, and lets the folder go. */
  close(): Promise<void>;
};

/**
 * Opens the chain of a gateway, or begins one, and goes on after the last record that was acknowledged. Rejects where the
 * chain is damaged, is another's, or is written by another process.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { folder, gateway, log, onCheckpoint } = options;
  const { checkpointEvery = 1_000, checkpointMs = 60_000, segmentBytes = 64 * 1024 ** 2 } = options;
  const { queue: room = 10_000, patienceMs = 5_000, retryMs = 1_000 } = options;

  await using opening = new AsyncDisposableStack();
  await mkdir(folder, { recursive: true });
  opening.use(await lockFolder(folder));
  const key = await openSigningKey(options.key);
  const recovered = await recover(folder);
  refuseForeign(recovered, gateway, key, folder);
  if (recovered.torn)
    log.warn(recovered.torn, 'The audit log ended in the middle of a record: that is put aside.');
  const segments = writeSegments(folder, recovered.segment);
  opening.defer(() => segments.close());

  const chain: ChainOptions = { gateway, key, checkpointEvery };
  const lines = new Lines();
  let { head } = recovered;
  let isCheckpointDue = false;

  async function write(entries: readonly Noted[], outage?: Outage): Promise<readonly Receipt[]> {
    const all = outage ? [...entries, now({ kind: 'interruption', ...outage })] : entries;
    // A file ends with a checkpoint, so that it can be verified, and gone on from, without the one before.
    const isFull = segments.size >= segmentBytes;
    const growth = grow(head, all, chain, isFull || isCheckpointDue, lines);
    if (growth.lines.length === 0) return [];
    await segments.append(growth.lines, head.sequence + 1);
    head = growth.head;
    isCheckpointDue = false;
    if (isFull) await segments.rotate();
    for (const checkpoint of growth.checkpoints) onCheckpoint?.(checkpoint);
    return growth.receipts;
  }
  await write(openingEntries(recovered, key).map(now));

  const commits = createGroupCommit({ write, room, patienceMs, retryMs, log });
  const sign = () => {
    isCheckpointDue = head.unsigned.length > 0;
    return commits.flush();
  };
  const timer = setInterval(sign, checkpointMs).unref();
  const open = opening.move();
  return {
    append: (event) => commits.append(now(event)),
    note: (event) => commits.note(now(event)),
    get outage() {
      return commits.outage;
    },
    async close() {
      clearInterval(timer);
      await commits.flush();
      isCheckpointDue = true;
      await commits.close();
      await open.disposeAsync();
    },
  };
}

const now = (entry: Entry): Noted => noted(entry, isoTime(Date.now()));

let lastMs = 0;
let lastIso = '';

/** ISO 8601. Many records are of one millisecond. */
function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms;
    lastIso = new Date(ms).toISOString();
  }
  return lastIso;
}

/** What a chain says when its gateway starts. */
function openingEntries({ last, torn }: Recovered, key: KeyObject): readonly Entry[] {
  if (!last) return [{ kind: 'genesis', publicKey: publicKeyText(key) }];
  if (!torn) return [];
  const reason = `the gateway was ended while it wrote; ${torn.bytes} bytes are kept in ${basename(torn.keptIn)}`;
  return [{ kind: 'interruption', since: last.time, reason, lost: null }];
}

function refuseForeign({ last, witness }: Recovered, gateway: string, key: KeyObject, folder: string) {
  if (last && last.gateway !== gateway) {
    throw new Error(
      `The audit log in ${folder} is that of the gateway ${last.gateway}, and this is ${gateway}. ` +
        'Set GATEWAY_ID or AUDIT_FOLDER so that each gateway has its own.',
    );
  }
  const isOwn =
    witness === undefined ||
    (witness.kind === 'genesis' ? witness.publicKey === publicKeyText(key) : isSigned(witness, key));
  if (isOwn) return;
  throw new Error(
    `The audit log in ${folder} is signed with another key than AUDIT_KEY names. Give it that key, or move the ` +
      'folder away: then a new chain begins.',
  );
}
