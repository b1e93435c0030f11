import { defaultsOf } from '../lib/setting.ts';
import type { Noted, Receipt } from './chain.ts';
import { ChainWriter, now } from './chain-writer.ts';
import { type FreeSpace, watchFreeSpace } from './free-space.ts';
import { AuditUnavailable, GroupCommit, type Outage } from './group-commit.ts';
import { type KeptHead, keepHead } from './kept-head.ts';
import { lockFolder } from './lock.ts';
import { checkRecovered, compareHead, type OpeningOptions, openingEntries } from './opening-checks.ts';
import type { AuditEvent, ChangeEvent, CheckpointRecord } from './record.ts';
import { type Recovered, recover } from './recover.ts';
import { countRefusals, type RefusalCounts, type Refused } from './refusal-counts.ts';
import { openFolder, writeSegments } from './segments.ts';
import { settings } from './settings.ts';
import { openSigningKey } from './signing-key.ts';
import { findUnsettled } from './unsettled.ts';

export type AuditLogOptions = OpeningOptions & {
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
  /** The interval in milliseconds at which the head is kept. */
  readonly keepHeadMs?: number;
  /** The interval in milliseconds at which counts of refused requests are recorded. */
  readonly refusalsMs?: number;
  /** The free space in bytes below which the log warns and no longer records unauthenticated callers. */
  readonly warnBelowBytes?: number;
  /** The interval in milliseconds at which the free space is read. */
  readonly lookAtDiskMs?: number;
  /** Called with each checkpoint when it is durable, to keep it elsewhere. */
  readonly onCheckpoint?: (checkpoint: CheckpointRecord) => void;
};

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
  /** Changes from before the start whose outcome is not on record. */
  readonly unsettled: readonly ChangeEvent[];
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
  const { folder, gateway, log, heads, acceptedLoss, lookAtDiskMs = 5_000, warnBelowBytes = 0 } = options;
  await using opening = new AsyncDisposableStack();
  await openFolder(folder);
  opening.use(await lockFolder(folder));
  const key = await openSigningKey(options.key);
  const recovered = await recover(folder);
  const found = await checkRecovered(recovered, key, options);
  const unsettled = await findUnsettled(folder, recovered);
  const segments = writeSegments(folder, recovered.segment);
  opening.defer(() => segments.close());

  const chain = new ChainWriter({
    gateway,
    key,
    segments,
    head: recovered.head,
    isCompared: !found.isUnknown,
    checkpointEvery: options.checkpointEvery ?? defaultsOf(settings).checkpointEvery,
    segmentBytes: options.segmentBytes ?? 64 * 1024 ** 2,
    onCheckpoint: options.onCheckpoint,
  });
  await chain.write(openingEntries(recovered, key, found, acceptedLoss).map(now));
  if (acceptedLoss) await heads?.replace(gateway, chain.head);

  const space = watchFreeSpace({ folder, warnBelowBytes, everyMs: lookAtDiskMs, log });
  opening.defer(() => space.close());
  await space.look();
  return new OpenAuditLog(chain, { ...recovered, unsettled }, space, options, opening.move());
}

/** An audit log whose chain is open. */
class OpenAuditLog implements AuditLog {
  readonly space: FreeSpace;
  readonly unsettled: readonly ChangeEvent[];
  readonly #chain: ChainWriter;
  readonly #found: Recovered;
  readonly #commits: GroupCommit<Noted, Receipt>;
  readonly #refusals: RefusalCounts;
  readonly #keeper: KeptHead | undefined;
  readonly #signing: NodeJS.Timeout;
  readonly #resources: AsyncDisposable;

  constructor(
    chain: ChainWriter,
    found: Recovered & Pick<AuditLog, 'unsettled'>,
    space: FreeSpace,
    options: AuditLogOptions,
    resources: AsyncDisposable,
  ) {
    const { log, queue: room = 10_000, patienceMs = 5_000, retryMs = 1_000 } = options;
    this.space = space;
    this.unsettled = found.unsettled;
    this.#chain = chain;
    this.#found = found;
    this.#resources = resources;
    this.#commits = new GroupCommit({
      write: (entries, outage) => chain.write(entries, outage),
      room,
      patienceMs,
      retryMs,
      log,
    });
    this.#refusals = this.#countRefusals(options);
    this.#keeper = this.#keepHead(options);
    this.#signing = setInterval(() => this.#sign(), options.checkpointMs ?? 60_000).unref();
  }

  append(event: AuditEvent): Promise<Receipt> {
    return this.#chain.isCompared ? this.#commits.append(now(event)) : Promise.reject(notCompared());
  }

  note(event: AuditEvent, isMinor?: boolean): boolean {
    return this.#commits.note(now(event), isMinor);
  }

  countRefusal(refused: Refused): void {
    this.#refusals.count(refused);
  }

  get outage(): Outage | undefined {
    return this.#commits.outage;
  }

  async close(): Promise<void> {
    clearInterval(this.#signing);
    this.#refusals.close();
    await this.#commits.flush();
    const { isCompared, head } = this.#chain;
    const isClosable = head.sequence > this.#found.head.sequence || !this.#found.isClosed;
    // A log that was never compared is not closed. The next start compares it, and records that its end was not
    // signed.
    if (isCompared && isClosable) this.#commits.note(now({ kind: 'stop' }));
    this.#chain.signNext();
    await this.#commits.close();
    await this.#keeper?.close();
    await this.#resources[Symbol.asyncDispose]();
  }

  /** Signs the records that no checkpoint signs yet. */
  #sign(): Promise<void> {
    if (this.#chain.head.unsigned.length > 0) this.#chain.signNext();
    return this.#commits.flush();
  }

  #countRefusals({ refusalsMs = 60_000 }: AuditLogOptions): RefusalCounts {
    const commits = this.#commits;
    return countRefusals({
      everyMs: refusalsMs,
      write: (counted, isUnauthenticated) => {
        if (isUnauthenticated && (this.space.isLow || commits.outage)) return false;
        return commits.hasRoomForMinor && commits.note(now(counted), true);
      },
    });
  }

  #keepHead(options: AuditLogOptions): KeptHead | undefined {
    const { heads: store, gateway, log, keepHeadMs = 1_000 } = options;
    const compare = () => this.#compare(options);
    return (
      store &&
      keepHead({
        store,
        gateway,
        head: () => this.#chain.head,
        everyMs: keepHeadMs,
        log,
        compare: this.#chain.isCompared ? undefined : compare,
      })
    );
  }

  /** Compares the log as it was found, if the database did not answer at the start. */
  async #compare(options: AuditLogOptions): Promise<void> {
    const { refutation, isUnknown, cause } = await compareHead(options, this.#found.head);
    if (isUnknown) throw cause;
    this.#chain.noteCompared(refutation);
    if (refutation) throw new Error(refutation);
  }
}

const notCompared = () =>
  new AuditUnavailable(
    'the database of the hub has not said yet where it ended, so that it may have been changed',
  );
