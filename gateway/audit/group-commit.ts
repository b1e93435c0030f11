import type { Log } from '../lib/log.ts';

export type GroupCommitOptions<Item, Receipt> = {
  /**
   * Makes the items durable, all or none, and returns a receipt for each. It also records the outage, if there is
   * one. After `flush` the list can be empty.
   */
  readonly write: (items: readonly Item[], outage: Outage | undefined) => Promise<readonly Receipt[]>;
  /** The number of items that may wait. */
  readonly room: number;
  /** The time in milliseconds that a write may take before its callers are refused. */
  readonly patienceMs: number;
  /** The time in milliseconds after which a failed write is tried again. */
  readonly retryMs: number;
  readonly log: Log;
};

/** A time in which nothing could be written. */
export type Outage = {
  readonly reason: string;
  /** ISO 8601 */
  readonly since: string;
  /** The number of items that were lost because the queue had no room. */
  readonly lost: number;
};

/** The error for a log that cannot be written now. Its message gives the reason, without a path. */
export class AuditUnavailable extends Error {
  constructor(reason: string) {
    super(`The audit log cannot be written: ${reason}.`);
    this.name = 'AuditUnavailable';
  }
}

/**
 * The longest time and the largest number of items for which items wait to be written together. A write costs as much
 * as many items (`tests/bench/audit.ts`).
 */
const lingerMs = 100;
const companyMost = 500;

/** The share of the room that minor items leave free. */
const partKept = 0.25;

type Waiting<Item, Receipt> = {
  readonly item: Item;
  /** The promise of an item that a caller waits for. */
  readonly awaited?: PromiseWithResolvers<Receipt>;
};

/**
 * A group commit. It writes together all items of one turn of the event loop, and all that come while the disk is
 * busy.
 */
export class GroupCommit<Item, Receipt> {
  readonly #options: GroupCommitOptions<Item, Receipt>;
  #queue: Waiting<Item, Receipt>[] = [];
  #inFlight: readonly Waiting<Item, Receipt>[] = [];
  #outage: Outage | undefined;
  /** The minor items that found no room, without an outage. */
  #crowding: Outage | undefined;
  #running: Promise<void> | undefined;
  #soon: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;
  /** Whether a caller waits for an item in the queue. */
  #isUrgent = false;
  #isClosed = false;

  constructor(options: GroupCommitOptions<Item, Receipt>) {
    this.#options = options;
  }

  /**
   * Resolves when the item is durable; rejects with `AuditUnavailable` if that is not certain. This is no async
   * function: that would add turns of the event loop for each caller (`tests/bench/audit.ts`).
   */
  append(item: Item): Promise<Receipt> {
    if (this.#outage || this.#isFull()) {
      return Promise.reject(new AuditUnavailable(this.#outage?.reason ?? ''));
    }
    if (this.#isClosed) return Promise.reject(new AuditUnavailable('the gateway stops'));
    const awaited = Promise.withResolvers<Receipt>();
    this.#queue.push({ item, awaited });
    this.#isUrgent = true;
    this.#schedule();
    return awaited.promise;
  }

  /**
   * Takes an item that nobody waits for. Returns whether it will be written with others or, during an outage, after
   * it; if not, it counts as lost. A minor item leaves part of the room to other items.
   */
  note(item: Item, isMinor = false): boolean {
    if (isMinor && !this.hasRoomForMinor) {
      this.#loseMinor();
      return false;
    }
    if (this.#isFull()) {
      this.#lose();
      return false;
    }
    this.#queue.push({ item });
    this.#schedule();
    return !this.#isClosed;
  }

  /** Whether a minor item finds room. */
  get hasRoomForMinor(): boolean {
    return this.#waiting < this.#options.room * (1 - partKept);
  }

  get outage(): Outage | undefined {
    return this.#outage;
  }

  /** Tries to write what waits. */
  async flush(): Promise<void> {
    this.#isUrgent = true;
    this.#start();
    await this.#running;
  }

  /** Flushes, and takes no more items. */
  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    clearTimeout(this.#later);
    const lost = this.#queue.length + (this.#outage?.lost ?? 0) + (this.#crowding?.lost ?? 0);
    if (lost > 0) this.#options.log.error({ lost }, 'The audit log could not be written to its end.');
  }

  get #waiting(): number {
    return this.#queue.length + this.#inFlight.length;
  }

  /** Whether there is no room for an item; if so, an outage begins. */
  #isFull(): boolean {
    const { room } = this.#options;
    if (this.#waiting < room) return false;
    this.#interrupt(`${room} events wait for the disk`);
    return true;
  }

  #schedule(): void {
    if (this.#running || this.#outage || this.#isClosed) return;
    if (this.#isUrgent || this.#queue.length >= companyMost) this.#soon ??= setImmediate(this.#start);
    else this.#later ??= setTimeout(this.#start, lingerMs);
  }

  readonly #start = (): void => {
    clearImmediate(this.#soon);
    clearTimeout(this.#later);
    this.#soon = undefined;
    this.#later = undefined;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
      if (this.#queue.length > 0) this.#schedule();
    });
  };

  async #drain(): Promise<void> {
    do {
      this.#inFlight = this.#queue;
      this.#queue = [];
      this.#isUrgent = false;
      if (!(await this.#commit(this.#inFlight))) {
        this.#later = setTimeout(this.#start, this.#options.retryMs).unref();
        return;
      }
    } while (this.#isUrgent || this.#outage);
  }

  async #commit(group: readonly Waiting<Item, Receipt>[]): Promise<boolean> {
    const { write, patienceMs } = this.#options;
    const outage = this.#outage;
    const crowding = outage ? undefined : this.#crowding;
    const patience = setTimeout(
      this.#interrupt,
      patienceMs,
      `the disk has not answered for ${patienceMs} ms`,
    );
    try {
      const receipts = await write(
        group.map(({ item }) => item),
        outage ?? crowding,
      );
      resolve(group, receipts);
      if (outage) this.#recover(outage);
      if (this.#crowding && crowding) this.#crowding = without(this.#crowding, crowding.lost);
      return true;
    } catch (cause) {
      this.#interrupt(reasonOf(cause), cause);
      const notes = group.filter(({ awaited }) => !awaited);
      // The room suffices, because items that are being written count.
      this.#queue = [...notes, ...this.#queue];
      return false;
    } finally {
      clearTimeout(patience);
      this.#inFlight = [];
    }
  }

  /** Begins an outage, and refuses all callers that wait. */
  readonly #interrupt = (reason: string, cause?: unknown): void => {
    if (!this.#outage) {
      this.#outage = { reason, since: new Date().toISOString(), lost: 0 };
      this.#options.log.error({ cause }, `The audit log cannot be written: ${reason}.`);
    }
    const refusal = this.#outage.reason;
    for (const { awaited } of this.#inFlight) awaited?.reject(new AuditUnavailable(refusal));
    for (const { awaited } of this.#queue) awaited?.reject(new AuditUnavailable(refusal));
    this.#queue = this.#queue.filter(({ awaited }) => !awaited);
  };

  /** Ends an outage that was recorded, except for the items that were lost after it was recorded. */
  #recover(recorded: Outage): void {
    this.#outage = this.#outage && without(this.#outage, recorded.lost);
    const { since, lost } = recorded;
    if (!this.#outage) this.#options.log.info({ since, lost }, 'The audit log is written again.');
  }

  #lose(): void {
    if (this.#outage) this.#outage = withOneLost(this.#outage);
  }

  #loseMinor(): void {
    if (this.#outage) {
      this.#lose();
      return;
    }
    const reason = 'a part of the queue is kept for answers with data';
    this.#crowding = withOneLost(this.#crowding ?? { reason, since: new Date().toISOString(), lost: 0 });
  }
}

/**
 * Gives each caller its receipt, in a turn of the event loop of its own, in which its answer is sent. In one turn the
 * answers would wait for each other at each step (`tests/bench/audit.ts`).
 */
function resolve<Item, Receipt>(
  group: readonly Waiting<Item, Receipt>[],
  receipts: readonly Receipt[],
): void {
  for (const [i, receipt] of receipts.entries()) {
    const { awaited } = group[i] ?? {};
    if (awaited) setImmediate(awaited.resolve, receipt);
  }
}

const withOneLost = (outage: Outage): Outage => ({ ...outage, lost: outage.lost + 1 });

/** Returns the rest of an outage after so many lost items were recorded; undefined if nothing is left. */
const without = (outage: Outage, lost: number): Outage | undefined =>
  outage.lost > lost ? { ...outage, lost: outage.lost - lost } : undefined;

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'its file may not grow any more',
  EROFS: 'the disk is read-only',
  EIO: 'the disk fails',
  EACCES: 'its file may not be written',
  ENOENT: 'its file or folder is gone',
  CHANGED: 'it lacks what was written',
};

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (code) return reasons[code] ?? code;
  return cause instanceof Error ? cause.message : String(cause);
}
