import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '@wenshu/migrations/postgres.ts';
import { atExit } from './clean-up.ts';
import { createDataFolder } from './data-folder.ts';

/** A PostgreSQL of the caller's own; it and its files are gone when it is stopped, or when the process ends. */
export async function startThrowAwayPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const data = await createDataFolder();
  const server = await startPostgres({ dataFolder: data.path, isDurable: false, settings });
  const done = atExit(() => {
    killPostgres(server.folder);
    for (const folder of [server.folder, data.path]) rmSync(folder, { recursive: true, force: true });
  });
  const stop = async () => {
    await server.stop();
    await data[Symbol.asyncDispose]();
    done();
  };
  return { ...server, stop, [Symbol.asyncDispose]: stop };
}

/** Kills the server at once, because a process that ends cannot wait. */
function killPostgres(folder: string) {
  const pidFile = join(folder, 'data', 'postmaster.pid');
  if (existsSync(pidFile)) process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGQUIT');
}
