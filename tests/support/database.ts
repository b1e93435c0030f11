import { randomUUID } from 'node:crypto';
import { type SubgraphUrls, subgraphUrls } from '@wenshu/migrations/migrate.ts';
import postgres from 'postgres';
import { inject } from 'vitest';

export interface TestDatabase extends AsyncDisposable {
  readonly adminUrl: string;
  /** The address of each subgraph, under its own role. */
  readonly urls: SubgraphUrls;
}

/** The database of the run's server that others are copied from. */
export const templateName = 'loaded';

/** A database of the caller's own, with the whole dataset. */
export const createDatabase = () => create(templateName);

/** A database of the caller's own with nothing in it, not even a schema. */
export const createEmptyDatabase = () => create('template0');

/** A database of the caller's own with all that is in another, which nobody may be connected to. */
export const createCopyOf = ({ adminUrl }: TestDatabase) => create(new URL(adminUrl).pathname.slice(1));

async function create(template: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const adminUrl = databaseOn(inject('postgresUrl'), name);
  await administer((sql) => sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`);
  return {
    adminUrl,
    urls: subgraphUrls({ adminUrl }),
    [Symbol.asyncDispose]: () => administer((sql) => sql`drop database ${sql(name)} with (force)`),
  };
}

async function administer(work: (sql: postgres.Sql) => Promise<unknown>) {
  const sql = postgres(databaseOn(inject('postgresUrl'), 'postgres'), { max: 1 });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

export function databaseOn(serverUrl: string, database: string) {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
