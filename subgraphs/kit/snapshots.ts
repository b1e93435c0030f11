import { HubError } from '@wenshu/schema/errors.ts';
import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type postgres from 'postgres';
import type { Call, Database } from './database.ts';

/** Snapshots of one agency's database. Several transactions can read in each. */
export interface Snapshots {
  /** Opens a snapshot and holds it until `signal` aborts, but for a limited time. Rejects if too many are open. */
  open(signal: AbortSignal): Promise<HeldSnapshot>;
  /** Runs `work` on a database that shows the rows of a snapshot, whichever process holds it. */
  within<T>(id: string, call: Call, work: (db: Database) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Maximum number of open snapshots and their lifetime. Each one keeps Postgres from removing old row versions. */
const maxHeld = 8;
const maxHeldMs = 2 * 60 * 60_000;

const reading = 'isolation level repeatable read read only';

/** Lends a connection for one call, and converts a transaction on it to a database for that call. */
export type Lend = (
  call: Call,
  work: (
    client: postgres.Sql,
    databaseOf: (transaction: postgres.TransactionSql) => Database,
  ) => Promise<unknown>,
) => Promise<unknown>;

/**
 * Creates snapshots. `pool` opens connections of their own, so that open snapshots take none from readers.
 * https://www.postgresql.org/docs/18/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
 */
export function createSnapshots(pool: (max: number) => postgres.Sql, lend: Lend): Snapshots {
  let holders: postgres.Sql | undefined;
  const releases = new Set<() => void>();

  return {
    async open(signal) {
      if (releases.size >= maxHeld) {
        throw new HubError('OVERLOADED', `${maxHeld} exports read this database already. Try again later.`, {
          messageZh: `已有 ${maxHeld} 个导出正在读取该数据库。请稍后再试。`,
        });
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
          // The transaction is always idle. This timeout ends it even if this process hangs.
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
              messageZh: '所读的数据快照已不再保留。',
              cause: cause.code,
            });
          });
          // A failed statement fails the transaction, but the result of `work` is still the answer.
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

/** Checks the id, because it is written into SQL as it is. */
function idOf(id: string): string {
  if (/^[\dA-F-]{1,64}$/.test(id)) return id;
  throw new HubError('BAD_REQUEST', 'That is not the id of a snapshot.', {
    messageZh: '这不是数据快照的标识。',
  });
}
