import type { Log } from '../lib/log.ts';

export type GroupCommitOptions<Item, Receipt> = {
  /**
   * Makes these durable, all or none, and gives a receipt for each. With an outage it also puts that on record. It may
   * be called with nothing at all, where `flush` was.
   */
  readonly write: (items: readonly Item[], outage: Outage | undefined) => Promise<readonly Receipt[]>;
  /** How many items may wait. */
  readonly room: number;
  /** How long a write may take before nobody waits for it any more. */
  readonly patienceMs: number;
  /** After how long a write that failed is tried again. */
  readonly retryMs: number;
  readonly log: Log;
};

/** A time without writing. */
export type Outage = {
  readonly reason: string;
  /** ISO 8601 */
  readonly since: string;
  /** Items that found no room to wait in. */
  readonly lost: number;
};

export type GroupCommit<Item, Receipt> = {
  /** Resolves when the item is durable; rejects with `AuditUnavailable` where it is not known to be. */
  append(item: Item): Promise<Receipt>;
  /**
   * Returns at once, whether the item is written with others, after an outage too; where not, it is counted as lost. What is
   * minor leaves a part of the room to the rest.
   */
  note(item: Item, isMinor?: boolean): boolean;
  /** Whether something minor finds room. */
  readonly hasRoomForMinor: boolean;
  /** Writes what waits, or tries to. */
  flush(): Promise<void>;
  readonly outage: Outage | undefined;
  /** Flushes, and takes nothing more. */
  close(): Promise<void>;
};

/** The log cannot be written now. Its message says why, without a path. */
export class AuditUnavailable extends Error {
  constructor(reason: string) {
    super(`The audit log cannot be written: ${reason}.`);
    this.name = 'AuditUnavailable';
  }
}

/** So long an item that nobody waits for can wait for company, and for so much: a write costs as much as many items. */
const lingerMs = 100;
const companyMost = 500;

/** The part of the room that is kept from what is minor. */
const partKept = 0.25;

type Waiting<Item, Receipt> = {
  readonly item: Item;
  /** Of an item that somebody waits for. */
  readonly awaited?: PromiseWithResolvers<Receipt>;
};

/** Writes all items of a turn, and all that come while the disk is busy, at once. */
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
  /** What minor items found no room, without an outage. */
  let crowding: Outage | undefined;
  let running: Promise<void> | undefined;
  let soon: NodeJS.Immediate | undefined;
  let later: NodeJS.Timeout | undefined;
  /** Somebody waits for what is in the queue. */
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
        // Each in a turn of its own, in which its answer leaves: together they would wait for each other step by step.
        if (awaited) setImmediate(awaited.resolve, receipt);
      }
      if (told) recover(told);
      if (crowding && crowded) crowding = without(crowding, crowded.lost);
      return true;
    } catch (cause) {
      interrupt(reasonOf(cause), cause);
      const notes = group.filter(({ awaited }) => !awaited);
      // It has room for them: those under way count.
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

  /** The outage is over, but for what was lost since it was told of. */
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
    // No async function: each would have everybody who waits wait some turns longer.
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

/** What is left of an outage when so many items are told of; undefined where that is nothing. */
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
