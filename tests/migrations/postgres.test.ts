import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRunningPostgres, startPostgres } from '@wenshu/migrations/postgres.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataFolder, type DataFolder } from '../support/data-folder.ts';
import { ask, refusalOf } from '../support/sql.ts';

const start = (dataFolder: string) => startPostgres({ dataFolder, isDurable: false });
const answers = 'select 1 as one';

function within(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

describe('the embedded PostgreSQL', () => {
  /** For tests that need no first start: the first of them makes the server's files. */
  let data: DataFolder;
  beforeAll(async () => {
    data = await createDataFolder();
  });
  afterAll(() => data[Symbol.asyncDispose]());

  it('keeps what was written from one start to the next', async () => {
    const first = await start(data.path);
    await ask(within(first.url, 'postgres'), "create table kept as select '文化' as word");
    await first.stop();
    await using second = await start(data.path);
    expect(await ask(within(second.url, 'postgres'), 'select word from kept')).toEqual([{ word: '文化' }]);
  });

  it('treats Chinese characters as letters, so that fragments of names are found by index', async () => {
    await using server = await start(data.path);
    const url = within(server.url, 'postgres');
    await ask(url, 'create extension pg_trgm');
    expect(await ask(url, "select cardinality(show_trgm('文化园')) > 0 as found")).toEqual([{ found: true }]);
  });

  it('is found by other processes only while it runs, and is gone once stopped', async () => {
    const server = await start(data.path);
    expect(await findRunningPostgres(data.path)).toBe(server.url);
    await server.stop();
    expect(await findRunningPostgres(data.path)).toBeUndefined();
    expect(await refusalOf(server.url, answers)).toContain('ECONNREFUSED');
  });

  it('belongs to one hub at a time', async () => {
    await using server = await start(data.path);
    await expect(start(data.path)).rejects.toThrow(`is in use by another hub (process ${process.pid})`);
    expect(await ask(within(server.url, 'postgres'), answers)).toEqual([{ one: 1 }]);
  });

  it('starts where two hubs make their first start at once, for one of them', async () => {
    await using fresh = await createDataFolder();
    const outcomes = await Promise.allSettled([start(fresh.path), start(fresh.path)]);
    const servers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [String(outcome.reason)] : [],
    );
    expect(servers).toHaveLength(1);
    expect(refusals).toEqual([expect.stringContaining('is in use by another hub')]);
    for (const server of servers) await server.stop();
  });

  it('is not misled by the pid file of a crash whose process id now belongs to a stranger', async () => {
    const first = await start(data.path);
    await first.stop();
    const folder = join(first.folder, 'data');
    await writeFile(
      join(folder, 'postmaster.pid'),
      `${process.pid}\n${folder}\n1\n5432\n\n127.0.0.1\n\nready   \n`,
    );
    await using second = await start(data.path);
    expect(await ask(within(second.url, 'postgres'), answers)).toEqual([{ one: 1 }]);
  });

  it('removes what a first start that was killed left behind', async () => {
    await using fresh = await createDataFolder();
    const draft = join(fresh.path, 'postgres.draft-4194304-cafe');
    await mkdir(join(draft, 'data'), { recursive: true });
    await using _server = await start(fresh.path);
    expect(existsSync(draft)).toBe(false);
  });

  it('leaves files of another major version alone, and says which it is', async () => {
    await using fresh = await createDataFolder();
    const folder = join(fresh.path, 'postgres');
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'data', 'PG_VERSION'), '17\n');
    await expect(start(fresh.path)).rejects.toThrow(
      `${folder} was made by PostgreSQL 17, and this hub brings PostgreSQL 18, which cannot read it.`,
    );
  });
});
