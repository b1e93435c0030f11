import { setTimeout as wait } from 'node:timers/promises';
import postgres from 'postgres';
import type { Log } from '../lib/log.ts';
import { randomText } from './key-text.ts';

/** Changes in the tables of the control database, made by any gateway or command. */
export type Changes = {
  /**
   * Whether all changes older than a second are known, so that cached data can be used. Otherwise the database must be
   * asked.
   */
  isCurrent(): boolean;
  /** Number of changes so far. Data read before it grew must not be cached. */
  readonly count: number;
  /** Announces a change that this gateway has just made, before the notification arrives. */
  announce(change: Change): void;
  /**
   * Calls `onChange` for each change of a table; with undefined when any table may have changed. It must be quick, and
   * must not throw.
   */
  observe(onChange: (change: Change | undefined) => void): void;
  close(): Promise<void>;
};

export type Change = { readonly table: string };

/** Channel of the notifications that the triggers of migrations/hub send. */
const channel = 'hub';
const beatMs = 250;
/**
 * Time for which a received heartbeat proves that no earlier notification is missing, in milliseconds after it was
 * sent.
 */
const trustMs = 900;
/** Time without a heartbeat after which the connection is replaced, in milliseconds. */
const lostMs = 2_000;
const retryMs = 100;
/**
 * Maximum number of notifications passed on in a window. More are combined into one at its end, because any user of the
 * database can send them.
 */
const maxPassedOn = 20;
const windowMs = 250;

/**
 * Listens on a connection of its own, because a pooler that shares connections between transactions would lose
 * notifications. Postgres delivers notifications in the order of commits, so this gateway sends itself a heartbeat a
 * few times a second: when it arrives, all earlier changes have arrived, however the connection may fail. Any user of
 * the database can send and receive notifications. So a notification names no row, and is only a hint to ask the
 * database: a forged one costs one query, and a flood of them costs no more than the windows allow.
 */
export function listenForChanges(url: string, log: Log): Changes {
  const observers: ((change: Change | undefined) => void)[] = [];
  const closing = new AbortController();
  let heardAt = Number.NEGATIVE_INFINITY;
  let isLost = false;
  let count = 0;

  const tell = (change: Change | undefined) => {
    count++;
    for (const observer of observers) observer(change);
  };

  const windows = passInWindows(tell);

  async function listen() {
    const sql = postgres(url, {
      max: 1,
      max_lifetime: null,
      connect_timeout: 5,
      // Only texts are sent. A connection that ends while it fetches types causes a rejection that nobody can catch.
      fetch_types: false,
      onnotice: () => {},
    });
    try {
      const ownChannel = `hub_${randomText(12)}`;
      // The callback also runs when postgres.js reconnects: notifications sent meanwhile are lost.
      await sql.listen(channel, windows.hear, () => tell(undefined));
      await sql.listen(ownChannel, (sentAt) => {
        heardAt = Number(sentAt);
      });
      if (isLost) log.info({}, 'Notifications of changed keys and agreements arrive again.');
      isLost = false;
      const startedAt = performance.now();
      while (performance.now() - Math.max(heardAt, startedAt) < lostMs) {
        const beat = sql.notify(ownChannel, String(performance.now()));
        await Promise.race([beat, wait(lostMs, undefined, { signal: closing.signal })]);
        await wait(beatMs, undefined, { signal: closing.signal });
      }
      throw new Error(`No notification arrived for ${lostMs} ms.`);
    } finally {
      await sql.end({ timeout: 0 });
    }
  }

  async function run() {
    while (!closing.signal.aborted) {
      await listen().catch((cause) => {
        if (closing.signal.aborted) return;
        if (!isLost)
          log.warn(
            { cause },
            'Notifications of changed keys and agreements do not arrive. The gateway asks the database instead.',
          );
        isLost = true;
      });
      await wait(retryMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }
  const ended = run();

  return {
    isCurrent: () => !windows.isBehind && performance.now() - heardAt < trustMs,
    get count() {
      return count;
    },
    announce: tell,
    observe: (onChange) => void observers.push(onChange),
    async close() {
      closing.abort();
      windows.close();
      await ended;
    },
  };
}

/** Passes notifications on to `tell`: at most some in each window, and the rest as one at its end. */
function passInWindows(tell: (change: Change | undefined) => void) {
  let passedOn = 0;
  let window: NodeJS.Timeout | undefined;
  let isBehind = false;
  const endWindow = () => {
    window = undefined;
    passedOn = 0;
    if (!isBehind) return;
    isBehind = false;
    tell(undefined);
  };
  const hear = (text: string) => {
    window ??= setTimeout(endWindow, windowMs).unref();
    passedOn++;
    if (passedOn <= maxPassedOn) tell(changeOf(text));
    else isBehind = true;
  };

  return {
    hear,
    /** Whether notifications of the current window are still to be passed on. */
    get isBehind() {
      return isBehind;
    },
    close: () => clearTimeout(window),
  };
}

/** Reads a notification. Before the migration that removed it, the id of the row followed the table. */
function changeOf(text: string): Change | undefined {
  const [table] = text.split(' ');
  return table ? { table } : undefined;
}
