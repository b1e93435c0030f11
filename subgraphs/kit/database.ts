import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';

export type Database = PostgresJsDatabase & { $client: postgres.Sql };

/** Caller and lifetime of a use of the database. */
export interface Call {
  /** Payer of the call. Payers share the connections fairly. */
  readonly caller: string;
  /** Aborts when nobody waits any more; then statements are cancelled. */
  readonly signal?: AbortSignal | undefined;
}
