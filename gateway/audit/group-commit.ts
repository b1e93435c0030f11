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

export type GroupCommit<Item, Receipt> = {
  /** Resolves when the item is durable; rejects with `AuditUnavailable` if that is not certain. */
  append(item: Item): Promise<Receipt>;
  /**
   * Takes an item that nobody waits for. Returns whether it will be written with others or, during an outage, after
   * it; if not, it counts as lost. A minor item leaves part of the room to other items.
   */
  note(item: Item, isMinor?: boolean): boolean;
  /** Whether a minor item finds room. */
  readonly hasRoomForMinor: boolean;
  /** Tries to write what waits. */
  flush(): Promise<void>;
  readonly outage: Outage | undefined;
  /** Flushes, and takes no more items. */
  close(): Promise<void>;
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
 * Creates a group commit. It writes together all items of one turn of the event loop, and all that come while the
 * disk is busy.
 */
export function createGroupCommit<Item, Receipt>({
  write,
  room,
  patienceMs,
  retryMs,
  log,
}: GroupCommitOptions<Item, Receipt>): GroupCommit<Item, Receipt> {
  let queue: Waiting<Item, Receipt>[] = [];
  let inFlight: readonly Waiting<Item, Receipt>[] = [];
  let outage: Outage | undefined;
  /** The minor items that found no room, without an outage. */
  let crowding: Outage | undefined;
  let running: Promise<void> | undefined;
  let soon: NodeJS.Immediate | undefined;
  let later: NodeJS.Timeout | undefined;
  /** Whether a caller waits for an item in the queue. */
  let isUrgent = false;
  let isClosed = false;

  function schedule() {
    if (running || outage || isClosed) return;
    if (isUrgent || queue.length >= companyMost) soon ??= setImmediate(start);
    else later ??= setTimeout(start, lingerMs);
  }

  function start() {
    clearImmediate(soon);
    clearTimeout(later);
    soon = undefined;
    later = undefined;
    running ??= drain().finally(() => {
      running = undefined;
      if (queue.length > 0) schedule();
    });
  }

  async function drain() {
    do {
      inFlight = queue;
      queue = [];
      isUrgent = false;
      if (!(await commit(inFlight))) {
        later = setTimeout(start, retryMs).unref();
        return;
      }
    } while (isUrgent || outage);
  }

  async function commit(group: typeof inFlight): Promise<boolean> {
    const told = outage;
    const crowded = told ? undefined : crowding;
    const patience = setTimeout(interrupt, patienceMs, `the disk has not answered for ${patienceMs} ms`);
    try {
      const receipts = await write(
        group.map(({ item }) => item),
        told ?? crowded,
      );
      for (const [i, receipt] of receipts.entries()) {
        const { awaited } = group[i] ?? {};
        // Each receipt resolves in its own turn of the event loop, in which its answer is sent. In one turn the
        // answers would wait for each other at each step (`tests/bench/audit.ts`).
        if (awaited) setImmediate(awaited.resolve, receipt);
      }
      if (told) recover(told);
      if (crowding && crowded) crowding = without(crowding, crowded.lost);
      return true;
    } catch (cause) {
      interrupt(reasonOf(cause), cause);
      const notes = group.filter(({ awaited }) => !awaited);
      // The room suffices, because items that are being written count.
      queue = [...notes, ...queue];
      return false;
    } finally {
      clearTimeout(patience);
      inFlight = [];
    }
  }

  function interrupt(reason: string, cause?: unknown) {
    if (!outage) {
      outage = { reason, since: new Date().toISOString(), lost: 0 };
      log.error({ cause }, `The audit log cannot be written: ${reason}.`);
    }
    for (const { awaited } of [...inFlight, ...queue]) awaited?.reject(new AuditUnavailable(outage.reason));
    queue = queue.filter(({ awaited }) => !awaited);
  }

  function lose(count: number) {
    if (outage) outage = { ...outage, lost: outage.lost + count };
  }

  /** Ends the outage, except for the items that were lost after it was recorded. */
  function recover(told: Outage) {
    outage = outage && without(outage, told.lost);
    if (!outage) log.info({ since: told.since, lost: told.lost }, 'The audit log is written again.');
  }

  const waiting = () => queue.length + inFlight.length;
  const hasRoomForMinor = () => waiting() < room * (1 - partKept);

  function loseMinor() {
    if (outage) return lose(1);
    const reason = 'a part of the queue is kept for answers with data';
    crowding ??= { reason, since: new Date().toISOString(), lost: 0 };
    crowding = { ...crowding, lost: crowding.lost + 1 };
  }

  function isFull() {
    if (waiting() < room) return false;
    interrupt(`${room} events wait for the disk`);
    return true;
  }

  return {
    // This is no async function: that would add turns of the event loop for each caller (`tests/bench/audit.ts`).
    append(item) {
      if (outage || isFull()) return Promise.reject(new AuditUnavailable(outage?.reason ?? ''));
      if (isClosed) return Promise.reject(new AuditUnavailable('the gateway stops'));
      const awaited = Promise.withResolvers<Receipt>();
      queue.push({ item, awaited });
      isUrgent = true;
      schedule();
      return awaited.promise;
    },
    note(item, isMinor = false) {
      if (isMinor && !hasRoomForMinor()) {
        loseMinor();
        return false;
      }
      if (isFull()) {
        lose(1);
        return false;
      }
      queue.push({ item });
      schedule();
      return !isClosed;
    },
    get hasRoomForMinor() {
      return hasRoomForMinor();
    },
    async flush() {
      isUrgent = true;
      start();
      await running;
    },
    get outage() {
      return outage;
    },
    async close() {
      await this.flush();
      isClosed = true;
      clearTimeout(later);
      const lost = queue.length + (outage?.lost ?? 0) + (crowding?.lost ?? 0);
      if (lost > 0) log.error({ lost }, 'The audit log could not be written to its end.');
    },
  };
}

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
