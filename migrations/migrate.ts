import { fileURLToPath } from 'node:url';
import { failureOf } from '@wenshu/schema/failure.ts';
import { type MemberName, memberNames } from '@wenshu/schema/subgraph-sdl.ts';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { leaveLeastPrivilege } from './least-privilege.ts';
import { roleSql, roleUrl } from './roles.ts';

export type SubgraphUrls = Readonly<Record<MemberName, string>>;

/** Where the subgraphs keep their tables: one database that we administer, databases of their own, or a mixture. */
export interface Databases {
  /** Address of an administrator; each subgraph that is not in `separateUrls` gets a schema and a role there. */
  readonly adminUrl?: string | undefined;
  /** Used as they are: the subgraph logs in, and migrates, as whoever its address names. */
  readonly separateUrls?: Readonly<Partial<Record<MemberName, string | undefined>>>;
}

type Sql = postgres.Sql;

/** In each schema, the list of the migrations that ran. */
const migrationsTable = 'migrations';

/** Held while migrating, so that processes that start at once take turns. */
const migrationLock = 0x77656d; // "wem"

/** The address that a subgraph uses; touches no database. */
export function subgraphUrl({ adminUrl, separateUrls = {} }: Databases, name: MemberName): string {
  const url = separateUrls[name] ?? (adminUrl && roleUrl(adminUrl, name));
  if (url) return url;
  throw new Error(`No database for ${name}: set DATABASE_URL or ${name.toUpperCase()}_DATABASE_URL.`);
}

/** The address of whoever owns a subgraph's tables. */
export function ownerUrl({ adminUrl, separateUrls = {} }: Databases, name: MemberName): string {
  return separateUrls[name] ?? adminUrl ?? subgraphUrl({}, name);
}

export const subgraphUrls = (databases: Databases): SubgraphUrls =>
  Object.fromEntries(memberNames.map((name) => [name, subgraphUrl(databases, name)])) as SubgraphUrls;

/**
 * Brings every subgraph's schema up to date: database, roles and grants where we administer, then the plain SQL in
 * `migrations/NAME`. Can be run again, and by several processes at once. `warn` is told what could not be closed.
 */
export async function migrate(
  databases: Databases,
  warn: (line: string) => void = () => {},
): Promise<SubgraphUrls> {
  const result = subgraphUrls(databases);
  const { adminUrl, separateUrls = {} } = databases;
  const administered = memberNames.filter((name) => !separateUrls[name]);

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
  for (const name of memberNames) {
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
      if (codeOf(error) !== duplicateDatabase) throw error; // Another process was quicker.
    }),
  );
}

async function migrateSchema(sql: Sql, name: MemberName) {
  const migrationsFolder = fileURLToPath(new URL(name, import.meta.url));
  await refuseUnknownMigrations(sql, name, migrationsFolder);
  await sql`create extension if not exists pg_trgm`;
  await applyMigrations(drizzle(sql), { migrationsFolder, migrationsSchema: name, migrationsTable });
}

/** What a newer hub has changed, this one would misread. */
async function refuseUnknownMigrations(sql: Sql, name: MemberName, migrationsFolder: string) {
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

/** Roles belong to the whole server: a hub on another of its databases may be changing the same ones. */
async function ensureRole(sql: Sql, adminUrl: string, name: MemberName, attempts = 5): Promise<void> {
  try {
    await sql.unsafe(roleSql(adminUrl, name));
  } catch (error) {
    if (codeOf(error) !== tupleConcurrentlyUpdated || attempts === 1) throw error;
    await ensureRole(sql, adminUrl, name, attempts - 1);
  }
}

const withLock = (url: string, work: (sql: Sql) => Promise<void>) =>
  withConnection(url, async (sql) => {
    // A role that may take no locks is the only one to migrate its database, or finds out that it is not.
    await sql`select pg_advisory_lock(${migrationLock})`.catch((error) => {
      if (codeOf(error) !== insufficientPrivilege) throw error;
    });
    await work(sql);
  });

/** One connection, on which session locks hold; errors name the database, without its password. */
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

/** Drizzle wraps what the server said into an error that quotes the whole statement. */
const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause ? rootOf(error.cause) : error;

/** A refused connection has a code where others have a message. */
const wordsOf = (error: unknown) => failureOf(error).message;
