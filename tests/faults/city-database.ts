import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate, type SubgraphUrls } from '@wenshu/migrations/migrate.ts';
import { findPostgresPrograms } from '@wenshu/migrations/postgres-programs.ts';
import postgres from 'postgres';
import { startThrowAwayPostgres } from '../support/throw-away-postgres.ts';

/** A PostgreSQL of the run's own, with the whole dataset. */
export interface CityDatabase extends AsyncDisposable {
  readonly urls: SubgraphUrls;
  /** Takes it down as a crash would, and up again after a while; resolves as soon as it answers. */
  crash(options: { readonly downMs: number }): Promise<void>;
}

export async function startCityDatabase(): Promise<CityDatabase> {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await startThrowAwayPostgres({ synchronous_commit: 'on' }));
  const urls = await migrate({ adminUrl: server.url });
  await loadDataset(urls);
  const { pgCtl } = await findPostgresPrograms();
  const folder = join(server.folder, 'data');
  const log = join(server.folder, 'postgres.log');

  const opened = opening.move();
  return {
    urls,
    async crash({ downMs }) {
      await pgCtl(['stop', '-s', '-w', '-m', 'immediate', '-D', folder]);
      await wait(downMs);
      const start = pgCtl(['start', '-s', '-w', '-D', folder, '-l', log, '-o', await settingsOf(folder)]);
      const answers = untilItAnswers(server.url);
      // pg_ctl looks for itself only ten times a second, so it is asked only whether it failed.
      await Promise.race([answers, start.then(() => answers)]);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What the server was started with; its command line is kept in a file, of which `pg_ctl start` knows nothing. */
async function settingsOf(folder: string): Promise<string> {
  const commandLine = await readFile(join(folder, 'postmaster.opts'), 'utf8');
  return (commandLine.match(/"-c" "[^"]*"/g) ?? []).join(' ');
}

async function untilItAnswers(url: string) {
  for (let tries = 0; tries < 3_000; tries++) {
    const sql = postgres(url, { max: 1, connect_timeout: 1, onnotice: () => {} });
    const answer = await sql`select 1`.catch(() => undefined);
    await sql.end({ timeout: 0 });
    if (answer) return;
    await wait(10);
  }
  throw new Error('PostgreSQL did not come back.');
}
