import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRunningPostgres } from '@wenshu/migrations/postgres.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli, runCommandHere } from '../support/cli.ts';
import { createDataFolder, type DataFolder } from '../support/data-folder.ts';
import { createDatabase } from '../support/database.ts';
import { makeToken, paste } from '../support/paste.ts';
import { ask } from '../support/sql.ts';

const graphAddress = /http:\S+\/graphql/;

async function askGraph(address: string, token: string, query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (await fetch(address, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
}

const pidFileOf = (dataFolder: string) => join(dataFolder, 'postgres', 'data', 'postmaster.pid');

/** What the hub of this file leaves behind; a first start takes three times as long as the next ones. */
let data: DataFolder;
beforeAll(async () => {
  data = await createDataFolder();
});
afterAll(() => data[Symbol.asyncDispose]());

it('starts, answers what it says it would, keeps its data to itself through kill -9, and stops with its PostgreSQL on Ctrl-C', async () => {
  const env = { WENSHU_DATA: data.path };
  const counts = '{ parks { totalCount } enterprises { totalCount } }';
  await using first = runCli(['start'], env);
  const address = await first.printed(graphAddress);

  // The command names the data folder itself.
  expect(await paste(await first.printed(/curl .*?-d '.*?'/s), {})).toEqual({
    data: { parks: { totalCount: 43, nodes: Array(3).fill({ nameZh: expect.any(String) }) } },
  });
  expect((await fetch(new URL('/readyz', address))).status).toBe(200);
  expect(await (await fetch(new URL('/graphiql', address))).text()).toContain('文枢');
  expect(await runCommandHere(['start'], env)).toEqual({
    code: 1,
    output: expect.stringMatching(
      new RegExp(
        `^wenshu: \\S+ is in use by another hub \\(process ${first.pid}\\)\\. Stop that one, or give`,
      ),
    ),
  });

  // The key that it is signed with is kept as the data are.
  const token = await makeToken(env);
  const before = await askGraph(address, token, counts);
  expect(before).toHaveProperty('data');
  await first.kill('SIGKILL');

  await using second = runCli(['start'], env);
  expect(await askGraph(await second.printed(graphAddress), token, counts)).toEqual(before);
  const postmaster = Number((await readFile(pidFileOf(data.path), 'utf8')).split('\n')[0]);
  await second.kill('SIGKILL');
  process.kill(postmaster, 'SIGKILL');

  await using third = runCli(['start'], env);
  expect(await askGraph(await third.printed(graphAddress), token, counts)).toEqual(before);
  expect(await third.kill('SIGINT')).toMatchObject({ code: 0 });
  expect(existsSync(pidFileOf(data.path))).toBe(false);
}, 120_000);

it('runs PostgreSQL alone, for subgraphs apart', async () => {
  await using database = runCli(['database'], { WENSHU_DATA: data.path });
  await database.printed(/^PostgreSQL listens on 127\.0\.0\.1:\d+\./m);
  const url = await findRunningPostgres(data.path);
  // The dataset, and the small city that a hub for trial has from its first start.
  expect(
    await ask(`${url}`, 'select synthetic, count(*)::int as count from parks.parks group by 1 order by 1'),
  ).toEqual([
    { synthetic: false, count: 43 },
    { synthetic: true, count: 1 },
  ]);
});

it('uses the server that DATABASE_URL names, and makes none of its own; the next one says that its port is in use', async () => {
  await using other = await createDataFolder();
  await using database = await createDatabase();
  const env = { WENSHU_DATA: other.path, DATABASE_URL: database.adminUrl };
  await using hub = runCli(['start'], env);
  const address = new URL(await hub.printed(graphAddress));
  expect((await fetch(new URL('/readyz', address))).status).toBe(200);
  expect(existsSync(pidFileOf(other.path))).toBe(false);
  expect(await runCommandHere(['start'], { ...env, PORT: address.port })).toEqual({
    code: 1,
    output: expect.stringMatching(
      new RegExp(`^wenshu: Port ${address.port} is in use by another program\\..* PORT`, 'm'),
    ),
  });
  expect(await hub.kill('SIGTERM')).toMatchObject({ code: 0 });
}, 120_000);
