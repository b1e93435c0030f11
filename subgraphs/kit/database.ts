import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

export type Database = PostgresJsDatabase & { $client: postgres.Sql };

export interface DatabaseConnection {
  readonly db: Database;
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
  const client = postgres(url, {
    max: maxConnections,
    idle_timeout: 60,
    connect_timeout: 5,
    // By default it waits up to 20 s after a try that failed: far longer than the database may have been gone.
    backoff: () => 0.1 + Math.random() * 0.1,
    onnotice: () => {},
  });
  const db = drizzle(preparing(client, onStatement));
  return {
    db,
    ready: async () => {
      await client`select 1`;
    },
    close: () => client.end({ timeout: 5 }),
  };
}

/**
 * Drizzle sends its SQL unprepared; here each text is planned once a connection. That
 * stays bounded because lists go as one array parameter and connections are renewed
 * within the hour.
 */
function preparing(client: postgres.Sql, onStatement?: (sql: string) => void): postgres.Sql {
  const unsafe: postgres.Sql['unsafe'] = (query, parameters) => {
    onStatement?.(query);
    return client.unsafe(query, parameters, { prepare: true });
  };
  return new Proxy(client, {
    get: (target, name) => (name === 'unsafe' ? unsafe : Reflect.get(target, name)),
  });
}
