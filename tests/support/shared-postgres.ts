import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import type { TestProject } from 'vitest/node';
import { databaseOn, prepareDatabases, templateName } from './database.ts';
import { startThrowAwayPostgres } from './throw-away-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Administrator's address of the server that the whole run shares. */
    postgresUrl: string;
  }
}

/** Once a run: one server, and in it one database, migrated and loaded, to copy from or to read. */
export async function setup({ provide }: TestProject) {
  const server = await startThrowAwayPostgres({ max_connections: '400' });
  await loadDataset(await migrate({ adminUrl: databaseOn(server.url, templateName) }));
  await prepareDatabases(server.url);
  provide('postgresUrl', server.url);
  return server.stop;
}
