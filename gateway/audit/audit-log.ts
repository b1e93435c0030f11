import type { KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Log } from '../lib/log.ts';
import { defaultsOf } from '../lib/setting.ts';
import { type ChainOptions, grow, type Noted, noted, type Receipt } from './chain.ts';
import { isSigned } from './checkpoint.ts';
import { type FreeSpace, watchFreeSpace } from './free-space.ts';
import { AuditUnavailable, createGroupCommit, type Outage } from './group-commit.ts';
import { type HeadStore, keepHead, refuteLog } from './kept-head.ts';
import { Lines } from './line.ts';
import { lockFolder } from './lock.ts';
import type { AuditEvent, CheckpointRecord, Entry } from './record.ts';
import { type Recovered, recover } from './recover.ts';
import { countRefusals, type Refused } from './refusal-counts.ts';
import { openFolder, writeSegments } from './segments.ts';
import { settings } from './settings.ts';
import { type KeyFile, openSigningKey, publicKeyText } from './signing-key.ts';

export type AuditLogOptions = {
  /** The folder of the chain of this gateway alone. */
  readonly folder: string;
  readonly gateway: string;
  readonly key: KeyFile;
  readonly log: Log;
  /**
   * A checkpoint follows after this number of records, and after this time in milliseconds at the latest if there are
   * new ones.
   */
  readonly checkpointEvery?: number;
  readonly checkpointMs?: number;
  /** The size in bytes above which a file ends with the next checkpoint. */
  readonly segmentBytes?: number;
  /** The number of events that may wait to be written. */
  readonly queue?: number;
  /** The time in milliseconds that a write may take before its callers are refused. */
  readonly patienceMs?: number;
  /** The time in milliseconds after which a failed write is tried again. */
  readonly retryMs?: number;
  /**
   * The store that keeps the head of the chain, so that a cut or replaced tail is noticed. Undefined: the head is not
   * kept.
   */
  readonly heads?: HeadStore | undefined;
  /** The interval in milliseconds at which the head is kept. */
  readonly keepHeadMs?: number;
  /** An operator's statement that a log with missing records may be continued. */
  readonly acceptedLoss?: AcceptedLoss | undefined;
  /** The interval in milliseconds at which counts of refused requests are recorded. */
  readonly refusalsMs?: number;
  /** The free space in bytes below which the log warns and no longer records unauthenticated callers. */
  readonly warnBelowBytes?: number;
  /** The interval in milliseconds at which the free space is read. */
  readonly lookAtDiskMs?: number;
  /** Called with each checkpoint when it is durable, to keep it elsewhere. */
  readonly onCheckpoint?: (checkpoint: CheckpointRecord) => void;
};

export type AcceptedLoss = { readonly by: string; readonly reason: string };

export type AuditLog = {
  /** Resolves when the event is durable; rejects with `AuditUnavailable` if that is not certain. */
  append(event: AuditEvent): Promise<Receipt>;
  /**
   * Takes an event that nobody waits for. Returns whether it will be written with the next group or, during an
   * outage, after it; false if the queue has no room. A minor event needs more free room.
   */
  note(event: AuditEvent, isMinor?: boolean): boolean;
  /** Counts a refused request. The counts are recorded every minute. */
  countRefusal(refused: Refused): void;
  readonly space: Pick<FreeSpace, 'bytes' | 'isLow'>;
  /** The current outage; undefined while the log can be written. */
  readonly outage: Outage | undefined;
  /** Writes and signs what waits, and releases the folder. */
  close(): Promise<void>;
};

/**
 * Opens or begins the chain of a gateway, and continues after the last acknowledged record. Rejects if the chain is
 * damaged, belongs to another gateway, or is written by another process.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { folder, gateway, log, onCheckpoint, heads, acceptedLoss } = options;
  const {
    checkpointEvery = defaultsOf(settings).checkpointEvery,
    checkpointMs = 60_000,
    segmentBytes = 64 * 1024 ** 2,
  } = options;
  const { queue: room = 10_000, patienceMs = 5_000, retryMs = 1_000 } = options;

  await using opening = new AsyncDisposableStack();
  await openFolder(folder);
  opening.use(await lockFolder(folder));
  const key = await openSigningKey(options.key);
  await warnOfReaders(options.key, log);
  const recovered = await recover(folder);
  refuseForeign(recovered, gateway, key, folder);
  if (recovered.torn)
    log.warn(
      recovered.torn,
      'The audit log ended in the middle of a record, which was moved into a file of its own.',
    );
  const found = await compareHead(options, recovered.head);
  if (found.isUnknown)
    log.warn(
      { cause: found.cause },
      'The database of the hub does not answer yet where the audit log ended.',
    );
  if (found.refutation && !acceptedLoss) throw new Error(lossOf(found.refutation, options));
  if (acceptedLoss && !found.refutation)
    throw new Error('The audit log has every record that is known to be written.');
  const segments = writeSegments(folder, recovered.segment);
  opening.defer(() => segments.close());

  const lines = new Lines();
  /**
   * Whether the log was compared with the head in the database. Until then it may end with a forged tail, so nothing
   * is signed, which would confirm that tail, and no record is promised to be durable.
   */
  let isCompared = !found.isUnknown;
  const chainNow = (): ChainOptions => ({
    gateway,
    key,
    checkpointEvery: isCompared ? checkpointEvery : Number.POSITIVE_INFINITY,
  });
  let { head } = recovered;
  let isCheckpointDue = false;
  /** The reason why nothing may be written any more. */
  let halted: string | undefined;

  async function write(entries: readonly Noted[], outage?: Outage): Promise<readonly Receipt[]> {
    if (halted) throw Object.assign(new Error(halted), { code: 'CHANGED' });
    const all = outage ? [...entries, now({ kind: 'interruption', ...outage })] : entries;
    // A file ends with a checkpoint, so that it can be verified, and continued from, without the file before it.
    const isFull = isCompared && segments.size >= segmentBytes;
    const isToSign = isFull || (isCompared && isCheckpointDue);
    const growth = grow(head, all, chainNow(), isToSign, lines);
    if (growth.lines.length === 0) return [];
    await segments.append(growth.lines, head.sequence + 1);
    head = growth.head;
    if (isToSign) isCheckpointDue = false;
    if (isFull) await segments.rotate();
    for (const checkpoint of growth.checkpoints) onCheckpoint?.(checkpoint);
    return growth.receipts;
  }
  const first = openingEntries(recovered, key, found, acceptedLoss);
  await write(first.map(now));
  if (acceptedLoss) await heads?.replace(gateway, head);

  const { lookAtDiskMs = 5_000, warnBelowBytes = 0, refusalsMs = 60_000, keepHeadMs = 1_000 } = options;
  const space = watchFreeSpace({ folder, warnBelowBytes, everyMs: lookAtDiskMs, log });
  opening.defer(() => space.close());
  await space.look();
  const commits = createGroupCommit({ write, room, patienceMs, retryMs, log });
  const refusals = countRefusals({
    everyMs: refusalsMs,
    write(counted, isUnauthenticated) {
      if (isUnauthenticated && (space.isLow || commits.outage)) return false;
      return commits.hasRoomForMinor && commits.note(now(counted), true);
    },
  });
  const compareLater = async () => {
    const { refutation, isUnknown, cause } = await compareHead(options, recovered.head);
    halted = refutation;
    if (isUnknown) throw cause;
    if (halted) throw new Error(halted);
    isCompared = true;
  };
  const keeper =
    heads &&
    keepHead({
      store: heads,
      gateway,
      head: () => head,
      everyMs: keepHeadMs,
      log,
      compare: found.isUnknown ? compareLater : undefined,
    });
  const sign = () => {
    isCheckpointDue = head.unsigned.length > 0;
    return commits.flush();
  };
  const timer = setInterval(sign, checkpointMs).unref();
  const open = opening.move();
  return {
    append: (event) => (isCompared ? commits.append(now(event)) : Promise.reject(notCompared())),
    note: (event, isMinor) => commits.note(now(event), isMinor),
    countRefusal: refusals.count,
    space,
    get outage() {
      return commits.outage;
    },
    async close() {
      clearInterval(timer);
      refusals.close();
      await commits.flush();
      const isClosable = head.sequence > recovered.head.sequence || !recovered.isClosed;
      // A log that was never compared is not closed. The next start compares it, and records that its end was not
      // signed.
      if (isCompared && isClosable) commits.note(now({ kind: 'stop' }));
      isCheckpointDue = true;
      await commits.close();
      await keeper?.close();
      await open.disposeAsync();
    },
  };
}

const now = (entry: Entry): Noted => noted(entry, isoTime(Date.now()));

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

const notCompared = () =>
  new AuditUnavailable(
    'the database of the hub has not said yet where it ended, so that it may have been changed',
  );

type Compared = {
  /** Why records are missing from the log. */
  readonly refutation?: string | undefined;
  /** Whether the store of heads did not answer. */
  readonly isUnknown?: boolean;
  readonly cause?: unknown;
  readonly kept?: Receipt | undefined;
};

/** Compares the head of a log, as it was found, with the head that the store keeps. */
async function compareHead({ heads, gateway, folder }: AuditLogOptions, head: Receipt): Promise<Compared> {
  if (!heads) return {};
  let kept: Receipt | undefined;
  try {
    kept = await heads.find(gateway);
  } catch (cause) {
    return { isUnknown: true, cause };
  }
  return { kept, refutation: await refuteLog(folder, head, kept) };
}

const lossOf = (refutation: string, { folder, gateway }: AuditLogOptions) =>
  `The audit log in ${folder} lacks what was written: ${refutation}. Find out who could change its files, and keep them as ` +
  `evidence. "wenshu audit accept-loss --gateway ${gateway} --by NAME --reason TEXT" continues it as it is and records this.`;

/** Returns the entries that a chain records when its gateway starts. */
function openingEntries(
  { last, torn, head, isClosed }: Recovered,
  key: KeyObject,
  { refutation, kept }: Compared,
  acceptedLoss: AcceptedLoss | undefined,
): readonly Entry[] {
  const entries: Entry[] = last ? [] : [{ kind: 'genesis', publicKey: publicKeyText(key) }];
  const since = last?.time ?? new Date().toISOString();
  if (!isClosed || torn) {
    const unsigned = head.unsigned.length;
    const reason = [
      'the gateway was ended without closing the log',
      unsigned > 0
        ? `records ${head.sequence - unsigned + 1} to ${head.sequence} were not signed by then`
        : '',
      kept && unsigned > 0 ? `the database of the hub knew record ${kept.sequence}` : '',
      torn ? `${torn.bytes} bytes of one more are kept in ${basename(torn.keptIn)}` : '',
    ];
    entries.push({
      kind: 'interruption',
      since,
      reason: reason.filter((part) => part !== '').join('; '),
      lost: null,
    });
  }
  if (acceptedLoss) {
    const lost = kept && kept.sequence > head.sequence ? kept.sequence - head.sequence : null;
    const reason = `${acceptedLoss.by} accepts that ${refutation}: ${acceptedLoss.reason}`;
    entries.push({ kind: 'interruption', since, reason, lost });
  }
  return entries;
}

async function warnOfReaders({ file }: KeyFile, log: Log) {
  const { mode } = await stat(file);
  if (mode & 0o077)
    log.warn({ file }, 'Other accounts can read the key of the audit log. Run chmod 600 on its file.');
}

function refuseForeign({ last, witness }: Recovered, gateway: string, key: KeyObject, folder: string) {
  if (last && last.gateway !== gateway) {
    throw new Error(
      `The audit log in ${folder} belongs to the gateway ${last.gateway}, and this gateway is ${gateway}. ` +
        'Set GATEWAY_ID or AUDIT_FOLDER so that each gateway has its own.',
    );
  }
  const isOwn =
    witness === undefined ||
    (witness.kind === 'genesis' ? witness.publicKey === publicKeyText(key) : isSigned(witness, key));
  if (isOwn) return;
  throw new Error(
    `The audit log in ${folder} is signed with another key than that of AUDIT_KEY. Give that key, or move the ` +
      'folder away to begin a new chain.',
  );
}
