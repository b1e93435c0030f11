import { randomUUID } from 'node:crypto';
import { type SubgraphUrls, subgraphUrls } from '@wenshu/migrations/migrate.ts';
import { subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import postgres from 'postgres';
import { inject } from 'vitest';

export interface TestDatabase extends AsyncDisposable {
  readonly adminUrl: string;
  /** The address of each subgraph, under its own role. */
  readonly urls: SubgraphUrls;
}

/** The database of the run's server that others are copied from. */
export const templateName = 'loaded';

/** A copy of it that all tests may read, and none can write into. */
const readableName = 'readable';

/** A copy of it without the agencies' tables: a third of the files to copy. */
const hubOnlyName = 'hub_only';

/** Makes what is copied, and read, from the loaded database; once a run. */
export async function prepareDatabases(serverUrl: string): Promise<void> {
  const onLoaded = postgres(databaseOn(serverUrl, templateName), { max: 1, onnotice: () => {} });
  // Copies need not be vacuumed or analysed each for itself, and plans are the same in each run.
  await onLoaded`vacuum (freeze, analyze)`;
  await onLoaded.end();
  const server = postgres(databaseOn(serverUrl, 'postgres'), { max: 1 });
  for (const name of [readableName, hubOnlyName]) await copy(server, templateName, name);
  await server`alter database ${server(readableName)} set default_transaction_read_only = on`;
  await server.end();
  const hub = postgres(databaseOn(serverUrl, hubOnlyName), { max: 1, onnotice: () => {} });
  for (const name of subgraphNames) await hub`drop schema ${hub(name)} cascade`;
  await hub.end();
}

/** The whole dataset, which other tests read at the same time: who writes into it gets an error. */
export const readableDatabase = (): TestDatabase => {
  const adminUrl = databaseOn(inject('postgresUrl'), readableName);
  return { adminUrl, urls: subgraphUrls({ adminUrl }), [Symbol.asyncDispose]: async () => {} };
};

/** A database of the caller's own, with the whole dataset. */
export const createDatabase = () => create(templateName);

/** A database of the caller's own for keys and agreements; the agencies' rows are those that everybody reads. */
export async function createHubDatabase(): Promise<TestDatabase> {
  const own = await create(hubOnlyName);
  return { ...own, urls: { ...readableDatabase().urls, hub: own.urls.hub } };
}

/** A database of the caller's own with nothing in it, not even a schema. */
export const createEmptyDatabase = () => create('template0');

/** A database of the caller's own with all that is in another, which nobody may be connected to. */
export const createCopyOf = ({ adminUrl }: TestDatabase) => create(new URL(adminUrl).pathname.slice(1));

async function create(template: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const adminUrl = databaseOn(inject('postgresUrl'), name);
  await administer((sql) => copy(sql, template, name));
  return {
    adminUrl,
    urls: subgraphUrls({ adminUrl }),
    [Symbol.asyncDispose]: () => administer((sql) => sql`drop database ${sql(name)} with (force)`),
  };
}

const copy = (sql: postgres.Sql, template: string, name: string) =>
  sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`;

async function administer(work: (sql: postgres.Sql) => Promise<unknown>) {
  const sql = postgres(databaseOn(inject('postgresUrl'), 'postgres'), { max: 1, fetch_types: false });
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
