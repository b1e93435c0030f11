import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';

export type Database = PostgresJsDatabase & { $client: postgres.Sql };

/** For whom a database is asked, and until when. */
export interface Call {
  /** Callers share the connections fairly. */
  readonly caller: string;
  /** Aborted when nobody waits any more: statements are broken off then. */
  readonly signal?: AbortSignal | undefined;
}
