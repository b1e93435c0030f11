import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate, type SubgraphUrls, subgraphUrls } from '@wenshu/migrations/migrate.ts';
import { startPostgres } from '@wenshu/migrations/postgres.ts';
import postgres from 'postgres';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { createDataFolder } from './data-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Administrator's address of the server that the whole run shares. */
    postgresUrl: string;
  }
}

export interface TestDatabase extends AsyncDisposable {
  readonly adminUrl: string;
  /** The address of each subgraph, under its own role. */
  readonly urls: SubgraphUrls;
}

const templateName = 'loaded';

/** Once a run: one server, and in it one database, migrated and loaded, to copy from. */
export async function setup({ provide }: TestProject) {
  const data = await createDataFolder();
  const settings = { max_connections: '400' };
  const server = await startPostgres({ dataFolder: data.path, isDurable: false, settings });
  // Also where vitest ends without tearing down: told to end, or because this setup fails.
  process.once('exit', () => killPostgres(server.folder));
  await loadDataset(await migrate({ adminUrl: urlOf(server.url, templateName) }));
  provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await data[Symbol.asyncDispose]();
  };
}

function killPostgres(folder: string) {
  const pidFile = join(folder, 'data', 'postmaster.pid');
  if (existsSync(pidFile)) process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGQUIT');
}

/** A database of the caller's own, with the whole dataset. */
export const createDatabase = () => create(templateName);

/** A database of the caller's own with nothing in it, not even a schema. */
export const createEmptyDatabase = () => create('template0');

async function create(template: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const adminUrl = urlOf(inject('postgresUrl'), name);
  await administer((sql) => sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`);
  return {
    adminUrl,
    urls: subgraphUrls({ adminUrl }),
    [Symbol.asyncDispose]: () => administer((sql) => sql`drop database ${sql(name)} with (force)`),
  };
}

async function administer(work: (sql: postgres.Sql) => Promise<unknown>) {
  const sql = postgres(urlOf(inject('postgresUrl'), 'postgres'), { max: 1 });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

function urlOf(serverUrl: string, database: string) {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
