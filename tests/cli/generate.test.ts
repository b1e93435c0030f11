import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findRunningPostgres } from '@wenshu/migrations/postgres.ts';
import { expect, it } from 'vitest';
import { runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { poll } from '../support/poll.ts';
import { ask } from '../support/sql.ts';

const run = (databaseUrl: string, ...args: readonly string[]) =>
  runCommandHere(['generate', ...args], { DATABASE_URL: databaseUrl });

const enterprises = 'select count(*)::int as count from enterprises.enterprises where synthetic';

/** Resolves once rows of the city have arrived, in a transaction that is still open. */
const untilCopying = (databaseUrl: string) =>
  poll(async () => {
    const [copying] = await ask(
      databaseUrl,
      'select 1 from pg_stat_progress_copy where datname = current_database() and tuples_processed > 0',
    );
    return copying;
  });

it('makes a synthetic city, and says when it is there already', async () => {
  await using database = await createDatabase();
  expect(await run(database.adminUrl, '--enterprises', '500', '--seed', '7')).toEqual({
    code: 0,
    output: expect.stringMatching(
      /^(\d+ %.* rows.*\n)*Made \d+ synthetic rows in \d+ s\.\nQueries find it with .*TRIAL=1\.$/,
    ),
  });
  expect(await ask(database.adminUrl, enterprises)).toEqual([{ count: 500 }]);
  expect(await run(database.adminUrl, '--enterprises', '500', '--seed', '7')).toEqual({
    code: 0,
    output: expect.stringMatching(
      /^The synthetic city is there already\.\nQueries find it with .*TRIAL=1\.$/,
    ),
  });
  expect(await run(database.adminUrl, '--enterprises', '600')).toEqual({
    code: 1,
    output: expect.stringMatching(
      /^wenshu: The subgraph .* "wenshu generate --enterprises 500 --seed 7".*--replace/,
    ),
  });
});

it('leaves nothing half made when it is killed', async () => {
  await using database = await createDatabase();
  const indexes = `select indexdef from pg_indexes where schemaname = 'enterprises' order by 1`;
  const before = await ask(database.adminUrl, indexes);
  await using cli = runCli(['generate', '--enterprises', '20000'], { DATABASE_URL: database.adminUrl });
  await untilCopying(database.adminUrl);
  await cli.kill('SIGKILL');
  // The server has noticed when nobody else is connected.
  await poll(async () => {
    const [others] = await ask(
      database.adminUrl,
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
       and backend_type = 'client backend'`,
    );
    return others?.count === 0 || undefined;
  });
  expect(await ask(database.adminUrl, enterprises)).toEqual([{ count: 0 }]);
  expect(await ask(database.adminUrl, indexes)).toEqual(before);
});

it('leaves no server behind when it is broken off, and stops one that was left', async () => {
  await using data = await createDataFolder();
  const isServed = () => existsSync(join(data.path, 'postgres/data/postmaster.pid'));
  const start = (...args: readonly string[]) =>
    runCli(['generate', '--enterprises', ...args], { WENSHU_DATA: data.path });
  {
    await using cli = start('20000');
    await cli.printed(/ rows, /);
    expect(await cli.kill('SIGINT')).toEqual({ code: 130, output: expect.not.stringContaining('wenshu: ') });
    expect(isServed()).toBe(false);
  }
  {
    await using cli = start('20000');
    await untilCopying((await poll(() => findRunningPostgres(data.path))) ?? '');
    await cli.kill('SIGKILL');
    expect(isServed()).toBe(true);
  }
  // The copy may have ended before the kill did.
  await using cli = start('300', '--replace');
  expect(await cli.ended).toEqual({
    code: 0,
    output: expect.stringMatching(/Made \d{4} synthetic rows in \d+ s\.\n/),
  });
  expect(isServed()).toBe(false);
}, 120_000);

it.each([
  [['--enterprises', 'many'], 'must be a whole number from 1 to 100000000'],
  [['--enterprises', '0'], 'must be a whole number from 1 to 100000000'],
  [['--enterprises', '10', '--seed', '-1'], 'must be a whole number from 0 to 4294967295'],
  [[], "required option '--enterprises <number>' not specified"],
])('refuses %j', async (args, reason) => {
  expect(await runCommandHere(['generate', ...args])).toEqual({
    code: 2,
    output: expect.stringContaining(reason),
  });
});
