import { is, Placeholder, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Database } from './database.ts';

/** A statement for a batch. Its text is written once; only the keys differ between requests. */
export interface Statement<Row> {
  /** Text of the statement and name of its batch: one batch answers the keys of all statements with the same text. */
  readonly text: string;
  rows(db: Database, keys: readonly string[]): Promise<Row[]>;
}

const dialect = new PgDialect();

/** Creates a statement with the keys as one array parameter. */
export function statement<Row>(write: (keys: SQL) => SQL): Statement<Row> {
  const { sql: text, params } = dialect.sqlToQuery(write(sql`${sql.placeholder('keys')}::text[]`));
  return {
    text,
    async rows(db, keys) {
      const parameters = params.map((each) => (is(each, Placeholder) ? keys : each));
      return (await db.$client.unsafe(text, parameters as never[])) as unknown as Row[];
    },
  };
}

/**
 * Returns keys from the gateway as one array parameter, in a statement that is planned for these keys each time. PostgreSQL then knows
 * their number and hashes them, which is far quicker than a generic plan. PostgreSQL would switch to a generic plan if it seemed to cost
 * no more, so a branch that never runs makes the generic plan seem very expensive; for given keys the branch is removed before planning.
 * `npm run bench:data` (pages) is several times slower without it.
 */
export const planFor = (keys: readonly string[]): SQL =>
  sql`case when ${true}::boolean then ${sql.param(keys)}::text[] else array(select n::text from generate_series(1, 1000000000) as n) end`;

/** Returns the only row of some SQL, each value as the bytes of its text. */
export async function bytesOf(db: Database, query: SQL): Promise<readonly (Buffer | null)[]> {
  const { sql: text, params } = dialect.sqlToQuery(query);
  const [row = []] = await db.$client.unsafe(text, params as never[]).raw();
  return row as unknown as (Buffer | null)[];
}

/** Returns the rows of any SQL, by column name. */
export async function rowsOf<Row>(db: Database, query: SQL): Promise<Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(query);
  return (await db.$client.unsafe(text, params as never[])) as unknown as Row[];
}
