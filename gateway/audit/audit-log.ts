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
  /** Where the head of the chain is kept, so that a tail that was cut or replaced is known; nowhere, if not given. */
  readonly heads?: HeadStore | undefined;
  /** How often the head is kept. */
  readonly keepHeadMs?: number;
  /** An operator's word that a log which lacks what was written is gone on with. */
  readonly acceptedLoss?: AcceptedLoss | undefined;
  /** How often it is put on record how many requests were turned away. */
  readonly refusalsMs?: number;
  /** Below so much room on the disk it warns, and does not put strangers on record. */
  readonly warnBelowBytes?: number;
  /** How often it looks at the disk. */
  readonly lookAtDiskMs?: number;
  /** Told of each checkpoint when it is durable, to keep it elsewhere. */
  readonly onCheckpoint?: (checkpoint: CheckpointRecord) => void;
};

export type AcceptedLoss = { readonly by: string; readonly reason: string };

export type AuditLog = {
  /** Resolves when the event is on the disk for good; rejects with `AuditUnavailable` where it is not known to be. */
  append(event: AuditEvent): Promise<Receipt>;
  /**
   * Returns at once, whether it is written with the next group, after an outage too; false where the queue has no room. Of
   * what is minor it is, as long as there is plenty.
   */
  note(event: AuditEvent, isMinor?: boolean): boolean;
  /** Counts a request that was turned away; the counts are put on record every minute. */
  countRefusal(refused: Refused): void;
  readonly space: Pick<FreeSpace, 'bytes' | 'isLow'>;
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
    log.warn(recovered.torn, 'The audit log ended in the middle of a record: that is put aside.');
  const found = await compareHead(options, recovered.head);
  if (found.isUnknown)
    log.warn({ cause: found.cause }, 'The database of the hub cannot say yet where the audit log ended.');
  if (found.refutation && !acceptedLoss) throw new Error(lossOf(found.refutation, options));
  if (acceptedLoss && !found.refutation)
    throw new Error('The audit log lacks nothing that is known to be written.');
  const segments = writeSegments(folder, recovered.segment);
  opening.defer(() => segments.close());

  const lines = new Lines();
  /**
   * Until the log was held against the head in the database it may end with a tail that is not its own: nothing is signed,
   * which would vouch for that, and no record is promised to be durable.
   */
  let isCompared = !found.isUnknown;
  const chainNow = (): ChainOptions => ({
    gateway,
    key,
    checkpointEvery: isCompared ? checkpointEvery : Number.POSITIVE_INFINITY,
  });
  let { head } = recovered;
  let isCheckpointDue = false;
  /** Why nothing may be written any more. */
  let halted: string | undefined;

  async function write(entries: readonly Noted[], outage?: Outage): Promise<readonly Receipt[]> {
    if (halted) throw Object.assign(new Error(halted), { code: 'CHANGED' });
    const all = outage ? [...entries, now({ kind: 'interruption', ...outage })] : entries;
    // A file ends with a checkpoint, so that it can be verified, and gone on from, without the one before.
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
    write(counted, isOfStranger) {
      if (isOfStranger && (space.isLow || commits.outage)) return false;
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
      // What was never compared is not closed either: the next start compares it, and says that it was not signed.
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

/** ISO 8601. Many records are of one millisecond. */
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
  /** Why the log lacks what was written. */
  readonly refutation?: string | undefined;
  /** Whether the store of heads did not answer. */
  readonly isUnknown?: boolean;
  readonly cause?: unknown;
  readonly kept?: Receipt | undefined;
};

/** Holds a log, as it was found, against what is known elsewhere of its end. */
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
  `evidence. "wenshu audit accept-loss --gateway ${gateway} --by NAME --reason TEXT" goes on with it as it is, and puts that on record.`;

/** What a chain says when its gateway starts. */
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
    log.warn({ file }, 'Others can read the key of the audit log. chmod 600 takes that from them.');
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
