import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { sql } from 'drizzle-orm';
import type { Log } from '../lib/log.ts';
import { apiKeyUsage, apiKeyUses } from './tables.ts';

/** One answered request. */
export type KeyUse = {
  readonly keyId: string;
  readonly operation: string | undefined;
  /** Coordinates without duplicates, as in `Park.nameZh`. */
  readonly fields: Iterable<string>;
};

/** Usage of keys, collected in memory and written in batches. A crash loses what is not yet written. */
export type KeyUsage = {
  note(use: KeyUse): void;
  /** Writes the rest. */
  close(): Promise<void>;
};

type Row = typeof apiKeyUsage.$inferInsert;

const writeEveryMs = 5_000;
/**
 * Maximum number of operation names for each key and day. Partners choose these names and must not be able to fill
 * memory and tables with them.
 */
const namesKept = 200;
const rowsPerInsert = 1_000;

export function collectKeyUsage(db: Database, log: Log, intervalMs = writeEveryMs): KeyUsage {
  let counts = new Map<string, Row>();
  let lastUses = new Map<string, number>();
  let names = new Set<string>();
  let day = today();
  let written = Promise.resolve();

  const add = ({ keyId, day, kind, name, count }: Row) => {
    const key = `${keyId} ${day} ${kind} ${name}`;
    counts.set(key, { keyId, day, kind, name, count: count + (counts.get(key)?.count ?? 0) });
  };

  /** Returns the name, or a common name when the key has used too many others today. */
  const bounded = (keyId: string, name: string) => {
    const key = `${keyId} ${name}`;
    if (!names.has(key)) {
      const known =
        names.size < namesKept ? 0 : [...names].filter((each) => each.startsWith(`${keyId} `)).length;
      if (known >= namesKept) return '(other)';
      names.add(key);
    }
    return name;
  };

  async function write() {
    const [rows, uses] = [[...counts.values()], [...lastUses]];
    counts = new Map();
    lastUses = new Map();
    if (uses.length === 0) return;
    try {
      await db.transaction((tx) => writeUsage(tx, rows, uses));
    } catch (cause) {
      log.warn({ cause }, 'The usage of API keys could not be written; it is kept for the next time.');
      rows.forEach(add);
      for (const [keyId, at] of uses) lastUses.set(keyId, Math.max(at, lastUses.get(keyId) ?? 0));
    }
  }
  const writeNext = () => {
    written = written.then(write);
    return written;
  };
  const timer = setInterval(writeNext, intervalMs).unref();

  return {
    note({ keyId, operation, fields }) {
      if (day !== today()) {
        day = today();
        names = new Set();
      }
      lastUses.set(keyId, Date.now());
      add({ keyId, day, kind: 'OPERATION', name: bounded(keyId, operation ?? '(anonymous)'), count: 1 });
      for (const name of fields) add({ keyId, day, kind: 'FIELD', name, count: 1 });
    },
    async close() {
      clearInterval(timer);
      await writeNext();
    },
  };
}

/** Adds counts, and stores last uses. */
async function writeUsage(
  tx: Pick<Database, 'insert'>,
  rows: Row[],
  uses: readonly (readonly [keyId: string, at: number])[],
): Promise<void> {
  // All gateways write in the same order, so that they cannot deadlock.
  rows.sort((a, b) => (usageKeyOf(a) < usageKeyOf(b) ? -1 : 1));
  for (let i = 0; i < rows.length; i += rowsPerInsert) {
    await tx
      .insert(apiKeyUsage)
      .values(rows.slice(i, i + rowsPerInsert))
      .onConflictDoUpdate({
        target: [apiKeyUsage.keyId, apiKeyUsage.day, apiKeyUsage.kind, apiKeyUsage.name],
        set: { count: sql`${apiKeyUsage.count} + excluded.count` },
      });
  }
  await tx
    .insert(apiKeyUses)
    .values(uses.toSorted().map(([keyId, at]) => ({ keyId, lastUsedAt: new Date(at).toISOString() })))
    .onConflictDoUpdate({
      target: apiKeyUses.keyId,
      set: { lastUsedAt: sql`greatest(${apiKeyUses.lastUsedAt}, excluded.last_used_at)` },
    });
}

const usageKeyOf = ({ keyId, day, kind, name }: Row) => `${keyId} ${day} ${kind} ${name}`;
