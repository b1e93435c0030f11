import { fileURLToPath } from 'node:url';
import { failureOf } from '@wenshu/schema/failure.ts';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { type DatabaseName, databaseNames } from './database-names.ts';
import { leaveLeastPrivilege } from './least-privilege.ts';
import { roleSql, roleUrl } from './roles.ts';

export type SubgraphUrls = Readonly<Record<DatabaseName, string>>;

/** Databases of the members: one database that we administer, separate databases, or a mixture. */
export interface Databases {
  /** Address of an administrator. Each member that is not in `separateUrls` gets a schema and a role there. */
  readonly adminUrl?: string | undefined;
  /** Addresses of separate databases, used as they are: the member logs in and migrates as the role in the address. */
  readonly separateUrls?: Readonly<Partial<Record<DatabaseName, string | undefined>>>;
}

type Sql = postgres.Sql;

/** Table of applied migrations in each schema. */
const migrationsTable = 'migrations';

/** Advisory lock held while migrating, so that processes that start at once take turns. */
const migrationLock = 0x77656d; // "wem"

/** Returns the address that a member uses; opens no connection. */
export function subgraphUrl({ adminUrl, separateUrls = {} }: Databases, name: DatabaseName): string {
  const url = separateUrls[name] ?? (adminUrl && roleUrl(adminUrl, name));
  if (url) return url;
  throw new Error(`No database for ${name}: set DATABASE_URL or ${name.toUpperCase()}_DATABASE_URL.`);
}

/** Returns the address of the owner of a member's tables. */
export function ownerUrl({ adminUrl, separateUrls = {} }: Databases, name: DatabaseName): string {
  return separateUrls[name] ?? adminUrl ?? subgraphUrl({}, name);
}

export const subgraphUrls = (databases: Databases): SubgraphUrls =>
  Object.fromEntries(databaseNames.map((name) => [name, subgraphUrl(databases, name)])) as SubgraphUrls;

/**
 * Migrates every member's schema: database, roles and grants if we administer it, then the plain SQL in `migrations/NAME`. It can run
 * again, and in several processes at once. Calls `warn` with the grants that could not be revoked.
 */
export async function migrate(
  databases: Databases,
  warn: (line: string) => void = () => {},
): Promise<SubgraphUrls> {
  const result = subgraphUrls(databases);
  const { adminUrl, separateUrls = {} } = databases;
  const administered = databaseNames.filter((name) => !separateUrls[name]);

  if (adminUrl && administered.length > 0) {
    await ensureDatabase(adminUrl);
    await withLock(adminUrl, async (sql) => {
      for (const name of administered) {
        await migrateSchema(sql, name);
        await ensureRole(sql, adminUrl, name);
      }
      await leaveLeastPrivilege(sql, administered, warn);
    });
  }
  for (const name of databaseNames) {
    const url = separateUrls[name];
    if (url) await withLock(url, (sql) => migrateSchema(sql, name));
  }
  return result;
}

async function ensureDatabase(adminUrl: string) {
  const exists = await withConnection(adminUrl, (sql) => sql`select 1`).then(
    () => true,
    (error) => {
      if (codeOf(error) === invalidCatalogName) return false;
      throw error;
    },
  );
  if (exists) return;
  const server = new URL(adminUrl);
  const name = decodeURIComponent(server.pathname.slice(1));
  server.pathname = '/postgres';
  await withConnection(server.href, (sql) =>
    sql`create database ${sql(name)} template template0 encoding 'UTF8'`.catch((error) => {
      if (codeOf(error) !== duplicateDatabase) throw error; // Another process created it first.
    }),
  );
}

async function migrateSchema(sql: Sql, name: DatabaseName) {
  const migrationsFolder = fileURLToPath(new URL(name, import.meta.url));
  await refuseUnknownMigrations(sql, name, migrationsFolder);
  await sql`create extension if not exists pg_trgm`;
  await applyMigrations(drizzle(sql), { migrationsFolder, migrationsSchema: name, migrationsTable });
}

/** Refuses a schema with unknown migrations: this hub would misread the changes of a newer one. */
async function refuseUnknownMigrations(sql: Sql, name: DatabaseName, migrationsFolder: string) {
  const [table] = await sql`select to_regclass(${`${name}.${migrationsTable}`}) as found`;
  if (!table?.found) return;
  const known = new Set(readMigrationFiles({ migrationsFolder }).map(({ hash }) => hash));
  const applied = await sql<{ hash: string }[]>`select hash from ${sql(name)}.${sql(migrationsTable)}`;
  if (applied.every(({ hash }) => known.has(hash))) return;
  throw new Error(
    `The schema "${name}" was migrated by another version of the hub, in ways that this one does not know. ` +
      'Nothing was changed. Start that version, or begin with a fresh database (WENSHU_DATA or DATABASE_URL).',
  );
}

/**
 * Creates or updates the role. Roles belong to the whole server, so a hub on another database may change the same ones at once; then it is
 * tried again.
 */
async function ensureRole(sql: Sql, adminUrl: string, name: DatabaseName, attempts = 5): Promise<void> {
  try {
    await sql.unsafe(roleSql(adminUrl, name));
  } catch (error) {
    if (codeOf(error) !== tupleConcurrentlyUpdated || attempts === 1) throw error;
    await ensureRole(sql, adminUrl, name, attempts - 1);
  }
}

const withLock = (url: string, work: (sql: Sql) => Promise<void>) =>
  withConnection(url, async (sql) => {
    // A role without permission for locks is the only one that migrates its database, or fails.
    await sql`select pg_advisory_lock(${migrationLock})`.catch((error) => {
      if (codeOf(error) !== insufficientPrivilege) throw error;
    });
    await work(sql);
  });

/** Runs work on one connection, so that session locks hold. Errors name the database, without its password. */
async function withConnection<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    const { host, pathname } = new URL(url);
    const cause = rootOf(error);
    throw new Error(`The database ${host}${pathname} says: ${wordsOf(cause)}.`, { cause });
  } finally {
    await sql.end();
  }
}

const invalidCatalogName = '3D000';
const duplicateDatabase = '42P04';
const insufficientPrivilege = '42501';
const tupleConcurrentlyUpdated = 'XX000';

const codeOf = (error: unknown): unknown => {
  const root = rootOf(error);
  return root instanceof Error && 'code' in root ? root.code : undefined;
};

/** Returns the server's error: drizzle wraps it in an error that quotes the whole statement. */
const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause ? rootOf(error.cause) : error;

/** Returns the message of an error; a refused connection has a code instead. */
const wordsOf = (error: unknown) => failureOf(error).message;
