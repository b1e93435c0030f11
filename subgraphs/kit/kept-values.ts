import { sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database } from './database.ts';
import { rowsOf } from './statement.ts';

/** A value, with the state of the database since which it holds. */
type Kept = { readonly state: string; readonly value: unknown };
type Running = Pick<Kept, 'state'> & { readonly since: number; readonly value: Promise<unknown> };

type Reader = { readonly db: Database; readonly snapshot?: string | undefined };

const mostKept = 16;

/**
 * Values that a subgraph computes from a whole register, for all its requests. A value holds until a transaction changes something: until
 * then PostgreSQL gives the same snapshot. However many requests ask for a value, it is computed once at a time. Who comes after a change,
 * while it is computed, waits for the next one.
 */
export class KeptValues {
  readonly #kept = new LRUCache<string, Kept>({ max: mostKept });
  readonly #running = new Map<string, Running>();

  /** Returns the value of this name; `read` computes it with the database of the request. */
  async get<Value>({ db, snapshot }: Reader, name: string, read: () => Promise<Value>): Promise<Value> {
    // Who reads in an older snapshot than all others needs the value in it.
    if (snapshot !== undefined) return await read();
    const arrived = performance.now();
    for (;;) {
      const state = await stateOf(db);
      const kept = this.#kept.get(name);
      if (kept?.state === state) return kept.value as Value;
      const running = this.#running.get(name);
      if (!running) return await this.#run(name, state, read);
      const value = await settled(running.value);
      const isCurrent = running.state === state || running.since >= arrived;
      if (value && isCurrent) return value.ok as Value;
    }
  }

  /** Computes a value. What it reads is at least as new as the state before. */
  async #run<Value>(name: string, state: string, read: () => Promise<Value>): Promise<Value> {
    const reading = read();
    this.#running.set(name, { state, since: performance.now(), value: reading });
    try {
      const value = await reading;
      this.#kept.set(name, { state, value });
      return value;
    } finally {
      this.#running.delete(name);
    }
  }
}

/** Waits for another request's value; undefined if that one failed, for example because its caller left. */
const settled = (value: Promise<unknown>) =>
  value.then(
    (ok) => ({ ok }),
    () => undefined,
  );

async function stateOf(db: Database): Promise<string> {
  const [row] = await rowsOf<{ state: string }>(db, sql`select pg_current_snapshot()::text as state`);
  return row?.state ?? '';
}
