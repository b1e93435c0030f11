import { HubError } from '@wenshu/schema/errors.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type postgres from 'postgres';
import type { Call, Database } from './database.ts';

/** Snapshots of one agency's database, each seen by as many transactions as read in it. */
export interface Snapshots {
  /** Holds the rows as they are now until `signal` aborts, but not for ever. Rejects where too many are held. */
  open(signal: AbortSignal): Promise<HeldSnapshot>;
  /** Runs `work` on a database that shows the rows of a snapshot, whichever process holds it. */
  within<T>(id: string, call: Call, work: (db: Database) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Each keeps Postgres from clearing away rows that changed since: few, and not for long. */
const maxHeld = 8;
const maxHeldMs = 2 * 60 * 60_000;

const reading = 'isolation level repeatable read read only';

/** Lends a connection for one call, and makes of a transaction on it a database for that call. */
export type Lend = (
  call: Call,
  work: (
    client: postgres.Sql,
    databaseOf: (transaction: postgres.TransactionSql) => Database,
  ) => Promise<unknown>,
) => Promise<unknown>;

/**
 * `pool` makes connections apart from those that are lent, so that those who hold snapshots take none from those who read.
 * https://www.postgresql.org/docs/18/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
 */
export function createSnapshots(pool: (max: number) => postgres.Sql, lend: Lend): Snapshots {
  let holders: postgres.Sql | undefined;
  const releases = new Set<() => void>();

  return {
    async open(signal) {
      if (releases.size >= maxHeld) {
        throw new HubError('OVERLOADED', `${maxHeld} exports read this database already. Try again later.`);
      }
      holders ??= pool(maxHeld);
      const opened = Promise.withResolvers<{ id: string; asOf: string }>();
      const released = Promise.withResolvers<void>();
      const release = () => released.resolve();
      releases.add(release);
      signal.addEventListener('abort', release);
      if (signal.aborted) release();
      const ended = holders
        .begin(reading, async (sql) => {
          // It idles all its life. Postgres ends it also where this process hangs.
          await sql.unsafe(`set local idle_in_transaction_session_timeout = ${maxHeldMs}`);
          const [row] = await sql`select pg_export_snapshot() as id, clock_timestamp()::text as "asOf"`;
          opened.resolve({ id: row?.id, asOf: new Date(row?.asOf).toISOString() });
          await released.promise;
        })
        .then(() => {}, opened.reject)
        .finally(() => {
          releases.delete(release);
          signal.removeEventListener('abort', release);
        });
      return { ...(await opened.promise), ended };
    },
    within<T>(id: string, call: Call, work: (db: Database) => Promise<T>) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const lent = lend(call, (client, databaseOf) =>
        client.begin(reading, async (transaction) => {
          await transaction.unsafe(`set transaction snapshot '${idOf(id)}'`).catch((cause) => {
            throw new HubError('SUBGRAPH_UNAVAILABLE', 'The snapshot that is read is not held any more.', {
              cause: cause.code,
            });
          });
          // A statement that fails fails the transaction; what `work` makes of that is the answer all the same.
          resolve(await work(databaseOf(transaction)));
        }),
      );
      lent.catch(reject);
      return promise;
    },
    async close() {
      for (const release of releases) release();
      await holders?.end({ timeout: 5 });
    },
  };
}

/** It stands in SQL as it is. */
function idOf(id: string): string {
  if (/^[\dA-F-]{1,64}$/.test(id)) return id;
  throw new HubError('BAD_REQUEST', 'That is not the id of a snapshot.');
}
