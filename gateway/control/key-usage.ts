import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { sql } from 'drizzle-orm';
import type { Log } from '../lib/log.ts';
import { apiKeyUsage, apiKeyUses } from './tables.ts';

/** One answered request. */
export type KeyUse = {
  readonly keyId: string;
  readonly operation: string | undefined;
  /** Each coordinate once, as in `Park.nameZh`. */
  readonly fields: Iterable<string>;
};

/** What keys are used for, noted in memory and written together: what a gateway that crashes has not written is lost. */
export type KeyUsage = {
  note(use: KeyUse): void;
  /** Writes what is left. */
  close(): Promise<void>;
};

type Row = typeof apiKeyUsage.$inferInsert;

const writeEveryMs = 5_000;
/** Partners choose the names of operations: they must not be able to fill memory and tables with them. */
const namesKept = 200;
const rowsPerInsert = 1_000;

export function collectKeyUsage(
  db: Database,
  log: Log,
  { intervalMs = writeEveryMs }: { readonly intervalMs?: number } = {},
): KeyUsage {
  let counts = new Map<string, Row>();
  let lastUses = new Map<string, number>();
  let names = new Set<string>();
  let day = today();
  let written = Promise.resolve();

  const add = ({ keyId, day, kind, name, count }: Row) => {
    const key = `${keyId} ${day} ${kind} ${name}`;
    counts.set(key, { keyId, day, kind, name, count: count + (counts.get(key)?.count ?? 0) });
  };

  /** The name, or that of the rest where the key has used many others today. */
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
      await db.transaction(async (tx) => {
        // In one order, so that gateways that write at once wait for each other in a row.
        rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
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
          .values(uses.sort().map(([keyId, at]) => ({ keyId, lastUsedAt: new Date(at).toISOString() })))
          .onConflictDoUpdate({
            target: apiKeyUses.keyId,
            set: { lastUsedAt: sql`greatest(${apiKeyUses.lastUsedAt}, excluded.last_used_at)` },
          });
      });
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

const keyOf = ({ keyId, day, kind, name }: Row) => `${keyId} ${day} ${kind} ${name}`;
