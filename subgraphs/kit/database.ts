import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { createSnapshots, type Snapshots } from './snapshots.ts';

export type Database = PostgresJsDatabase & { $client: postgres.Sql };

export interface DatabaseConnection {
  readonly db: Database;
  readonly snapshots: Snapshots;
  /** Rejects when the database cannot answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://role:password@host:port/database` */
  url: string;
  /** Most connections at once. */
  maxConnections?: number;
  /** Told each SQL statement as it is sent. */
  onStatement?: (sql: string) => void;
}

/**
 * A pool of connections to one agency's database. Numbers of any size, dates and
 * moments arrive as text, so that no value is rounded on its way to the caller.
 */
export function connect({ url, maxConnections = 10, onStatement }: DatabaseOptions): DatabaseConnection {
  const pool = (max: number) =>
    postgres(url, {
      max,
      idle_timeout: 60,
      connect_timeout: 5,
      // By default it waits up to 20 s after a try that failed: far longer than the database may have been gone.
      backoff: () => 0.1 + Math.random() * 0.1,
      onnotice: () => {},
    });
  const client = pool(maxConnections);
  const db = databaseOf(client, client, onStatement);
  const snapshots = createSnapshots(pool, client, (transaction) =>
    databaseOf(transaction, client, onStatement),
  );
  return {
    db,
    snapshots,
    ready: async () => {
      await client`select 1`;
    },
    close: async () => {
      await snapshots.close();
      await client.end({ timeout: 5 });
    },
  };
}

/**
 * Drizzle sends its SQL unprepared; here each text is planned once a connection. That
 * stays bounded because lists go as one array parameter and connections are renewed
 * within the hour. A transaction has no options of its own: drizzle finds those of its client.
 */
function databaseOf(
  client: postgres.Sql | postgres.TransactionSql,
  { options }: postgres.Sql,
  onStatement?: (sql: string) => void,
): Database {
  const unsafe: postgres.Sql['unsafe'] = (query, parameters) => {
    onStatement?.(query);
    return client.unsafe(query, parameters, { prepare: true });
  };
  const preparing = new Proxy(client as postgres.Sql, {
    get: (target, name) =>
      name === 'unsafe' ? unsafe : name === 'options' ? options : Reflect.get(target, name),
  });
  return drizzle(preparing);
}
