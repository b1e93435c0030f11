import { constants } from 'node:os';
import { databaseNames } from '@wenshu/migrations/database-names.ts';
import { generate, trialCity } from '@wenshu/migrations/generate.ts';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { type Databases, migrate } from '@wenshu/migrations/migrate.ts';
import { findRunningPostgres, PostgresInUse, startPostgres } from '@wenshu/migrations/postgres.ts';
import { isForTrial } from './access.ts';
import type { Config } from './config.ts';
import type { Say } from './say.ts';

export { subgraphUrl } from '@wenshu/migrations/migrate.ts';
export { startPostgres };

/**
 * Runs one task on the databases, in the embedded PostgreSQL if none is configured: that of a running hub, or one that
 * is stopped after the task or at a signal.
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
 * Ends the process at a signal as soon as everything is closed. The returned function reports whether that is in
 * progress: later failures are then caused by the closed database, even uncaught ones (`postgres` writes to a lost
 * connection while it copies).
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
  Boolean(databases.adminUrl) || databaseNames.every((name) => databases.separateUrls?.[name]);

/** Opens the configured databases, and the embedded PostgreSQL for those that are not configured. */
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

/** Finds the configured databases, or the embedded PostgreSQL that another process runs. */
export async function findDatabases(config: Config): Promise<Databases> {
  if (isNamed(config)) return config.databases;
  return { ...config.databases, adminUrl: await findRunningPostgres(config.dataFolder) };
}

/** Migrates the databases, and loads the dataset if there is none. Resolves to the number of loaded rows. */
export async function prepare(databases: Databases, say: Say): Promise<number> {
  const counts = await loadDataset(await migrate(databases, say));
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Prepares the databases of a hub that starts. A trial hub gets a small synthetic city, which test keys see. */
export async function prepareHub(databases: Databases, config: Config, say: Say): Promise<void> {
  const rows = await prepare(databases, say);
  if (rows === 0) return;
  say(`Loaded the dataset: ${rows} rows.`);
  if (!isForTrial(config)) return;
  const synthetic = await generate(databases, trialCity);
  say(`Made a small synthetic city for test keys: ${synthetic} rows.`);
}
