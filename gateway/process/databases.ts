import { constants } from 'node:os';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { type Databases, migrate } from '@wenshu/migrations/migrate.ts';
import { findRunningPostgres, PostgresInUse, startPostgres } from '@wenshu/migrations/postgres.ts';
import { memberNames } from '@wenshu/schema/subgraph-sdl.ts';
import type { Config } from './config.ts';
import type { Say } from './say.ts';

export { subgraphUrl } from '@wenshu/migrations/migrate.ts';
export { startPostgres };

/**
 * Does one piece of work on the databases, in the embedded PostgreSQL if none is named: in that of a hub that runs, or
 * in one that is stopped when the work is done, or broken off by a signal.
 */
export async function withDatabases<T>(config: Config, say: Say, work: (databases: Databases) => Promise<T>) {
  await using opening = new AsyncDisposableStack();
  const databases = await openDatabases(config, opening, say).catch(async (error) => {
    if (!(error instanceof PostgresInUse)) throw error;
    return findDatabases(config);
  });
  const broken = closeAtSignal(opening);
  return await work(databases).catch((error) => broken() ?? Promise.reject(error));
}

/**
 * Ends the process at a signal as soon as all is closed. Tells whether that is under way: from then on what fails does so
 * for want of a database, also where nobody can catch it (`postgres` writes to a connection that went while it copied).
 */
function closeAtSignal(opened: AsyncDisposableStack): () => Promise<never> | undefined {
  let broken: Promise<never> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (broken) return;
      process.on('uncaughtException', () => {});
      broken = opened
        .disposeAsync()
        .catch(() => {})
        .then(() => process.exit(128 + constants.signals[signal]));
    });
  }
  return () => broken;
}

const isNamed = ({ databases }: Config) =>
  Boolean(databases.adminUrl) || memberNames.every((name) => databases.separateUrls?.[name]);

/** The databases that the configuration names, or the embedded PostgreSQL for those that it does not. */
export async function openDatabases(
  config: Config,
  opening: AsyncDisposableStack,
  say: Say,
): Promise<Databases> {
  if (isNamed(config)) return config.databases;
  const postgres = await startPostgres({ dataFolder: config.dataFolder, say });
  opening.use(postgres);
  return { ...config.databases, adminUrl: postgres.url };
}

/** The databases that the configuration names, or the embedded PostgreSQL that another process runs. */
export async function findDatabases(config: Config): Promise<Databases> {
  if (isNamed(config)) return config.databases;
  return { ...config.databases, adminUrl: await findRunningPostgres(config.dataFolder) };
}

/** Brings the databases up to date, and loads the dataset where there is none; resolves to the rows loaded. */
export async function prepare(databases: Databases, say: Say): Promise<number> {
  const counts = await loadDataset(await migrate(databases, say));
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
