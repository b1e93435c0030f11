import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import {
  findPostgresPrograms,
  type PostgresPrograms,
  reachableFolder,
  unicodeCtype,
} from './postgres-programs.ts';

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Administrator's address of the database `wenshu`. It contains the password, so it must not be logged. */
  readonly url: string;
  /** Folder of the server's files. */
  readonly folder: string;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Data folder of the hub; the server's files are in `postgres/` below it. */
  readonly dataFolder: string;
  /** False for throw-away servers: commits are quicker, but a crash of the machine may lose everything. */
  readonly isDurable?: boolean;
  /** Further server settings, such as `{ max_connections: '300' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called with messages on slow or unusual steps. */
  readonly say?: (line: string) => void;
}

/** Time in which a failed launch is repeated: another hub may have been quicker, or the port was taken meanwhile. */
const launchTimeoutMs = 10_000;
/** Timeout for the recovery after a crash. */
const readyTimeoutMs = 60_000;
const adminName = 'postgres';

/** Advisory lock in the database `postgres` that a hub holds while it uses the server. */
const hubLock = 0x77656e; // "wen"

const laptopSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  jit: 'off',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};
const throwAwaySettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // Most of what a connection costs would be to slow down who guesses its password.
  scram_iterations: '1',
};

/** PostgreSQL is not available: another hub uses it. */
export class PostgresInUse extends Error {}

/**
 * Starts the PostgreSQL of a data folder for this process alone; creates it on first use. It takes over a server that a killed hub left
 * running, and throws if a running hub uses the server. The hub that starts or takes over a server also stops it.
 */
export async function startPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { isDurable = true, say = () => {} } = options;
  const programs = await findPostgresPrograms();
  const folder = await findFolder(options.dataFolder, programs, say);
  const settings = { ...laptopSettings, ...(isDurable ? {} : throwAwaySettings), ...options.settings };

  if (!existsSync(folder)) await initialise(folder, programs, isDurable, say);
  await checkMajor(folder, programs);
  const port = await ensureRunning(folder, programs, settings);
  const release = await takeHubLock(await urlOf(folder, port, 'postgres'), folder);
  const url = await urlOf(folder, port, 'wenshu');

  let stopping: Promise<void> | undefined;
  const stop = () => {
    // The lock is released last, so the next holder finds the server stopped, not stopping.
    stopping ??= halt(folder, programs).finally(release);
    return stopping;
  };
  return { url, folder, stop, [Symbol.asyncDispose]: stop };
}

/** Returns the administrator's address of a PostgreSQL that another process runs in this data folder; undefined if there is none. */
export async function findRunningPostgres(dataFolder: string): Promise<string | undefined> {
  const folder = await findFolder(dataFolder, await findPostgresPrograms(), () => {});
  const postmaster = await readPostmaster(folder);
  return postmaster?.status === 'ready' ? urlOf(folder, postmaster.port, 'wenshu') : undefined;
}

async function urlOf(folder: string, port: number, database: string) {
  const password = await readFile(join(folder, 'password'), 'utf8');
  return `postgres://${adminName}:${password}@127.0.0.1:${port}/${database}`;
}

/** Returns `postgres/` of the data folder, in a place that the account running Postgres can reach. */
async function findFolder(dataFolder: string, { account }: PostgresPrograms, say: (line: string) => void) {
  const wanted = join(resolve(dataFolder), 'postgres');
  await mkdir(resolve(dataFolder), { recursive: true, mode: 0o755 });
  const folder = await reachableFolder(wanted, account);
  if (folder !== wanted) {
    say(`${wanted} is out of reach of the account "postgres": the database is kept in ${folder}.`);
  }
  return folder;
}

/** Creates the cluster under a draft name and renames it, so that a killed start leaves nothing incomplete. */
async function initialise(
  folder: string,
  programs: PostgresPrograms,
  isDurable: boolean,
  say: (line: string) => void,
) {
  say(`Making a PostgreSQL ${programs.major} in ${folder} ...`);
  await removeDrafts(folder);
  const draft = `${folder}.draft-${process.pid}-${randomBytes(4).toString('hex')}`;
  const passwordFile = join(draft, 'password');
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (programs.account) {
    for (const path of [draft, passwordFile]) await chown(path, programs.account.uid, programs.account.gid);
  }
  try {
    await programs.initdb([
      ...['--pgdata', join(draft, 'data'), '--username', adminName, '--pwfile', passwordFile],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--lc-ctype=${unicodeCtype}`],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
      ...(isDurable ? [] : ['--no-sync']),
    ]);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (existsSync(folder)) return; // Another hub created it meanwhile.
    throw new Error(`PostgreSQL could not make its files in ${folder}: ${wordsOf(error)}`, { cause: error });
  }
}

/** Deletes what killed starts left behind. */
async function removeDrafts(folder: string) {
  const parent = resolve(folder, '..');
  for (const name of await readdir(parent)) {
    const pid = Number(name.match(/^postgres\.draft-(\d+)-/)?.[1]);
    if (pid && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function checkMajor(folder: string, { major }: PostgresPrograms) {
  const found = await readFile(join(folder, 'data', 'PG_VERSION'), 'utf8').catch((error) => {
    if (error.code !== 'EACCES') return 'of an unknown version';
    throw new Error(
      `${folder} belongs to another account. Start the hub as that one, or name another WENSHU_DATA.`,
    );
  });
  if (found.trim() === major) return;
  throw new Error(
    `${folder} was made by PostgreSQL ${found.trim()}, and this hub brings PostgreSQL ${major}, which cannot read it. ` +
      'Nothing was changed. Start the hub version that made it, or move the folder away to begin with a fresh one ' +
      `(pg_dump and psql of the old version carry over what you added).`,
  );
}

/** Returns the port of the server, which is found running or started. */
async function ensureRunning(folder: string, programs: PostgresPrograms, settings: Record<string, string>) {
  const startedAt = Date.now();
  for (;;) {
    const postmaster = await readPostmaster(folder);
    if (postmaster?.status === 'ready') return postmaster.port;
    const failure = postmaster ? undefined : await launch(folder, programs, settings);
    const waitedMs = Date.now() - startedAt;
    if (failure && waitedMs > launchTimeoutMs) throw failure;
    if (waitedMs > readyTimeoutMs) {
      throw new Error(`PostgreSQL in ${folder} does not become ready; see ${logOf(folder)}.`);
    }
    // The server is starting or stopping, or processes of a killed one still end: this takes a moment.
    await wait(50);
  }
}

async function launch(folder: string, programs: PostgresPrograms, settings: Record<string, string>) {
  const port = await findFreePort();
  const flags = Object.entries({ ...settings, port: String(port) }).map(
    ([name, value]) => `-c ${name}=${value}`,
  );
  const data = ['-D', join(folder, 'data')];
  try {
    await programs.pgCtl(['start', '-w', '-s', ...data, '-l', logOf(folder), '-o', flags.join(' ')]);
    return undefined;
  } catch {
    return new Error(`PostgreSQL does not start: ${await lastComplaint(folder)} (see ${logOf(folder)}).`);
  }
}

async function halt(folder: string, { pgCtl }: PostgresPrograms) {
  const stop = (mode: string) =>
    pgCtl(['stop', '-s', '-w', '-t', '30', '-m', mode, '-D', join(folder, 'data')]);
  if (await readPostmaster(folder)) await stop('fast').catch(() => stop('immediate'));
}

/** Takes the hub's lock and returns its release. The lock lasts as long as the connection, so a killed hub leaves no lock behind. */
async function takeHubLock(url: string, folder: string): Promise<() => Promise<void>> {
  const sql = postgres(url, {
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: `wenshu ${process.pid}` },
  });
  const [lock] = await sql<{ isOurs: boolean }[]>`select pg_try_advisory_lock(${hubLock}) as "isOurs"`;
  if (lock?.isOurs) {
    await closeOtherDatabases(sql);
    return () => sql.end({ timeout: 0 });
  }
  const [holder] = await sql<{ name: string }[]>`
    select application_name as name from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and objid = ${hubLock} and granted`;
  await sql.end();
  const pid = holder?.name.match(/\d+/)?.[0];
  throw new PostgresInUse(
    `${folder} is in use by another hub${pid ? ` (process ${pid})` : ''}. ` +
      'Stop that one, or give this one a data folder of its own: WENSHU_DATA=.data-2.',
  );
}

/** Revokes connections to databases that the hub does not use: its roles need none, and could hold the hub's lock there. */
async function closeOtherDatabases(sql: postgres.Sql): Promise<void> {
  const [isOpen] = await sql`select 1 where has_database_privilege('public', 'postgres', 'CONNECT')`;
  if (isOpen) await sql`revoke all on database postgres, template1 from public`;
}

const logOf = (folder: string) => join(folder, 'postgres.log');

async function lastComplaint(folder: string) {
  const log = await readFile(logOf(folder), 'utf8').catch(() => '');
  return (
    log
      .match(/(?:FATAL|PANIC|ERROR): .*/g)
      ?.at(-1)
      ?.replace(/^\w+: +/, '') ?? 'it does not say why'
  );
}

/**
 * Returns the running server of this folder. postmaster.pid survives a crash, and its process id may belong to another process since;
 * Postgres would take that process for its own server, so the file is then removed.
 */
async function readPostmaster(folder: string) {
  const pidFile = join(folder, 'data', 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  const [pid, dataFolder] = [Number(lines[0]), lines[1]];
  if (!pid || !dataFolder || !isAlive(pid)) return undefined;
  if ((await commandOf(pid)).includes(dataFolder))
    return { port: Number(lines[3]), status: lines[7]?.trim() };
  await rm(pidFile, { force: true });
  return undefined;
}

/** Returns the command line of a process. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return (
    await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({ stdout: '' }))
  ).stdout;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (!address || typeof address === 'string') throw new Error('No free port on 127.0.0.1.');
  return address.port;
}

/** Returns the output of a failed program, without the command line that Node puts before it. */
const wordsOf = (error: unknown) =>
  error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
