import { is, Placeholder, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Database } from './database.ts';

/** A statement for a batch: its text is written once, and only the keys differ from one request to the next. */
export interface Statement<Row> {
  /** Also the name of its batch: statements of one text answer their keys together. */
  readonly text: string;
  rows(db: Database, keys: readonly string[]): Promise<Row[]>;
}

const dialect = new PgDialect();

/** The keys are one array parameter in the SQL. */
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
 * Keys that the gateway brings, however many they are, as one array parameter. Their statement is planned each time for
 * these very keys: PostgreSQL then knows how many there are and hashes them, which takes far less time than a plan for
 * any number of them. It would go over to such a plan if that seemed to cost no more; so here it seems to cost very much
 * more. For given keys that branch is gone before anything is planned, and nothing ever runs it.
 */
export const planFor = (keys: readonly string[]): SQL =>
  sql`case when ${true}::boolean then ${sql.param(keys)}::text[] else array(select n::text from generate_series(1, 1000000000) as n) end`;

/** The one row of some SQL, each of its values as the bytes of its text. */
export async function bytesOf(db: Database, query: SQL): Promise<readonly (Buffer | null)[]> {
  const { sql: text, params } = dialect.sqlToQuery(query);
  const [row = []] = await db.$client.unsafe(text, params as never[]).raw();
  return row as unknown as (Buffer | null)[];
}

/** The rows of any SQL, by the names that it gives to its columns. */
export async function rowsOf<Row>(db: Database, query: SQL): Promise<Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(query);
  return (await db.$client.unsafe(text, params as never[])) as unknown as Row[];
}
