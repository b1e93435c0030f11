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

const planned = new WeakSet<readonly string[]>();

/**
 * Keys that the gateway brings, however many they are, as one array parameter. Their statement is planned each time,
 * for these very keys: then PostgreSQL knows how many there are and hashes them, which takes far less time than a
 * plan that was made for any number of them.
 */
export function planFor(keys: readonly string[]): SQL {
  planned.add(keys);
  return sql`${sql.param(keys)}::text[]`;
}

const send = (db: Database, query: SQL) => {
  const { sql: text, params } = dialect.sqlToQuery(query);
  const prepare = !params.some((each) => Array.isArray(each) && planned.has(each));
  return db.$client.unsafe(text, params as never[], { prepare });
};

/** The one row of some SQL, each of its values as the bytes of its text. */
export async function bytesOf(db: Database, query: SQL): Promise<readonly (Buffer | null)[]> {
  const [row = []] = await send(db, query).raw();
  return row as unknown as (Buffer | null)[];
}

/** The rows of any SQL, by the names that it gives to its columns. */
export const rowsOf = async <Row>(db: Database, query: SQL): Promise<Row[]> =>
  (await send(db, query)) as unknown as Row[];
