import { setTimeout as wait } from 'node:timers/promises';
import postgres from 'postgres';
import type { Log } from '../lib/log.ts';
import { randomText } from './key-text.ts';

/** What changes in the tables of the hub, whichever gateway or command changes it. */
export type Changes = {
  /**
   * Whether every change is known that is older than a second: what was read since the last change, and kept, can be
   * used. Where it is not, the database has to be asked.
   */
  isCurrent(): boolean;
  /** Grows with each change. What was read before it grew is not to be kept. */
  readonly count: number;
  /** Tells of a change that this gateway has just made, before it is heard of. */
  announce(change: Change): void;
  /** Told each change, by its table; undefined: whatever may have changed. It must be quick, and never throw. */
  observe(onChange: (change: Change | undefined) => void): void;
  close(): Promise<void>;
};

export type Change = { readonly table: string };

/** The channel that the triggers of migrations/hub announce changes on. */
const channel = 'hub';
const beatMs = 250;
/** For how long after it was sent a beat that was heard vouches for having heard all else. */
const trustMs = 900;
/** A connection on which no beat is heard for so long is given up. */
const lostMs = 2_000;
const retryMs = 100;
/** More announcements than so many in a window are told as one, at its end: anybody in the database may announce. */
const mostTold = 20;
const windowMs = 250;

/**
 * Listens on a connection of its own (a pooler that takes connections away between transactions would lose what is
 * announced). Postgres delivers announcements in the order of commits, so this gateway sends itself one a few times a
 * second: hearing it proves that all changes before it were heard, however the connection may have failed.
 *
 * Whoever may connect to the database can announce and listen. So an announcement names no row, and is believed only as a
 * hint to ask the database: one that is forged costs a look there, and a flood of them no more than the windows allow.
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

  let told = 0;
  let window: NodeJS.Timeout | undefined;
  let isBehind = false;
  const endWindow = () => {
    window = undefined;
    told = 0;
    if (!isBehind) return;
    isBehind = false;
    tell(undefined);
  };
  const hear = (text: string) => {
    window ??= setTimeout(endWindow, windowMs).unref();
    told++;
    if (told <= mostTold) tell(changeOf(text));
    else isBehind = true;
  };

  async function listen() {
    const sql = postgres(url, {
      max: 1,
      max_lifetime: null,
      connect_timeout: 5,
      // Texts alone are sent; and a connection that ends while it asks for types rejects what nobody can catch.
      fetch_types: false,
      onnotice: () => {},
    });
    try {
      const ownChannel = `hub_${randomText(12)}`;
      // Also told when postgres.js itself connects anew: what was announced meanwhile is lost.
      await sql.listen(channel, hear, () => tell(undefined));
      await sql.listen(ownChannel, (sentAt) => {
        heardAt = Number(sentAt);
      });
      if (isLost) log.info({}, 'Changes of keys and agreements are heard again.');
      isLost = false;
      const startedAt = performance.now();
      while (performance.now() - Math.max(heardAt, startedAt) < lostMs) {
        const beat = sql.notify(ownChannel, String(performance.now()));
        await Promise.race([beat, wait(lostMs, undefined, { signal: closing.signal })]);
        await wait(beatMs, undefined, { signal: closing.signal });
      }
      throw new Error(`Nothing was heard for ${lostMs} ms.`);
    } finally {
      await sql.end({ timeout: 0 });
    }
  }

  async function run() {
    while (!closing.signal.aborted) {
      await listen().catch((cause) => {
        if (closing.signal.aborted) return;
        if (!isLost)
          log.warn({ cause }, 'Changes of keys and agreements are not heard: the database is asked.');
        isLost = true;
      });
      await wait(retryMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }
  const ended = run();

  return {
    isCurrent: () => !isBehind && performance.now() - heardAt < trustMs,
    get count() {
      return count;
    },
    announce: tell,
    observe: (onChange) => void observers.push(onChange),
    async close() {
      closing.abort();
      clearTimeout(window);
      await ended;
    },
  };
}

/** Before the migration that left it out, the id of the row came after the table. */
function changeOf(text: string): Change | undefined {
  const [table] = text.split(' ');
  return table ? { table } : undefined;
}
